"""Findings: problems of the organization that its operators may accept for a time."""

from dataclasses import dataclass

from stacks.settings.problems import Problem


@dataclass(frozen=True)
class Finding:
    """A problem that `accept` of the stack file may name by its id.

    Attributes:
        kind: What it is, in kebab case, such as `other-publishing-workflow`.
        subject: Where it is: a repository, or more after a slash, such as `httpx/release.yml`.
        problem: The problem with its remedy.
        blocks: Whether it blocks `pulumi up` until it is resolved or accepted.
    """

    kind: str
    subject: str
    problem: Problem
    blocks: bool = True

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.subject}"
