"""A repository in a GraphQL response, and which of its parts the token cannot read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stacks.snapshot.model import (
    BranchProtectionOnGitHub,
    CollaboratorOnGitHub,
    RepositoryOnGitHub,
    WorkflowOnGitHub,
    scripts_in,
)
from stacks.snapshot.rulesets import is_complete, listed, ruleset_from_graphql

WORKFLOWS_DIRECTORY = ".github/workflows"
MERGE_METHODS = {
    "merge": "mergeCommitAllowed",
    "squash": "squashMergeAllowed",
    "rebase": "rebaseMergeAllowed",
}
# Attributes of `RepositoryOnGitHub` by the field of the fragment `repository` they come from.
ATTRIBUTES = {
    "defaultBranchRef": "default_branch",
    "rulesets": "rulesets",
    "collaborators": "collaborators",
    "workflows": "workflows",
    "scripts": "scripts",
}


@dataclass(frozen=True)
class RepositoryFields:
    """A repository as far as GraphQL shows it.

    Attributes:
        owner: The login of its owner now.
        hidden_rulesets: The ids of rulesets that are not whole.
        cut_off: The attributes of which a page shows only a part.
    """

    repository: RepositoryOnGitHub
    owner: str
    hidden_rulesets: frozenset[int] = frozenset()
    cut_off: frozenset[str] = frozenset()


def repository_from_graphql(
    fields: Mapping[str, Any], errors: Iterable[Sequence[str | int]]
) -> RepositoryFields:
    """Return a repository from the fragment `repository`.

    `errors` are the paths of fields that could not be read, from the repository on.
    """
    unseen = set(unseen_attributes(errors))
    unseen |= {name for name in ("rulesets", "collaborators") if fields[name] is None}
    rulesets = [ruleset_from_graphql(node) for node in listed(fields["rulesets"])]
    branch = fields["defaultBranchRef"] or {}
    protection = branch.get("branchProtectionRule")
    repository = RepositoryOnGitHub(
        id=fields["databaseId"],
        name=fields["name"],
        archived=fields["isArchived"],
        private=fields["isPrivate"],
        default_branch=branch.get("name"),
        head=(branch.get("target") or {}).get("oid") or "",
        protected=None if "protected" in unseen else protection is not None,
        protection=None if protection is None else branch_protection(protection),
        merge_methods=frozenset(method for method, key in MERGE_METHODS.items() if fields[key]),
        rulesets=tuple(seen.ruleset for seen in rulesets),
        workflows=workflows_in(fields["workflows"]),
        scripts=None if "scripts" in unseen else scripts_in(entries_of(fields["scripts"])),
        collaborators=collaborators_in(fields["collaborators"]),
        unseen=frozenset(unseen),
    )
    return RepositoryFields(
        repository,
        owner=fields["owner"]["login"],
        hidden_rulesets=frozenset(seen.ruleset.id for seen in rulesets if not seen.is_whole),
        cut_off=frozenset(cut_off_attributes(fields)),
    )


def branch_protection(fields: Mapping[str, Any]) -> BranchProtectionOnGitHub:
    blocking = ("lockBranch", "requiresApprovingReviews", "requiresStatusChecks", "restrictsPushes")
    return BranchProtectionOnGitHub(
        binds_admins=fields["isAdminEnforced"],
        blocks_commits=any(fields[name] for name in blocking),
        linear_history=fields["requiresLinearHistory"],
    )


def unseen_attributes(errors: Iterable[Sequence[str | int]]) -> Iterable[str]:
    """Yield the attributes that could not be read.

    An error inside an item of a list is left out: the item itself shows that a part is missing.
    """
    for path in errors:
        if any(isinstance(part, int) for part in path):
            continue
        if "branchProtectionRule" in path:
            yield "protected"
        elif "target" in path:
            yield "head"
        elif path and path[0] in ATTRIBUTES:
            yield ATTRIBUTES[str(path[0])]
            if path[0] == "defaultBranchRef":
                yield "protected"


def cut_off_attributes(fields: Mapping[str, Any]) -> Iterable[str]:
    """Yield the lists of which the response does not have every item."""
    rulesets = fields["rulesets"]
    collaborators = fields["collaborators"]
    if rulesets is not None and not is_complete(rulesets):
        yield "rulesets"
    if collaborators is not None and collaborators["pageInfo"]["hasNextPage"]:
        yield "collaborators"


def entries_of(tree: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """Return the entries of a directory: none where it does not exist, or is a file."""
    return (tree or {}).get("entries") or ()


def workflows_in(tree: Mapping[str, Any] | None) -> dict[str, WorkflowOnGitHub]:
    """Return the workflow files of a directory by path.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
    (a workflow file ends in `.yml` or `.yaml`; GitHub ignores folders below).
    """
    files = [
        (f"{WORKFLOWS_DIRECTORY}/{entry['name']}", entry["object"] or {})
        for entry in entries_of(tree)
        if entry["type"] == "blob" and entry["name"].endswith((".yml", ".yaml"))
    ]
    return {
        path: WorkflowOnGitHub(path, None if blob.get("isTruncated") else blob.get("text"))
        for path, blob in files
    }


def collaborators_in(connection: Mapping[str, Any] | None) -> tuple[CollaboratorOnGitHub, ...]:
    return tuple(
        CollaboratorOnGitHub(
            edge["node"]["login"], edge["node"]["databaseId"], edge["permission"].lower()
        )
        for edge in (connection or {}).get("edges") or ()
        if edge
    )
