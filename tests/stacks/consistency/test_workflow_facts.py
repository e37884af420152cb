"""What a workflow does, read back from its text."""

import pytest

from stacks.consistency.workflow_facts import EVERY_SECRET, Facts, JobFacts, facts
from tests.stacks.consistency.texts import FITTING, planted


def read(text: str) -> Facts:
    found = facts(text)
    assert found is not None
    return found


def last_job(text: str) -> JobFacts:
    return read(text).jobs[-1]


def test_a_whole_workflow() -> None:
    assert read(FITTING) == Facts(
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
def test_every_way_to_write_what_starts_it(
    trigger: str, events: set[str], filters: set[str]
) -> None:
    found = read(f"{trigger}\njobs: {{}}\n")

    assert found.events == events
    assert found.filters == filters


@pytest.mark.parametrize(("tags", "patterns"), [("v*", ("v*",)), ("[v*, '!v0*']", ("v*", "!v0*"))])
def test_one_pattern_or_several(tags: str, patterns: tuple[str, ...]) -> None:
    assert read(f"on: {{push: {{tags: {tags}}}}}").tags == patterns


@pytest.mark.parametrize(
    ("written", "environment"),
    [
        ("environment: deploy", "deploy"),
        ("environment: {name: deploy, url: x}", "deploy"),
        ("environment:", None),
        ("if: x", None),
    ],
)
def test_every_way_to_name_an_environment(written: str, environment: str | None) -> None:
    assert last_job(planted("environment:\n      name: deploy", written)).environment == environment


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
def test_every_way_to_read_a_secret(expression: str, secrets: set[str]) -> None:
    assert last_job(planted("${{ secrets.PYPI_TOKEN }}", f'"{expression}"')).secrets == secrets


def test_what_the_whole_workflow_reads_every_job_reads() -> None:
    jobs = read(f"env: {{A: '${{{{ secrets.A }}}}'}}\n{FITTING}").jobs

    assert [job.secrets for job in jobs] == [{"A"}, {"A", "PYPI_TOKEN"}]


def test_a_called_workflow_that_inherits_gets_every_secret() -> None:
    assert last_job(
        "on: push\njobs:\n  all:\n    uses: ./x.yml\n    secrets: inherit\n"
    ).secrets == {EVERY_SECRET}


@pytest.mark.parametrize(
    ("permissions", "identity"),
    [("id-token: write # signs", True), ("contents: write", False), ("id-token: none", False)],
)
def test_whether_a_job_may_ask_for_an_identity_token(permissions: str, identity: bool) -> None:
    assert read(planted("contents: read", permissions)).jobs[0].identity is identity


@pytest.mark.parametrize("permissions", ["write-all", "{id-token: write}"])
def test_what_the_whole_workflow_may_do_its_jobs_may_do_unless_they_say_otherwise(
    permissions: str,
) -> None:
    jobs = read(planted("permissions: {}", f"permissions: {permissions}")).jobs

    assert [job.identity for job in jobs] == [False, True]


@pytest.mark.parametrize("text", ["", "just a text", "- a\n- list\n", "a: [", "a: *nowhere\n"])
def test_what_is_no_workflow(text: str) -> None:
    assert facts(text) is None
