"""The rulesets that GraphQL does not show whole, read by the REST API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stacks.github_api import GitHubReader
from stacks.snapshot.model import RepositoryOnGitHub, RulesetOnGitHub
from stacks.snapshot.repository_fields import RepositoryFields
from stacks.snapshot.rulesets import ruleset_from_rest


@dataclass(frozen=True)
class HiddenRulesets:
    """What is missing of the rulesets of one repository.

    Attributes:
        fields: The repository, of which GraphQL showed a part.
        ids: The ids of the rulesets to read; `None` where the token cannot list them.
    """

    fields: RepositoryFields
    ids: frozenset[int] | None


def complete_rulesets(
    reader: GitHubReader, owner: str, repositories: Sequence[RepositoryFields]
) -> list[RepositoryFields]:
    """Return the repositories with whole rulesets, as far as the token can read them.

    Each hidden ruleset costs one request; an organization's, which many repositories share, too.
    """
    missing = reader.concurrently(
        lambda fields: find_hidden_rulesets(reader, owner, fields), repositories
    )
    names: dict[int, str] = {}
    for hidden in missing:
        for ruleset_id in sorted(hidden.ids or ()):
            names.setdefault(ruleset_id, hidden.fields.repository.name)
    rulesets = reader.concurrently(
        lambda item: read_ruleset(reader, owner, item[1], item[0]), names.items()
    )
    read = dict(zip(names, rulesets, strict=True))
    return [with_rulesets(hidden, read) for hidden in missing]


def find_hidden_rulesets(
    reader: GitHubReader, owner: str, fields: RepositoryFields
) -> HiddenRulesets:
    """Return which rulesets to read; list them where GraphQL shows only the first of them."""
    if "rulesets" not in fields.cut_off:
        return HiddenRulesets(fields, fields.hidden_rulesets)
    path = f"/repos/{owner}/{fields.repository.name}/rulesets?includes_parents=true"
    items = reader.items_if_visible(path)
    if items is None:
        return HiddenRulesets(fields, None)
    seen = {ruleset.id for ruleset in fields.repository.rulesets} - fields.hidden_rulesets
    return HiddenRulesets(fields, frozenset(item["id"] for item in items) - seen)


def read_ruleset(
    reader: GitHubReader, owner: str, name: str, ruleset_id: int
) -> RulesetOnGitHub | None:
    response = reader.get_if_permitted(f"/repos/{owner}/{name}/rulesets/{ruleset_id}")
    return ruleset_from_rest(response.json()) if response else None


def with_rulesets(
    hidden: HiddenRulesets, read: Mapping[int, RulesetOnGitHub | None]
) -> RepositoryFields:
    """Return a repository with the rulesets that were read in place of the hidden ones.

    Where one could not be read, its bypass actors stay unknown, and the list counts as unseen.
    """
    repository: RepositoryOnGitHub = hidden.fields.repository
    rulesets = {ruleset.id: ruleset for ruleset in repository.rulesets}
    rulesets |= {number: seen for number in hidden.ids or () if (seen := read[number])}
    unseen = repository.unseen
    if hidden.ids is None or any(read[number] is None for number in hidden.ids):
        unseen |= {"rulesets"}
    return replace(
        hidden.fields,
        repository=replace(repository, rulesets=tuple(rulesets.values()), unseen=unseen),
    )
