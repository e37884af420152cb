"""Findings: problems of the organization that its operators may accept for a time.

A finding blocks `pulumi up`, or it is a warning. Findings of several repositories that differ in
nothing else are one message. `accept` in the stack file silences a finding until a date.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from stacks.preflight.situation import shell_loop, summarize_names
from stacks.settings.problems import Problem
from stacks.settings.resolved import Acceptance

# The end of an acceptance in the commands of messages.
ACCEPTED_DAYS = 90


@dataclass(frozen=True)
class Finding:
    """A problem that `accept` of the stack file may name by its id.

    Attributes:
        kind: What it is, in kebab case, such as `publishing-workflow`.
        repository: The repository's name, or the organization's login.
        singular: The problem, in words that follow the name of one repository.
        plural: The same, in words that follow the number of repositories.
        reason: Why it is a problem, as a sentence without a period.
        command: The command that resolves it, with `{}` for the repository; empty without one.
        advice: What to do: words that introduce the command, or stand alone without one.
        thing: What in the repository it is about, such as a path; empty for all of it.
        blocks: Whether it blocks `pulumi up` until it is resolved or accepted.
        note: The acceptance that expired, for the message.
    """

    kind: str
    repository: str
    singular: str
    plural: str
    reason: str
    command: str = ""
    advice: str = ""
    thing: str = ""
    blocks: bool = False
    note: str = ""

    @property
    def id(self) -> str:
        """Return the id that `accept` names: `kind/repository[/thing]`."""
        return "/".join(part for part in (self.kind, self.repository, self.thing) if part)


@dataclass(frozen=True)
class FindingGroup:
    """Findings that differ in their repository alone: one message."""

    findings: tuple[Finding, ...]
    until: date

    @property
    def subject(self) -> str:
        """Return the problem as a sentence that names every repository."""
        first = self.findings[0]
        names = [finding.repository for finding in self.findings]
        return summarize_names(names, first.singular, first.plural)

    @property
    def command(self) -> str:
        """Return the command that resolves it in every repository."""
        return shell_loop(
            [finding.repository for finding in self.findings], self.findings[0].command
        )

    @property
    def accept_command(self) -> str:
        """Return the command that accepts all of them."""
        return accept_command([finding.id for finding in self.findings], self.until)

    @property
    def problem(self) -> Problem:
        """Return the problem that blocks `pulumi up`."""
        first = self.findings[0]
        fix = self.command if first.command else first.advice
        return Problem(
            self.subject,
            "",
            f"{first.reason}{first.note}",
            f"{fix}\n    or accept it: {self.accept_command}",
        )

    @property
    def warning(self) -> str:
        """Return the text of a warning."""
        first = self.findings[0]
        fix = f"{first.advice}: {self.command}" if first.command else first.advice
        return f"{self.subject}. {first.reason}{first.note}. {fix}. Accept: {self.accept_command}"


def accept_command(ids: Sequence[str], until: date) -> str:
    """Return the command that accepts findings until a date."""
    value = json.dumps({"reason": "REASON", "until": until.isoformat()})
    if len(ids) == 1:
        return f"pulumi config set --path 'accept[\"{ids[0]}\"]' '{value}'"
    path = '"accept[\\"$id\\"]"'
    return f"for id in {' '.join(ids)}; do pulumi config set --path {path} '{value}'; done"


def group_findings(findings: Iterable[Finding], until: date) -> list[FindingGroup]:
    """Return findings in groups, in the order of the first of each."""
    groups: dict[Finding, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[replace(finding, repository="")].append(finding)
    return [FindingGroup(tuple(dict.fromkeys(group)), until) for group in groups.values()]


@dataclass(frozen=True)
class SortedFindings:
    """Findings after `accept`: the problems that block, the warnings, and notes on `accept`."""

    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


def sort_findings(
    findings: Sequence[Finding],
    accept: Mapping[str, Acceptance],
    today: date,
    unevaluated: frozenset[str] = frozenset(),
    kinds: frozenset[str] = frozenset(),
) -> SortedFindings:
    """Return the findings that are not accepted, as problems and warnings.

    Args:
        findings: All findings.
        accept: What the stack file accepts, by id.
        today: The present date.
        unevaluated: Kinds that this run did not look for.
        kinds: Every kind of finding.
    """
    until = today + timedelta(days=ACCEPTED_DAYS)
    remaining = [
        with_expired(finding, accept.get(finding.id))
        for finding in findings
        if not is_accepted(accept.get(finding.id), today)
    ]
    groups = group_findings(remaining, until)
    ids = {finding.id for finding in findings}
    return SortedFindings(
        tuple(group.problem for group in groups if group.findings[0].blocks),
        (
            *(group.warning for group in groups if not group.findings[0].blocks),
            *unneeded(accept, ids, unevaluated, kinds),
        ),
    )


def is_accepted(acceptance: Acceptance | None, today: date) -> bool:
    """Return whether a finding is accepted today."""
    return acceptance is not None and today <= acceptance.until


def with_expired(finding: Finding, acceptance: Acceptance | None) -> Finding:
    """Return a finding with the acceptance that ended, if it had one."""
    if acceptance is None:
        return finding
    return replace(
        finding, note=f" (accepted until {acceptance.until}, which is over: {acceptance.reason})"
    )


def unneeded(
    accept: Mapping[str, Acceptance],
    ids: set[str],
    unevaluated: frozenset[str],
    kinds: frozenset[str],
) -> Iterator[str]:
    """Yield a warning for every id that names no finding."""
    for finding_id in sorted(accept.keys() - ids):
        kind = finding_id.partition("/")[0]
        if kind in unevaluated:
            continue
        remedy = f"Remove it: pulumi config rm --path 'accept[\"{finding_id}\"]'"
        if kind in kinds:
            yield f"`accept` names {finding_id}, which is resolved or was never found. {remedy}"
        else:
            allowed = ", ".join(sorted(kinds))
            yield f"`accept` names {finding_id}, an unknown kind; the kinds are {allowed}. {remedy}"
