"""A bad configuration ends the run before anything is planned, with every problem at once."""

from datetime import date
from typing import Any

import pytest

from tests.integration.rehearsed_stack import RehearsedStack


def refused_preview(stack: RehearsedStack) -> str:
    """Return the output of a preview that fails without a traceback, a plan or a request."""
    stack.configure()
    with stack.requests() as requests:
        finished = stack.preview(check=False)
    assert finished.code != 0, finished.output
    assert "Traceback" not in finished.output
    assert "github:index" not in finished.output
    assert requests == []
    return finished.output


def test_every_problem_of_a_file_at_once(declared: RehearsedStack) -> None:
    declared.configuration["maintainers"] = {
        "members": ["maintainer-1", "Maintainer-1", "not a login"]
    }
    declared.configuration["defaults"] = {
        "release-tags": "v**",
        "aprovals": 2,
        "wait-minutes": "soon",
    }
    declared.configuration["secrets"]["unknown"] = {"PYPI_TOKEN": "plain-text-token"}
    declared.repositories["-/-"] = None

    output = refused_preview(declared)

    for place in (
        "maintainers.members[2]",
        "defaults.release-tags",
        "defaults.aprovals",
        "defaults.wait-minutes",
        "secrets.unknown.PYPI_TOKEN",
        'repositories["-/-"]',
    ):
        assert place in output, place
    assert output.count("allowed:") >= 6
    assert output.count("remedy:") == output.count("allowed:")
    assert "nothing was changed" in output
    assert "plain-text-token" not in output


def test_every_broken_rule_of_a_file_at_once(declared: RehearsedStack) -> None:
    declared.configuration["maintainers"] = {"members": ["maintainer-1", "Maintainer-1"]}
    declared.configuration["operations"] = {"members": []}
    declared.configuration["secrets"]["unknown"] = {"PYPI_TOKEN": "plain-text-token"}
    declared.repositories["httpx"] = {
        "reviewers": {"users": [f"operator-{number}" for number in range(6)]}
    }

    output = refused_preview(declared)

    for place in (
        "maintainers.members[1] is 'Maintainer-1'",
        "operations is an empty team",
        "secrets.unknown\n",
        "secrets.unknown.PYPI_TOKEN",
        "repositories.httpx.reviewers is 7 reviewers",
    ):
        assert place in output, place
    assert "plain-text-token" not in output


def test_up_reports_the_same_problems(applied: RehearsedStack) -> None:
    before = applied.state()
    applied.configuration["defaults"] = {"release-tags": "v?"}
    applied.configure()

    refused = applied.up(check=False)

    assert "defaults.release-tags is 'v?'" in refused.output
    assert "Traceback" not in refused.output
    assert applied.state() == before


def test_a_configuration_close_to_the_engines_limit(declared: RehearsedStack) -> None:
    repositories = [f"package-{number}" for number in range(110)]
    declared.repositories.update(dict.fromkeys(repositories))
    declared.configure()
    declared.sandbox.set_secrets({f"{name}.PYPI_TOKEN": "x" * 1000 for name in repositories})

    output = refused_preview(declared)

    assert "KiB of configuration" in output
    assert "move some of the repositories to a second stack" in output


@pytest.mark.parametrize("value", ["a text", ["a", "list"]])
def test_a_refusal_of_the_engine_has_no_traceback(declared: RehearsedStack, value: Any) -> None:
    declared.configuration["repositories"] = value

    output = refused_preview(declared)

    assert "repositories" in output


def test_an_environment_that_names_another_owner(declared: RehearsedStack) -> None:
    finished = declared.sandbox.pulumi(
        "preview", check=False, environment={"GITHUB_OWNER": "somebody-else"}
    )

    assert finished.code != 0
    assert "unset GITHUB_OWNER" in finished.output


def test_a_date_is_read_as_the_engine_passes_it_on(declared: RehearsedStack) -> None:
    accepted = {"reason": "Maintains the mirror", "until": date(2099, 6, 30)}
    declared.configuration["accept"] = {"admin/httpx": accepted}
    declared.configure()
    assert "until: 2099-06-30\n" in declared.sandbox.stack_file.read_text(encoding="utf-8")

    declared.preview()
    # The command also writes the date back in the engine's form.
    declared.sandbox.pulumi(
        "config", "set", "--path", 'accept["admin/databases"].reason', "Maintains it"
    )
    incomplete = declared.preview(check=False)

    remedy = "pulumi config set --path 'accept[\"admin/databases\"].until' YYYY-MM-DD"
    assert remedy in incomplete.output
    assert incomplete.output.count("remedy:") == 1
    declared.sandbox.pulumi(
        "config", "set", "--path", 'accept["admin/databases"].until', "2099-06-30"
    )
    declared.preview()
