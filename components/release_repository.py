"""A repository whose releases wait at a gate: all resources that the stack declares for it.

They are created in an order in which the workflow and the secrets never exist without the gate:
access, environment and tag rulesets, tag policy, secrets, workflow file, review ruleset. They are
deleted in the opposite order, but the environment stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_github as github
from pulumi import Alias, Input, Output, Resource, ResourceOptions

from components.deploy_environment import DeployEnvironment, environment_secret
from components.frozen_resources import FrozenResource, freeze
from components.publish_workflow_file import publish_workflow_file
from components.repository_access import repository_access
from components.rulesets import (
    BypassActor,
    review_ruleset,
    tag_creation_ruleset,
    tag_protection_ruleset,
)


class Access(TypedDict):
    """A team's access: its numeric id (or the slug of an existing team) and its permission."""

    team_id: Input[str]
    permission: str


class RepositoryRecord(TypedDict):
    """What the state records of a repository for the checks of later runs.

    Attributes:
        repository_id: Its numeric id, unless this component creates it.
        people: The numeric ids of its reviewers that are people, by login.
        teams: The numeric ids of existing teams with access or review, by slug.
        trusted_publishers: Every trusted publisher that was ever declared for it.
        replaced_workflow: The commit and path of a workflow file of another origin.
    """

    repository_id: NotRequired[int | None]
    people: Mapping[str, int]
    teams: Mapping[str, int]
    trusted_publishers: Sequence[Mapping[str, str]]
    replaced_workflow: NotRequired[Mapping[str, str] | None]


class ReleaseRepositoryArgs(TypedDict):
    """The settings of one repository.

    Attributes:
        repository: The repository's name.
        formerly: The name that the component had before the repository was renamed.
        create: Whether to create the repository. It is never deleted.
        access: Each team's access, by a stable name that becomes part of a resource name.
        reviewer_team_ids: Numeric ids of the required reviewers that are teams.
        reviewer_user_ids: Numeric ids of the required reviewers that are users.
        reviewer_memberships: Their memberships of teams: GitHub drops a reviewer without access.
        release_tags: The pattern of the tags that are releases.
        wait_minutes: The wait timer of the gate.
        secrets: Values of the environment secrets, by name.
        workflow: The text of the workflow file.
        workflow_path: The path of the workflow file.
        approvals: How many approvals a pull request needs.
        tag_creators: The actors that may create release tags.
        applied_by: The actor that applies the stack.
        retired: Whether to keep nothing but the access in `access` and a closed environment.
        frozen: The recorded resources of an archived repository, which stay as they are; `None`
            for a repository that can be changed.
        record: What the state records for later runs.
    """

    repository: Input[str]
    formerly: NotRequired[str | None]
    create: bool
    access: Mapping[str, Access]
    reviewer_team_ids: Sequence[Input[int]]
    reviewer_user_ids: Sequence[Input[int]]
    reviewer_memberships: NotRequired[Sequence[Resource]]
    release_tags: str
    wait_minutes: Input[int]
    secrets: Mapping[str, Output[str]]
    workflow: Input[str]
    workflow_path: Input[str]
    approvals: Input[int]
    tag_creators: Sequence[BypassActor]
    applied_by: BypassActor
    retired: NotRequired[bool]
    frozen: NotRequired[Sequence[FrozenResource] | None]
    record: NotRequired[RepositoryRecord]


class ReleaseRepository(pulumi.ComponentResource):
    """One repository of the stack.

    Attributes:
        last: The final child; await it to know that the repository is done.
    """

    last: Resource

    def __init__(
        self, name: str, args: ReleaseRepositoryArgs, opts: ResourceOptions | None = None
    ) -> None:
        former_name = args.get("formerly")
        aliases = [Alias(name=former_name)] if former_name else []
        super().__init__(
            "releases:index:ReleaseRepository",
            name,
            {},
            ResourceOptions.merge(opts, ResourceOptions(aliases=aliases)),
        )
        self._created: github.Repository | None = None
        frozen = args.get("frozen")
        if frozen is not None:
            self.last = freeze(self, name, frozen)
        elif args.get("retired"):
            self.last = self._retire(name, args)
        else:
            self.last = self._declare(name, args)
        self.register_outputs(self._outputs(args))

    def _declare(self, name: str, args: ReleaseRepositoryArgs) -> Resource:
        """Declare all resources, and return the final one."""
        repository = self._repository(name, args)
        access = self._access(name, repository, args["access"])
        gate = self._environment(name, repository, args, access, args["release_tags"])
        tag_rulesets = self._tag_rulesets(name, repository, args, access)
        complete_gate = [*gate.policies, *tag_rulesets]
        secrets = self._secrets(name, gate.environment, args["secrets"], complete_gate)
        workflow = publish_workflow_file(
            f"{name}/publish.yml",
            repository=repository,
            path=args["workflow_path"],
            content=args["workflow"],
            opts=self._after([*complete_gate, *secrets]),
        )
        return review_ruleset(
            f"{name}/review",
            repository=repository,
            approvals=args["approvals"],
            bypass=[args["applied_by"]],
            opts=self._after([workflow]),
        )

    def _retire(self, name: str, args: ReleaseRepositoryArgs) -> Resource:
        """Declare the access of operations and the closed environment, and return the latter."""
        repository = args["repository"]
        access = self._access(name, repository, args["access"])
        return self._environment(name, repository, args, access, None).environment

    def _outputs(self, args: ReleaseRepositoryArgs) -> dict[str, Any]:
        """Return the outputs, which later runs read from the state."""
        record = args.get("record") or RepositoryRecord(people={}, teams={}, trusted_publishers=[])
        repository_id = self._created.repo_id if self._created else record.get("repository_id")
        return {
            "repository": args["repository"],
            "repositoryId": repository_id,
            "people": dict(record["people"]),
            "teams": dict(record["teams"]),
            "trustedPublishers": [dict(publisher) for publisher in record["trusted_publishers"]],
            "archived": args.get("frozen") is not None,
            "retired": bool(args.get("retired")),
            "replacedWorkflow": record.get("replaced_workflow"),
        }

    def _after(self, resources: Sequence[Resource]) -> ResourceOptions:
        """Return the options of a child that depends on `resources`."""
        return ResourceOptions(parent=self, depends_on=[*resources])

    def _repository(self, name: str, args: ReleaseRepositoryArgs) -> Input[str]:
        """Return the repository's name, and create the repository where the args say so."""
        if not args["create"]:
            return args["repository"]
        self._created = github.Repository(
            f"{name}/repository",
            name=args["repository"],
            visibility="public",
            auto_init=True,
            opts=ResourceOptions(parent=self, retain_on_delete=True),
        )
        return self._created.name

    def _environment(
        self,
        name: str,
        repository: Input[str],
        args: ReleaseRepositoryArgs,
        access: Sequence[Resource],
        release_tags: str | None,
    ) -> DeployEnvironment:
        return DeployEnvironment(
            f"{name}/deploy",
            {
                "repository": repository,
                "team_ids": args["reviewer_team_ids"],
                "user_ids": args["reviewer_user_ids"],
                "release_tags": release_tags,
                "wait_minutes": args["wait_minutes"],
            },
            self._after([*access, *args.get("reviewer_memberships", ())]),
        )

    def _access(
        self, name: str, repository: Input[str], access: Mapping[str, Access]
    ) -> list[Resource]:
        return [
            repository_access(
                f"{name}/team/{team}",
                team_id=grant["team_id"],
                repository=repository,
                permission=grant["permission"],
                opts=ResourceOptions(parent=self),
            )
            for team, grant in access.items()
        ]

    def _tag_rulesets(
        self,
        name: str,
        repository: Input[str],
        args: ReleaseRepositoryArgs,
        access: Sequence[Resource],
    ) -> list[Resource]:
        return [
            tag_creation_ruleset(
                f"{name}/tags-created",
                repository=repository,
                release_tags=args["release_tags"],
                bypass=args["tag_creators"],
                opts=self._after(access),
            ),
            tag_protection_ruleset(
                f"{name}/tags-kept",
                repository=repository,
                release_tags=args["release_tags"],
                opts=self._after(access),
            ),
        ]

    def _secrets(
        self,
        name: str,
        environment: github.RepositoryEnvironment,
        secrets: Mapping[str, Output[str]],
        complete_gate: Sequence[Resource],
    ) -> list[Resource]:
        return [
            environment_secret(
                f"{name}/deploy/{secret}",
                environment=environment,
                secret_name=secret,
                value=value,
                opts=self._after(complete_gate),
            )
            for secret, value in secrets.items()
        ]
