"""A repository whose releases wait at a gate: everything that is declared for it, in the order in which it is safe.

access -> environment, tag rulesets -> tag policy -> secrets -> workflow -> review ruleset, and the other way round when it is
removed: at no moment is the workflow or a secret there while the gate is not.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_github as github
from pulumi import Alias, Input, Output, ResourceOptions

from components.deploy_environment import DeployEnvironment, EnvironmentSecret
from components.publish_workflow import PublishWorkflow
from components.repository_access import RepositoryAccess
from components.rulesets import (
    Bypass,
    ReviewRuleset,
    TagCreationRuleset,
    TagProtectionRuleset,
    child,
)


class Access(TypedDict):
    """A team's access: its numeric id (or the slug of an existing team) and its permission."""

    team_id: Input[str]
    permission: str


class ReleaseRepositoryArgs(TypedDict):
    """What is declared for one repository. `wait_minutes` is the wait timer of the gate, `workflow` the text of the file."""

    repository: str
    formerly: NotRequired[str | None]
    create: bool
    access: Mapping[str, Access]
    reviewer_team_ids: Sequence[Input[int]]
    reviewer_user_ids: Sequence[Input[int]]
    release_tags: str
    wait_minutes: int
    secrets: Mapping[str, Output[str]]
    workflow: str
    workflow_path: str
    approvals: int
    tag_creators: Sequence[Bypass]
    applied_by: Bypass


class ReleaseRepository(pulumi.ComponentResource):
    """One repository of the stack.

    Attributes:
        last: What comes after everything else.
    """

    last: pulumi.Resource

    def __init__(
        self, name: str, args: ReleaseRepositoryArgs, opts: ResourceOptions | None = None
    ) -> None:
        former = args.get("formerly")
        aliases = ResourceOptions(aliases=[Alias(name=former)] if former else [])
        super().__init__(
            "releases:index:ReleaseRepository", name, {}, ResourceOptions.merge(opts, aliases)
        )
        repository = self._repository(name, args)
        access = self._access(name, repository, args["access"])
        gate = DeployEnvironment(
            f"{name}/deploy",
            repository=repository,
            team_ids=args["reviewer_team_ids"],
            user_ids=args["reviewer_user_ids"],
            release_tags=args["release_tags"],
            wait_minutes=args["wait_minutes"],
            opts=child(self, access),
        )
        tags = self._tag_rulesets(name, repository, args, access)
        secrets = self._secrets(name, gate, args["secrets"], tags)
        workflow = PublishWorkflow(
            f"{name}/publish.yml",
            repository=repository,
            path=args["workflow_path"],
            content=args["workflow"],
            depends_on=[gate.tag_policy, *tags, *secrets],
            parent=self,
        )
        self.last = ReviewRuleset(
            f"{name}/review",
            repository=repository,
            approvals=args["approvals"],
            bypass=[args["applied_by"]],
            opts=child(self, [workflow]),
        )
        self.register_outputs({"repository": args["repository"]})

    def _repository(self, name: str, args: ReleaseRepositoryArgs) -> Input[str]:
        """The repository's name: of one that is there, or of one that is created here and then never deleted."""
        if not args["create"]:
            return args["repository"]
        created = github.Repository(
            f"{name}/repository",
            name=args["repository"],
            visibility="public",
            auto_init=True,
            opts=ResourceOptions(parent=self, retain_on_delete=True),
        )
        return created.name

    def _access(
        self, name: str, repository: Input[str], access: Mapping[str, Access]
    ) -> list[pulumi.Resource]:
        return [
            RepositoryAccess(
                f"{name}/team/{team}",
                team_id=grant["team_id"],
                repository=repository,
                permission=grant["permission"],
                parent=self,
            )
            for team, grant in access.items()
        ]

    def _tag_rulesets(
        self,
        name: str,
        repository: Input[str],
        args: ReleaseRepositoryArgs,
        access: Sequence[pulumi.Resource],
    ) -> list[pulumi.Resource]:
        tags = args["release_tags"]
        return [
            TagCreationRuleset(
                f"{name}/tags-created",
                repository=repository,
                release_tags=tags,
                bypass=args["tag_creators"],
                opts=child(self, access),
            ),
            TagProtectionRuleset(
                f"{name}/tags-kept",
                repository=repository,
                release_tags=tags,
                opts=child(self, access),
            ),
        ]

    def _secrets(
        self,
        name: str,
        gate: DeployEnvironment,
        secrets: Mapping[str, Output[str]],
        tags: Sequence[pulumi.Resource],
    ) -> list[pulumi.Resource]:
        return [
            EnvironmentSecret(
                f"{name}/deploy/{secret}",
                environment=gate.environment,
                secret_name=secret,
                value=value,
                depends_on=[gate.tag_policy, *tags],
                parent=self,
            )
            for secret, value in secrets.items()
        ]
