"""The provider built from source has exactly the resources of the published Python SDK."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from . import published_sdk

CHECKOUT = Path(__file__).parents[2]
PROVIDER = CHECKOUT / "tools" / "provider"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed provider, or build one where Pulumi downloaded the published one."""
    engine = Path((CHECKOUT / ".venv" / "engine").read_text().splitlines()[0])
    release = (PROVIDER / "VERSION").read_text().strip()
    installed = (
        engine / "home" / "plugins" / f"resource-github-v{release}" / "pulumi-resource-github"
    )
    if installed.exists():
        return installed
    built = tmp_path_factory.mktemp("provider") / "pulumi-resource-github"
    subprocess.run(
        ["go", "build", "-C", str(PROVIDER), "-mod=readonly", "-o", str(built), "."], check=True
    )
    return built


@pytest.fixture(scope="module")
def shapes(provider: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        subprocess.run([provider, "-shapes"], check=True, capture_output=True).stdout
    )
    return document


def test_the_version_is_that_of_the_sdk(shapes: dict[str, Any]) -> None:
    assert shapes["version"] == version("pulumi-github")


def test_the_version_option(provider: Path) -> None:
    result = subprocess.run([provider, "-version"], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == version("pulumi-github")


def test_all_settings_of_the_sdk(shapes: dict[str, Any]) -> None:
    assert shapes["settings"] == published_sdk.settings()


def test_all_resources_of_the_sdk_have_the_same_shape(shapes: dict[str, Any]) -> None:
    assert len(shapes["resources"]) == 88
    assert shapes["resources"] == published_sdk.resources()


def test_all_functions_of_the_sdk_have_the_same_shape(shapes: dict[str, Any]) -> None:
    assert len(shapes["functions"]) == 75
    assert shapes["functions"] == published_sdk.functions()


def test_reviewers_are_a_list_as_in_the_sdk(shapes: dict[str, Any]) -> None:
    """Check the one field for which the bridge would choose another shape."""
    environment = shapes["resources"]["github:index/repositoryEnvironment:RepositoryEnvironment"]
    numbers = {"list": "integer"}
    assert environment["inputs"]["reviewers"] == {
        "list": {"object": {"teams": numbers, "users": numbers}}
    }
