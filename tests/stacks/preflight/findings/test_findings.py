"""Findings are grouped, accepted until a date, and every id of `accept` is accounted for."""

from dataclasses import replace
from datetime import date

import pytest

from stacks.preflight import FINDING_RULES, Situation
from stacks.preflight.findings import Finding, SortedFindings, sort_findings
from stacks.settings.resolved import Acceptance
from tests.stacks.preflight.situations import TODAY, UNTIL

KINDS = frozenset({"odd-thing", "other-thing"})
BLOCKING = Finding(
    "odd-thing",
    "httpx",
    "has an odd thing",
    "repositories have an odd thing",
    "it is odd",
    "gh thing rm {}",
    "Remove it",
    thing="x.yml",
    blocks=True,
)
WARNING = replace(BLOCKING, blocks=False)
COMMAND = (
    "pulumi config set --path 'accept[\"odd-thing/httpx/x.yml\"]' "
    f'\'{{"reason": "REASON", "until": "{UNTIL}"}}\''
)


def sort(*findings: Finding) -> SortedFindings:
    return sort_findings(findings, {}, TODAY, kinds=KINDS)


def accepted(*findings: Finding, until: date, finding_id: str = "") -> SortedFindings:
    key = finding_id or "odd-thing/httpx/x.yml"
    accept = {key: Acceptance("on its way", until)}
    return sort_findings(findings, accept, TODAY, frozenset({"deep-thing"}), KINDS)


def test_a_finding_that_blocks() -> None:
    [problem] = sort(BLOCKING).problems

    assert problem.path == "httpx has an odd thing"
    assert problem.allowed == "it is odd"
    assert problem.remedy == f"gh thing rm httpx\n    or accept it: {COMMAND}"


def test_a_finding_that_warns() -> None:
    assert sort(WARNING) == SortedFindings(
        (), (f"httpx has an odd thing. it is odd. Remove it: gh thing rm httpx. Accept: {COMMAND}",)
    )


def test_advice_without_a_command() -> None:
    [problem] = sort(replace(BLOCKING, command="")).problems

    assert problem.remedy.startswith("Remove it\n")


def test_findings_of_several_repositories_are_one_message() -> None:
    second = replace(BLOCKING, repository="httpcore")

    [problem] = sort(BLOCKING, second, BLOCKING).problems

    assert problem.path == "2 repositories have an odd thing: httpx, httpcore"
    assert problem.remedy == (
        "for name in httpx httpcore; do gh thing rm $name; done\n    or accept it: "
        "for id in odd-thing/httpx/x.yml odd-thing/httpcore/x.yml; do "
        'pulumi config set --path "accept[\\"$id\\"]" '
        f'\'{{"reason": "REASON", "until": "{UNTIL}"}}\'; done'
    )


def test_findings_that_differ_are_two_messages() -> None:
    assert len(sort(BLOCKING, replace(BLOCKING, thing="y.yml")).problems) == 2


@pytest.mark.parametrize("finding", [BLOCKING, WARNING])
@pytest.mark.parametrize("until", [TODAY, date(2027, 1, 1)])
def test_an_accepted_finding(finding: Finding, until: date) -> None:
    assert accepted(finding, until=until) == SortedFindings((), ())


def test_an_acceptance_that_is_over() -> None:
    [problem] = accepted(BLOCKING, until=date(2026, 1, 4)).problems

    assert problem.allowed == "it is odd (accepted until 2026-01-04, which is over: on its way)"


def test_an_acceptance_counts_for_its_id_alone() -> None:
    second = replace(BLOCKING, repository="httpcore")

    [problem] = accepted(BLOCKING, second, until=TODAY).problems

    assert problem.path == "httpcore has an odd thing"


def test_an_id_that_is_not_needed() -> None:
    [warning] = accepted(until=TODAY).warnings

    assert warning == (
        "`accept` names odd-thing/httpx/x.yml, which is resolved or was never found. Remove it: "
        "pulumi config rm --path 'accept[\"odd-thing/httpx/x.yml\"]'"
    )


def test_an_id_of_an_unknown_kind() -> None:
    [warning] = accepted(until=TODAY, finding_id="od-thing/httpx").warnings

    assert "an unknown kind; the kinds are odd-thing, other-thing." in warning


def test_an_id_that_only_the_deep_check_can_need() -> None:
    assert accepted(until=TODAY, finding_id="deep-thing/httpx").warnings == ()


@pytest.mark.parametrize("kind", FINDING_RULES)
def test_a_rule_yields_findings_of_its_kind(kind: str) -> None:
    """The table of kinds says which ids `accept` may name."""
    assert FINDING_RULES[kind].__annotations__["situation"] is Situation
