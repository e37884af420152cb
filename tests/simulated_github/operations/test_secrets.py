"""Tests of secrets.

Source: GitHub's docs, REST page "GitHub Actions Secrets" and "Encrypting secrets for the REST API".
"""

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    expect_ok,
    expect_refusal,
    put_environment,
    put_secret,
)

IN_ENVIRONMENT = f"{HTTPX}/environments/deploy/secrets"
IN_REPOSITORY = f"{HTTPX}/actions/secrets"
IN_ORGANIZATION = "/orgs/encode/actions/secrets"


@pytest.fixture(autouse=True)
def deploy_environment(owner: httpx.Client) -> None:
    put_environment(owner)


def get_stored_value(world: World) -> str:
    repository = world.repository("encode", "httpx")
    assert repository is not None
    return repository.environments["deploy"].secrets["PYPI_TOKEN"].value


def test_a_secret_is_decrypted_from_its_sealed_box(owner: httpx.Client, world: World) -> None:
    response = put_secret(owner, IN_ENVIRONMENT, "PYPI_TOKEN", "pypi-ä")

    assert response.status_code == 201
    assert get_stored_value(world) == "pypi-ä"


def test_a_new_value_is_a_204_and_updates_the_time(owner: httpx.Client, world: World) -> None:
    expect_ok(put_secret(owner, IN_ENVIRONMENT, "PYPI_TOKEN", "first"))
    before = expect_ok(owner.get(f"{IN_ENVIRONMENT}/PYPI_TOKEN"))
    response = put_secret(owner, IN_ENVIRONMENT, "PYPI_TOKEN", "second")
    after = expect_ok(owner.get(f"{IN_ENVIRONMENT}/PYPI_TOKEN"))

    assert response.status_code == 204
    assert get_stored_value(world) == "second"
    assert before["created_at"] == after["created_at"]
    assert before["updated_at"] < after["updated_at"]


def test_no_response_contains_a_value(owner: httpx.Client) -> None:
    expect_ok(put_secret(owner, IN_ENVIRONMENT, "PYPI_TOKEN", "a-secret-value"))

    responses = [
        owner.get(path)
        for path in (IN_ENVIRONMENT, f"{IN_ENVIRONMENT}/PYPI_TOKEN", f"{HTTPX}/environments")
    ]

    assert all("a-secret-value" not in response.text for response in responses)
    assert {"name", "created_at", "updated_at"} == expect_ok(responses[1]).keys()


def test_the_repr_of_a_secret_hides_its_value(world: World) -> None:
    repository = world.repository("encode", "httpx")
    assert repository is not None

    assert "a-token-of-before" not in repr(repository.secrets)


@pytest.mark.parametrize("path", [IN_REPOSITORY, IN_ORGANIZATION])
def test_a_box_sealed_with_another_key_is_refused(owner: httpx.Client, path: str) -> None:
    key = expect_ok(owner.get(f"{IN_ENVIRONMENT}/public-key"))
    other_key = expect_ok(owner.get(f"{path}/public-key"))
    body = {"key_id": key["key_id"], "encrypted_value": "bm90IGEgYm94"}

    expect_refusal(
        owner.put(f"{IN_ENVIRONMENT}/A", json=body | {"key_id": other_key["key_id"]}), 422, "key_id"
    )
    expect_refusal(owner.put(f"{IN_ENVIRONMENT}/A", json=body), 422, "encrypted_value")
    expect_refusal(
        owner.put(f"{IN_ENVIRONMENT}/A", json=body | {"encrypted_value": "%"}),
        422,
        "encrypted_value",
    )


@pytest.mark.parametrize(
    "name", ["1ST", "WITH-HYPHEN", "WITH SPACE", "GITHUB_TOKEN", "github_token"]
)
def test_an_invalid_name_is_refused(owner: httpx.Client, name: str) -> None:
    """Source: GitHub's docs, "Naming your secrets"."""
    expect_refusal(put_secret(owner, IN_ENVIRONMENT, name, "x"), 422, "Secret names")


def test_names_ignore_case(owner: httpx.Client) -> None:
    expect_ok(put_secret(owner, IN_ENVIRONMENT, "pypi_token", "x"))

    assert expect_ok(owner.get(f"{IN_ENVIRONMENT}/Pypi_Token"))["name"] == "PYPI_TOKEN"


def test_a_deleted_secret_cannot_be_deleted_again(owner: httpx.Client) -> None:
    expect_ok(put_secret(owner, IN_ENVIRONMENT, "PYPI_TOKEN", "x"))

    assert [owner.delete(f"{IN_ENVIRONMENT}/PYPI_TOKEN").status_code for _ in range(2)] == [
        204,
        404,
    ]


def test_repository_secrets_need_write_access(person: Person) -> None:
    """Source: "List repository secrets": collaborator access is needed."""
    assert expect_ok(person("maintainer-1").get(IN_REPOSITORY))["total_count"] == 1
    expect_refusal(
        person("outsider-1").get(IN_REPOSITORY), 403, "Must have push access to Repository."
    )


def test_environment_secrets_need_admin_access(person: Person) -> None:
    """Source: GitHub's docs, "Managing environments for deployment"."""
    expect_refusal(
        person("maintainer-1").get(IN_ENVIRONMENT), 403, "Must have admin rights to Repository."
    )
    expect_refusal(
        person("maintainer-1").get(f"{IN_ENVIRONMENT}/public-key"),
        403,
        "Must have admin rights to Repository.",
    )


def test_organization_secrets_list_their_repositories(owner: httpx.Client, person: Person) -> None:
    repository_id = expect_ok(owner.get(HTTPX))["id"]
    response = put_secret(
        owner,
        IN_ORGANIZATION,
        "SHARED",
        "x",
        visibility="selected",
        selected_repository_ids=[repository_id],
    )
    secret = expect_ok(owner.get(IN_ORGANIZATION))["secrets"][0]

    assert response.status_code == 201
    assert secret["visibility"] == "selected"
    assert [
        r["name"] for r in expect_ok(owner.get(secret["selected_repositories_url"]))["repositories"]
    ] == ["httpx"]
    expect_refusal(person("operator-1").get(IN_ORGANIZATION), 403, "You must be an admin")
    expect_ok(owner.delete(f"{IN_ORGANIZATION}/SHARED"))
    expect_refusal(owner.get(f"{IN_ORGANIZATION}/SHARED"), 404, "Not Found")


def test_an_app_needs_the_matching_permission(person: Person) -> None:
    """Source: "Permissions required for GitHub Apps"."""
    app = person("release-stack")

    expect_ok(put_secret(app, IN_ENVIRONMENT, "PYPI_TOKEN", "x"))
    expect_ok(app.get(IN_ORGANIZATION))
    expect_refusal(
        put_secret(app, IN_ORGANIZATION, "A", "x", visibility="all"),
        403,
        "Resource not accessible by integration",
    )
