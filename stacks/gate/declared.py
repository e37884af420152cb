"""The gate that the stack file declares for a repository, in the terms of the snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.deploy_environment import DEPLOY
from components.rulesets import (
    ADMIN_ROLE,
    MAINTAIN_ROLE,
    ORGANIZATION_ADMINS,
    REVIEW_TITLE,
    TAG_CREATION_TITLE,
    TAG_PROTECTION_TITLE,
    BypassActor,
    tag_refs,
)
from stacks.previous_state import PreviousState
from stacks.settings import RepositorySettings, Settings
from stacks.snapshot import (
    BypassActorOnGitHub,
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RulesetOnGitHub,
    Snapshot,
)


@dataclass(frozen=True)
class GateIds:
    """The numeric ids of teams by slug, and of people by lower-case login.

    The stack's own teams have the ids that the state recorded: a name may have moved on.
    """

    teams: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def resolve(
        cls, settings: Settings, previous_state: PreviousState, snapshot: Snapshot
    ) -> "GateIds":
        """Return the ids that GitHub has, and those of the state for the teams of the stack."""
        teams = {slug: team.id for slug, team in snapshot.teams.items()}
        managed = {team.role: team.slug for team in settings.teams if not team.existing}
        for role, slug in managed.items():
            teams.pop(slug, None)
            if role in previous_state.teams:
                teams[slug] = previous_state.teams[role]
        return cls(teams, {**previous_state.people, **snapshot.people})


def declared_environment(
    settings: Settings, repository: RepositorySettings, ids: GateIds
) -> EnvironmentOnGitHub:
    """Return the environment that the stack file declares.

    The environment of a retired entry is closed: it has no deployment policy. Raise `KeyError` for
    a reviewer without a known id.
    """
    teams = [settings.operations.slug, *repository.reviewers.teams]
    people = [login.lower() for login in repository.reviewers.users]
    policy = DeploymentPolicyOnGitHub(0, repository.release_tags, "tag")
    return EnvironmentOnGitHub(
        DEPLOY,
        reviewer_team_ids=frozenset(ids.teams[slug] for slug in teams),
        reviewer_user_ids=frozenset(ids.people[login] for login in people),
        prevent_self_review=True,
        can_admins_bypass=False,
        wait_minutes=repository.wait_minutes,
        policy_kind="custom",
        policies=() if repository.retired else (policy,),
    )


def declared_rulesets(
    settings: Settings, repository: RepositorySettings, ids: GateIds
) -> dict[str, RulesetOnGitHub]:
    """Return the rulesets that the stack file declares, by their place in the component.

    The entry of a retired repository has none. Raise `KeyError` for a team without a known id.
    """
    if repository.retired:
        return {}
    tags = frozenset({tag_refs(repository.release_tags)})
    app = settings.app
    applied_by = BypassActor("Integration", app.id) if app else ORGANIZATION_ADMINS
    review = {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": True,
        "required_approving_review_count": repository.approvals,
        "required_review_thread_resolution": False,
    }
    return {
        "tags-created": RulesetOnGitHub(
            0,
            TAG_CREATION_TITLE,
            "tag",
            "active",
            include=tags,
            bypass_actors=frozenset(tag_creators(settings, repository, ids)),
            rules={"creation": {}},
        ),
        "tags-kept": RulesetOnGitHub(
            0,
            TAG_PROTECTION_TITLE,
            "tag",
            "active",
            include=tags,
            rules={"update": {}, "deletion": {}, "non_fast_forward": {}},
        ),
        "review": RulesetOnGitHub(
            0,
            REVIEW_TITLE,
            "branch",
            "active",
            include=frozenset({"~DEFAULT_BRANCH"}),
            bypass_actors=frozenset({always(applied_by)}),
            rules={"pull_request": review, "deletion": {}, "non_fast_forward": {}},
        ),
    }


def tag_creators(
    settings: Settings, repository: RepositorySettings, ids: GateIds
) -> list[BypassActorOnGitHub]:
    """Return the actors that may create release tags."""
    if repository.tag_creators == "maintain":
        return [always(MAINTAIN_ROLE), always(ADMIN_ROLE)]
    slugs = [settings.operations.slug]
    if repository.tag_creators == "maintainers":
        slugs.append(settings.maintainers.slug)
    return [BypassActorOnGitHub("Team", ids.teams[slug], "always") for slug in slugs]


def always(actor: BypassActor) -> BypassActorOnGitHub:
    """Return an actor with a plain id that may always bypass."""
    actor_id = actor.actor_id if isinstance(actor.actor_id, int) else None
    return BypassActorOnGitHub(actor.actor_type, actor_id, "always")
