"""What holds for the two workflows that reach the stack's secrets."""

import re
from typing import Any

import pytest

from commands.preview_comment import MARKER
from stacks.preflight.token import APP_PERMISSIONS
from tests.github_workflows.workflow_files import DIRECTORY, PROJECT, load, step

PREVIEW = load(DIRECTORY / "preview.yml")
APPLY = load(DIRECTORY / "apply.yml")
PREVIEWING, COMMENTING, APPLYING = (
    PREVIEW["jobs"]["preview"],
    PREVIEW["jobs"]["comment"],
    APPLY["jobs"]["apply"],
)
GUIDE = PROJECT / "docs" / "operating-by-pull-request.md"
NAMED = re.compile(r"\b(?:secrets|vars)\.(\w+)")


def app_permissions(job: dict[str, Any]) -> dict[str, str]:
    inputs = step(job, "Get a token")["with"]
    return {
        key.removeprefix("permission-"): value
        for key, value in inputs.items()
        if key.startswith("permission-")
    }


def test_only_pull_requests_of_this_repository_are_previewed() -> None:
    assert set(PREVIEW["on"]) == {"pull_request"}
    assert "github.event.pull_request.head.repo.full_name == github.repository" in PREVIEWING["if"]
    assert "github.event.pull_request.user.login != 'dependabot[bot]'" in PREVIEWING["if"]
    assert "||" not in PREVIEWING["if"]


def test_a_preview_waits_in_its_environment_and_an_older_one_is_dropped() -> None:
    assert PREVIEWING["environment"] == {"name": "preview"}
    assert PREVIEW["concurrency"]["cancel-in-progress"] == "true"
    assert "github.event.pull_request.number" in PREVIEW["concurrency"]["group"]


def test_the_stack_is_applied_in_its_environment_one_run_at_a_time_never_cancelled() -> None:
    assert APPLYING["environment"] == {"name": "apply"}
    assert APPLY["concurrency"] == {"group": "apply", "cancel-in-progress": "false"}
    assert APPLY["on"] == {"push": {"branches": ["main"]}}


def test_repeating_an_old_run_applies_the_newest_commit() -> None:
    assert step(APPLYING, "Check out")["with"]["ref"] == "${{ github.ref }}"


@pytest.mark.parametrize("job", [PREVIEWING, APPLYING], ids=["preview", "apply"])
def test_nothing_runs_before_there_is_a_place_for_the_state(job: dict[str, Any]) -> None:
    assert job["if"].startswith("vars.PULUMI_BACKEND_URL != ''")


@pytest.mark.parametrize("job", [PREVIEWING, APPLYING], ids=["preview", "apply"])
def test_the_providers_token_is_never_the_workflows_own(job: dict[str, Any]) -> None:
    environment = job["steps"][-1 if job is APPLYING else -2]["env"]

    assert environment["GITHUB_TOKEN"] == "${{ steps.app.outputs.token || secrets.RELEASES_TOKEN }}"
    assert "github.token" not in str(job)
    assert "secrets.GITHUB_TOKEN" not in str(job)


def test_an_app_gets_what_up_asks_of_it_and_a_preview_may_only_read() -> None:
    wanted = {name: level for name, (level, _) in APP_PERMISSIONS.items()}

    assert wanted.items() <= app_permissions(APPLYING).items()
    assert set(app_permissions(PREVIEWING).values()) == {"read"}


def test_the_comment_is_the_one_right_of_its_job() -> None:
    assert COMMENTING["permissions"] == {"pull-requests": "write"}
    assert "environment" not in COMMENTING
    assert [step.get("uses", "").partition("@")[0] for step in COMMENTING["steps"]] == [
        "actions/download-artifact",
        "",
    ]


def test_both_sides_agree_on_the_comments_first_line() -> None:
    assert step(COMMENTING, "Write the comment")["env"]["MARKER"] == MARKER


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(str(PREVIEW) + str(APPLY)))))
def test_the_guide_explains_each_secret_and_variable(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.read_text(encoding="utf-8")
