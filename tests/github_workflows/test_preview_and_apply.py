"""The two workflows that can read the stack's secrets."""

import re
from typing import Any

import pytest

from commands.previews.comment import MARKER
from stacks.preflight.token import APP_PERMISSIONS
from tests.github_workflows.workflow_files import DIRECTORY, PROJECT, load, step

PREVIEW = load(DIRECTORY / "preview.yml")
APPLY = load(DIRECTORY / "apply.yml")
PREVIEW_JOB = PREVIEW["jobs"]["preview"]
COMMENT_JOB = PREVIEW["jobs"]["comment"]
APPLY_JOB = APPLY["jobs"]["apply"]
GUIDE = PROJECT / "docs" / "operating-by-pull-request.md"
CREDENTIAL = re.compile(r"\b(?:secrets|vars)\.(\w+)")


def app_permissions(job: dict[str, Any]) -> dict[str, str]:
    inputs = step(job, "Get a token")["with"]
    return {
        key.removeprefix("permission-"): value
        for key, value in inputs.items()
        if key.startswith("permission-")
    }


def test_only_pull_requests_of_this_repository_are_previewed() -> None:
    assert set(PREVIEW["on"]) == {"pull_request"}
    assert "github.event.pull_request.head.repo.full_name == github.repository" in PREVIEW_JOB["if"]
    assert "github.event.pull_request.user.login != 'dependabot[bot]'" in PREVIEW_JOB["if"]
    assert "||" not in PREVIEW_JOB["if"]


def test_a_preview_waits_in_its_environment() -> None:
    assert PREVIEW_JOB["environment"] == {"name": "preview"}
    assert PREVIEW["concurrency"]["cancel-in-progress"] == "true"
    assert "github.event.pull_request.number" in PREVIEW["concurrency"]["group"]


def test_one_apply_runs_at_a_time_and_is_never_canceled() -> None:
    assert APPLY_JOB["environment"] == {"name": "apply"}
    assert APPLY["concurrency"] == {"group": "apply", "cancel-in-progress": "false"}
    assert APPLY["on"] == {"push": {"branches": ["main"]}}


def test_rerunning_an_old_apply_uses_the_newest_commit() -> None:
    assert step(APPLY_JOB, "Check out")["with"]["ref"] == "${{ github.ref }}"


@pytest.mark.parametrize("job", [PREVIEW_JOB, APPLY_JOB], ids=["preview", "apply"])
def test_nothing_runs_before_the_state_has_an_address(job: dict[str, Any]) -> None:
    assert job["if"].startswith("vars.PULUMI_BACKEND_URL != ''")


@pytest.mark.parametrize("job", [PREVIEW_JOB, APPLY_JOB], ids=["preview", "apply"])
def test_the_provider_never_gets_the_workflows_own_token(job: dict[str, Any]) -> None:
    environment = job["steps"][-1 if job is APPLY_JOB else -2]["env"]

    assert environment["GITHUB_TOKEN"] == "${{ steps.app.outputs.token || secrets.RELEASES_TOKEN }}"
    assert "github.token" not in str(job)
    assert "secrets.GITHUB_TOKEN" not in str(job)


def test_the_app_token_has_the_permissions_that_up_needs() -> None:
    required = {name: level for name, (level, _) in APP_PERMISSIONS.items()}

    assert required.items() <= app_permissions(APPLY_JOB).items()
    assert set(app_permissions(PREVIEW_JOB).values()) == {"read"}


def test_the_comment_job_may_only_write_pull_requests() -> None:
    assert COMMENT_JOB["permissions"] == {"pull-requests": "write"}
    assert "environment" not in COMMENT_JOB
    assert [step.get("uses", "").partition("@")[0] for step in COMMENT_JOB["steps"]] == [
        "actions/download-artifact",
        "",
    ]


def test_the_workflow_and_the_command_share_the_marker() -> None:
    assert step(COMMENT_JOB, "Write the comment")["env"]["MARKER"] == MARKER


@pytest.mark.parametrize("name", sorted(set(CREDENTIAL.findall(str(PREVIEW) + str(APPLY)))))
def test_the_guide_explains_each_secret_and_variable(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("job", [PREVIEW_JOB, APPLY_JOB], ids=["preview", "apply"])
def test_no_test_package_is_installed_beside_the_credentials(job: dict[str, Any]) -> None:
    assert step(job, "Install")["run"] == "scripts/install --no-dev"
