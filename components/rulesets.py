"""The rulesets of a repository: who may create release tags, that nobody moves them, and that pull requests are reviewed.

Two rulesets for tags, because a bypass is for a whole ruleset: whoever may create a tag past one rule could also move it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_github as github
from pulumi import Input, ResourceOptions


@dataclass(frozen=True)
class Bypass:
    """Somebody to whom a ruleset does not apply. The ids of roles are GitHub's own.

    Source: the parameters of https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset, and the provider's page
    for `RepositoryRuleset`, which lists 2 for maintain and 5 for admin.
    """

    actor_type: str
    actor_id: Input[int] | None = None

    def args(self) -> github.RepositoryRulesetBypassActorArgs:
        return github.RepositoryRulesetBypassActorArgs(
            actor_type=self.actor_type, actor_id=self.actor_id, bypass_mode="always"
        )


MAINTAIN_ROLE = Bypass("RepositoryRole", 2)
ADMIN_ROLE = Bypass("RepositoryRole", 5)
ORGANIZATION_ADMINS = Bypass("OrganizationAdmin")


class Ruleset(github.RepositoryRuleset):
    """An active ruleset. `evaluate` is no choice: below the Enterprise plan it is accepted and does nothing."""

    def __init__(
        self,
        name: str,
        *,
        title: str,
        repository: Input[str],
        target: str,
        include: str,
        rules: github.RepositoryRulesetRulesArgs,
        bypass: Sequence[Bypass],
        opts: ResourceOptions,
    ) -> None:
        super().__init__(
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


class TagCreationRuleset(Ruleset):
    """Release tags are created by those in `bypass` and by nobody else."""

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        release_tags: str,
        bypass: Sequence[Bypass],
        opts: ResourceOptions,
    ) -> None:
        super().__init__(
            name,
            title="Release tags: who may create them",
            repository=repository,
            target="tag",
            include=tag_refs(release_tags),
            rules=github.RepositoryRulesetRulesArgs(creation=True),
            bypass=bypass,
            opts=opts,
        )


class TagProtectionRuleset(Ruleset):
    """A release tag stays what it is: nobody moves or deletes it."""

    def __init__(
        self, name: str, *, repository: Input[str], release_tags: str, opts: ResourceOptions
    ) -> None:
        super().__init__(
            name,
            title="Release tags: never moved or deleted",
            repository=repository,
            target="tag",
            include=tag_refs(release_tags),
            rules=github.RepositoryRulesetRulesArgs(
                update=True, deletion=True, non_fast_forward=True
            ),
            bypass=[],
            opts=opts,
        )


def tag_refs(release_tags: str) -> str:
    """The pattern of whole refs that stands for the tags of a pattern: a ruleset looks at nothing else."""
    return f"refs/tags/{release_tags}"


class ReviewRuleset(Ruleset):
    """Every change of the default branch is a pull request that others approved, in the state in which they saw it.

    `bypass` is whoever applies the stack, so that the workflow file can be committed.
    """

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        approvals: int,
        bypass: Sequence[Bypass],
        opts: ResourceOptions,
    ) -> None:
        review = github.RepositoryRulesetRulesPullRequestArgs(
            required_approving_review_count=approvals,
            dismiss_stale_reviews_on_push=True,
            require_last_push_approval=True,
        )
        super().__init__(
            name,
            title="Pull requests are reviewed",
            repository=repository,
            target="branch",
            include="~DEFAULT_BRANCH",
            rules=github.RepositoryRulesetRulesArgs(
                pull_request=review, deletion=True, non_fast_forward=True
            ),
            bypass=bypass,
            opts=opts,
        )


def child(parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource]) -> ResourceOptions:
    """The options of a ruleset of `parent` that has to come after `depends_on`."""
    return ResourceOptions(parent=parent, depends_on=[*depends_on])
