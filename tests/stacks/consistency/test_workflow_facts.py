"""What a workflow does, parsed from its text."""

import pytest

from stacks.consistency.workflow_facts import EVERY_SECRET, JobFacts, WorkflowFacts, read_facts
from tests.stacks.consistency.texts import VALID_WORKFLOW, workflow_with


def read(text: str) -> WorkflowFacts:
    workflow = read_facts(text)
    assert workflow is not None
    return workflow


def last_job(text: str) -> JobFacts:
    return read(text).jobs[-1]


def test_a_whole_workflow() -> None:
    assert read(VALID_WORKFLOW) == WorkflowFacts(
        events=frozenset({"push"}),
        filters=frozenset({"tags"}),
        tags=("v*",),
        jobs=(
            JobFacts("build", None, frozenset(), identity=False),
            JobFacts("publish", "deploy", frozenset({"PYPI_TOKEN"}), identity=False),
        ),
    )


@pytest.mark.parametrize(
    ("trigger", "events", "filters"),
    [
        ("on: push", {"push"}, set()),
        ("on: [push, workflow_dispatch]", {"push", "workflow_dispatch"}, set()),
        ("on:\n  push:", {"push"}, set()),
        (
            "on:\n  push: {tags: ['v*'], branches: [main]}\n  workflow_dispatch:",
            {"push", "workflow_dispatch"},
            {"tags", "branches"},
        ),
        ("name: nothing", set(), set()),
    ],
)
def test_every_form_of_a_trigger(trigger: str, events: set[str], filters: set[str]) -> None:
    workflow = read(f"{trigger}\njobs: {{}}\n")

    assert workflow.events == events
    assert workflow.filters == filters


@pytest.mark.parametrize(("tags", "patterns"), [("v*", ("v*",)), ("[v*, '!v0*']", ("v*", "!v0*"))])
def test_one_tag_pattern_or_several(tags: str, patterns: tuple[str, ...]) -> None:
    assert read(f"on: {{push: {{tags: {tags}}}}}").tags == patterns


@pytest.mark.parametrize(
    ("replacement", "environment"),
    [
        ("environment: deploy", "deploy"),
        ("environment: {name: deploy, url: x}", "deploy"),
        ("environment:", None),
        ("if: x", None),
    ],
)
def test_every_form_of_an_environment(replacement: str, environment: str | None) -> None:
    assert (
        last_job(workflow_with("environment:\n      name: deploy", replacement)).environment
        == environment
    )


@pytest.mark.parametrize(
    ("expression", "secrets"),
    [
        ("${{ secrets.PYPI_TOKEN }}", {"PYPI_TOKEN"}),
        ("${{secrets.pypi_token}}", {"PYPI_TOKEN"}),
        ("${{ secrets['PYPI_TOKEN'] }}", {"PYPI_TOKEN"}),
        ("x${{ secrets.A || secrets.B }}y${{ secrets.C }}", {"A", "B", "C"}),
        ("${{ toJSON(secrets) }}", {EVERY_SECRET}),
        ("${{ secrets[matrix.name] }}", {EVERY_SECRET}),
        ("${{ secrets.GITHUB_TOKEN }}", set()),
        ("${{ github.token }}", set()),
        ("secrets.PYPI_TOKEN", set()),
    ],
)
def test_every_form_of_a_secret_reference(expression: str, secrets: set[str]) -> None:
    assert (
        last_job(workflow_with("${{ secrets.PYPI_TOKEN }}", f'"{expression}"')).secrets == secrets
    )


def test_a_job_reads_the_secrets_of_the_workflow() -> None:
    jobs = read(f"env: {{A: '${{{{ secrets.A }}}}'}}\n{VALID_WORKFLOW}").jobs

    assert [job.secrets for job in jobs] == [{"A"}, {"A", "PYPI_TOKEN"}]


def test_a_called_workflow_that_inherits_secrets() -> None:
    assert last_job(
        "on: push\njobs:\n  all:\n    uses: ./x.yml\n    secrets: inherit\n"
    ).secrets == {EVERY_SECRET}


@pytest.mark.parametrize(
    ("permissions", "identity"),
    [("id-token: write # signs", True), ("contents: write", False), ("id-token: none", False)],
)
def test_a_job_with_permission_for_an_identity_token(permissions: str, identity: bool) -> None:
    assert read(workflow_with("contents: read", permissions)).jobs[0].identity is identity


@pytest.mark.parametrize("permissions", ["write-all", "{id-token: write}"])
def test_a_job_inherits_the_permissions_of_the_workflow(
    permissions: str,
) -> None:
    jobs = read(workflow_with("permissions: {}", f"permissions: {permissions}")).jobs

    assert [job.identity for job in jobs] == [False, True]


@pytest.mark.parametrize("text", ["", "just a text", "- a\n- list\n", "a: [", "a: *nowhere\n"])
def test_a_text_that_is_not_a_workflow(text: str) -> None:
    assert read_facts(text) is None
