"""The resources of an archived repository, which stay as the state has them.

GitHub refuses every change of an archived repository, and the provider reports a refused deletion
as done. So a frozen resource has no diff, whatever is declared, and its deletion sends no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pulumi
from pulumi import Resource, ResourceOptions

ENVIRONMENT_COMPONENT = "releases:index:DeployEnvironment"
# As in the provider's SDK. The engine keeps the outputs of these names encrypted.
SECRET_OUTPUTS = {
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": [
        "encryptedValue",
        "plaintextValue",
        "value",
        "valueEncrypted",
    ]
}


@dataclass(frozen=True)
class FrozenResource:
    """A recorded resource.

    Attributes:
        place: Its name without that of the repository, such as `deploy/tags`.
        type: Its type token.
        in_environment: Whether it is a child of the component of the environment.
    """

    place: str
    type: str
    in_environment: bool = False


def freeze(parent: Resource, name: str, resources: Sequence[FrozenResource]) -> Resource:
    """Declare the recorded resources of a repository again, and return the last one."""
    last = parent
    environment = None
    for resource in resources:
        if resource.in_environment and environment is None:
            environment = pulumi.ComponentResource(
                ENVIRONMENT_COMPONENT, f"{name}/deploy", {}, ResourceOptions(parent=parent)
            )
        last = pulumi.CustomResource(
            resource.type,
            f"{name}/{resource.place}",
            {},
            ResourceOptions(
                parent=environment if resource.in_environment else parent,
                ignore_changes=["*"],
                retain_on_delete=True,
                # With another version, the engine would start a second provider, and compare the
                # resource with it.
                version=version("pulumi-github"),
                additional_secret_outputs=SECRET_OUTPUTS.get(resource.type),
            ),
        )
    return last
