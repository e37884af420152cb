"""The permissions of the token that GitHub makes for each job, `GITHUB_TOKEN`, and what each of them costs.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions. Of its table,
`vulnerability-alerts` is left out: actionlint does not know it yet.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["read", "write"]


@dataclass(frozen=True)
class Scope:
    """A permission: the levels that it has, and what a job with it, and whatever that job installs, can do."""

    cost: str
    levels: tuple[Level, ...] = ("read", "write")


SCOPES = {
    "actions": Scope(
        "`write` cancels, starts again and deletes workflow runs and their logs, starts what may be started by hand, "
        "and switches workflows off."
    ),
    "artifact-metadata": Scope("`write` records where artifacts are stored and deployed."),
    "attestations": Scope(
        "`write`, together with `id-token`, attests any file in the name of the repository."
    ),
    "checks": Scope("`write` reports any check as passed, also one that pull requests wait for."),
    "contents": Scope(
        "`read` is always given. `write` pushes commits and tags wherever no ruleset forbids it, and publishes or changes "
        "releases on GitHub, with their files."
    ),
    "deployments": Scope("`write` records deployments; it approves none."),
    "discussions": Scope("`write` changes and deletes discussions."),
    "id-token": Scope(
        "`write` asks for an identity token of this repository and environment. Whoever trusts it, a trusted publisher or a "
        "cloud, cannot tell the step that means to ask from a dependency that was installed beside it.",
        ("write",),
    ),
    "issues": Scope("`write` changes issues, and comments on them."),
    "models": Scope("`read` runs GitHub's models at the organization's expense.", ("read",)),
    "packages": Scope("`write` publishes and replaces packages and images in GitHub Packages."),
    "pages": Scope("`write` changes what GitHub Pages serves."),
    "pull-requests": Scope(
        "`write` changes pull requests, and approves them where the organization lets workflows do that."
    ),
    "security-events": Scope("`write` adds and dismisses the alerts of code scanning."),
    "statuses": Scope(
        "`write` reports any commit as passed, also where pull requests wait for it."
    ),
}
