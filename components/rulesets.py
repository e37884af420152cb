"""The rulesets of a repository: creation of release tags, protection of release tags, and review.

The tags have two rulesets because a bypass is for a whole ruleset: an actor who may bypass the
creation rule could also move the tag.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_github as github
from pulumi import Input, ResourceOptions

TAG_CREATION_TITLE = "Release tags: who may create them"
TAG_PROTECTION_TITLE = "Release tags: never moved or deleted"
REVIEW_TITLE = "Pull requests are reviewed"


@dataclass(frozen=True)
class BypassActor:
    """An actor that may bypass a ruleset. The ids of roles are GitHub's own.

    Source: the parameters of
    https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset, and the provider's page
    for `RepositoryRuleset`, which lists 2 for maintain and 5 for admin.
    """

    actor_type: str
    actor_id: Input[int] | None = None

    def args(self) -> github.RepositoryRulesetBypassActorArgs:
        return github.RepositoryRulesetBypassActorArgs(
            actor_type=self.actor_type, actor_id=self.actor_id, bypass_mode="always"
        )


MAINTAIN_ROLE = BypassActor("RepositoryRole", 2)
ADMIN_ROLE = BypassActor("RepositoryRole", 5)
ORGANIZATION_ADMINS = BypassActor("OrganizationAdmin")


def tag_creation_ruleset(
    name: str,
    *,
    repository: Input[str],
    release_tags: str,
    bypass: Sequence[BypassActor],
    opts: ResourceOptions | None = None,
) -> github.RepositoryRuleset:
    """Let only the actors in `bypass` create tags that match `release_tags`."""
    return active_ruleset(
        name,
        title=TAG_CREATION_TITLE,
        repository=repository,
        target="tag",
        include=tag_refs(release_tags),
        rules=github.RepositoryRulesetRulesArgs(creation=True),
        bypass=bypass,
        opts=opts,
    )


def tag_protection_ruleset(
    name: str,
    *,
    repository: Input[str],
    release_tags: str,
    opts: ResourceOptions | None = None,
) -> github.RepositoryRuleset:
    """Block every update and deletion of tags that match `release_tags`, without a bypass."""
    return active_ruleset(
        name,
        title=TAG_PROTECTION_TITLE,
        repository=repository,
        target="tag",
        include=tag_refs(release_tags),
        rules=github.RepositoryRulesetRulesArgs(update=True, deletion=True, non_fast_forward=True),
        bypass=[],
        opts=opts,
    )


def review_ruleset(
    name: str,
    *,
    repository: Input[str],
    approvals: Input[int],
    bypass: Sequence[BypassActor],
    opts: ResourceOptions | None = None,
) -> github.RepositoryRuleset:
    """Require a pull request with `approvals` approvals for every change of the default branch.

    An approval counts for the commits that the reviewer saw: a new push dismisses it. The actor
    that applies the stack belongs in `bypass`, so that it can commit the workflow file.
    """
    pull_request = github.RepositoryRulesetRulesPullRequestArgs(
        required_approving_review_count=approvals,
        dismiss_stale_reviews_on_push=True,
        require_last_push_approval=True,
    )
    return active_ruleset(
        name,
        title=REVIEW_TITLE,
        repository=repository,
        target="branch",
        include="~DEFAULT_BRANCH",
        rules=github.RepositoryRulesetRulesArgs(
            pull_request=pull_request, deletion=True, non_fast_forward=True
        ),
        bypass=bypass,
        opts=opts,
    )


def active_ruleset(
    name: str,
    *,
    title: str,
    repository: Input[str],
    target: str,
    include: str,
    rules: github.RepositoryRulesetRulesArgs,
    bypass: Sequence[BypassActor],
    opts: ResourceOptions | None,
) -> github.RepositoryRuleset:
    """Declare a ruleset that is enforced.

    Deliberately absent: the enforcement `evaluate`. Without the Enterprise plan GitHub accepts it,
    and it has no effect.
    """
    return github.RepositoryRuleset(
        name,
        name=title,
        repository=repository,
        target=target,
        enforcement="active",
        conditions={"ref_name": {"includes": [include], "excludes": []}},
        bypass_actors=[actor.args() for actor in bypass],
        rules=rules,
        opts=opts,
    )


def tag_refs(release_tags: str) -> str:
    """Return the pattern of refs for a pattern of tags: a ruleset matches whole refs."""
    return f"refs/tags/{release_tags}"
