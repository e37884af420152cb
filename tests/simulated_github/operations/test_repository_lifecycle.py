"""Tests of what stays with a repository that is renamed, archived, or deleted and made again."""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
    put_secret,
    write_publish_workflow,
)
from tests.simulated_github.helpers.release_gate import build_gate, get_newest_run, review_run

ARCHIVED = "Repository was archived so is read-only."


def get_state(client: httpx.Client, name: str = "httpx") -> dict[str, Any]:
    state: dict[str, Any] = expect_ok(client.get("/_simulator/state"))["repositories"]
    repository: dict[str, Any] = state[f"encode/{name}"]
    return repository


def test_a_rename_that_changes_case_alone_is_no_redirect(owner: httpx.Client) -> None:
    before = get_state(owner)

    renamed = expect_ok(owner.patch(HTTPX, json={"name": "HTTPX"}))

    assert renamed["full_name"] == "encode/HTTPX"
    assert get_state(owner, "HTTPX") == before
    assert expect_ok(owner.get(HTTPX))["id"] == renamed["id"]
    expect_refusal(owner.post("/orgs/encode/repos", json={"name": "Httpx"}), 422, "failed")


def test_names_that_move_on_keep_their_ids(owner: httpx.Client) -> None:
    """Rename `httpx` away and `httpcore` into its place: no redirect is left at `httpx`."""
    numbers = [expect_ok(owner.get(f"/repos/encode/{n}"))["id"] for n in ("httpx", "httpcore")]
    expect_ok(owner.patch(HTTPX, json={"name": "httpx-legacy"}))
    assert owner.get(HTTPX).status_code == 301

    expect_ok(owner.patch("/repos/encode/httpcore", json={"name": "httpx"}))

    assert expect_ok(owner.get("/repos/encode/httpx-legacy"))["id"] == numbers[0]
    assert expect_ok(owner.get(HTTPX))["id"] == numbers[1]
    redirect = owner.get("/repos/encode/httpcore")
    assert redirect.headers["location"].endswith(f"/repositories/{numbers[1]}")


def test_a_swap_of_two_names(owner: httpx.Client) -> None:
    numbers = [expect_ok(owner.get(f"/repos/encode/{n}"))["id"] for n in ("httpx", "httpcore")]
    for former, name in (("httpx", "x"), ("httpcore", "httpx"), ("x", "httpcore")):
        expect_ok(owner.patch(f"/repos/encode/{former}", json={"name": name}))

    assert expect_ok(owner.get("/repos/encode/httpcore"))["id"] == numbers[0]
    assert expect_ok(owner.get(HTTPX))["id"] == numbers[1]
    assert owner.get("/repos/encode/x").status_code == 301


def test_a_refused_update_changes_nothing(owner: httpx.Client) -> None:
    before = get_state(owner)
    body = {"visibility": "private", "description": "x", "archived": True, "name": "httpcore"}

    expect_refusal(owner.patch(HTTPX, json=body), 422, "failed")
    expect_refusal(owner.patch(HTTPX, json=body | {"name": "y", "default_branch": "z"}), 422, "")

    assert get_state(owner) == before


def test_a_repository_made_again_inherits_nothing(owner: httpx.Client) -> None:
    """Environments, secrets, rulesets, access and files are gone with the former repository."""
    build_gate(owner)
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "OTHER", "x"))
    expect_ok(owner.post(f"{HTTPX}/actions/variables", json={"name": "INDEX", "value": "x"}))
    number = expect_ok(owner.get(HTTPX))["id"]
    selected = {"visibility": "selected", "selected_repository_ids": [number]}
    expect_ok(put_secret(owner, "/orgs/encode/actions/secrets", "SHARED", "x", **selected))
    expect_ok(owner.delete(HTTPX))
    made_again = expect_ok(owner.post("/orgs/encode/repos", json={"name": "httpx"}))

    state = get_state(owner)
    assert made_again["id"] != number
    for name in ("environments", "secrets", "variables", "rulesets", "files", "refs"):
        assert state[name] == {}, name
    assert state["collaborators"] == {"owner-1": "admin"}
    assert expect_ok(owner.get("/orgs/encode/teams/operations/repos")) == []
    shared = expect_ok(owner.get(f"{HTTPX}/actions/organization-secrets"))["secrets"]
    assert "SHARED" not in [secret["name"] for secret in shared]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_an_archived_repository_can_be_read(owner: httpx.Client, method: str) -> None:
    put_environment(owner)
    expect_ok(owner.patch(HTTPX, json={"archived": True}))

    for path in ("", "/topics", "/environments/deploy", "/rulesets", "/actions/secrets"):
        assert owner.request(method, f"{HTTPX}{path}").status_code == 200


def test_a_reader_without_a_token_may_send_a_head(anyone: httpx.Client) -> None:
    assert anyone.head(f"{HTTPX}/topics").status_code == 200


def test_an_archived_gate_is_frozen_and_comes_back(owner: httpx.Client, person: Person) -> None:
    """No part of the gate changes, no release starts, and no waiting job goes on.

    Source: GitHub's docs, "Archiving repositories". Assumption: a job that waits, waits on.
    """
    gate = build_gate(owner)
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    run = get_newest_run(owner)
    expect_ok(owner.patch(HTTPX, json={"archived": True}))
    before = get_state(owner)

    for method, path, body in (
        ("PUT", "/environments/deploy", {}),
        ("DELETE", "/environments/deploy", None),
        ("DELETE", "/environments/deploy/secrets/PYPI_TOKEN", None),
        ("POST", "/environments/deploy/deployment-branch-policies", {"name": "x"}),
        ("POST", "/rulesets", {"name": "x", "enforcement": "disabled"}),
        ("DELETE", "/actions/secrets/PYPI_TOKEN", None),
        ("PUT", "/contents/a", {"message": "x", "content": ""}),
        ("POST", "/branches/main/rename", {"new_name": "trunk"}),
        ("POST", "/git/refs", {"ref": "refs/tags/2.0", "sha": before["refs"]["refs/heads/main"]}),
        ("PATCH", "", {"description": "x"}),
    ):
        refused = owner.request(method, f"{HTTPX}{path}", json=body)
        expect_refusal(refused, 403, ARCHIVED)
    expect_refusal(review_run(person("operator-1"), run, gate), 403, ARCHIVED)
    button = {"run_id": run["id"], "actor": "owner-1"}
    expect_refusal(owner.post("/_simulator/bypass", json=button), 403, ARCHIVED)
    assert get_state(owner) == before
    assert get_newest_run(owner)["status"] == "waiting"

    expect_ok(owner.patch(HTTPX, json={"archived": False}))
    assert get_state(owner) == before | {"archived": False}
    expect_ok(review_run(person("operator-1"), run, gate))
    assert get_newest_run(owner)["conclusion"] == "success"


def test_archiving_switches_vulnerability_alerts_off(owner: httpx.Client) -> None:
    """Source: the Terraform provider's acceptance tests."""
    expect_ok(owner.put(f"{HTTPX}/vulnerability-alerts"))
    expect_ok(owner.patch(HTTPX, json={"archived": True}))

    assert owner.get(f"{HTTPX}/vulnerability-alerts").status_code == 404
    expect_ok(owner.patch(HTTPX, json={"archived": False}))
    assert owner.get(f"{HTTPX}/vulnerability-alerts").status_code == 404


def test_a_deleted_team_leaves_the_gate(owner: httpx.Client, person: Person) -> None:
    """Source: GitHub's docs, REST page "Delete a team". Assumption: reviewers."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    expect_ok(owner.delete("/orgs/encode/teams/operations"))

    assert expect_ok(owner.get(f"{HTTPX}/environments/deploy"))["protection_rules"] == []
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    assert get_newest_run(owner)["conclusion"] == "success"


def test_a_team_that_loses_access_stays_at_the_gate(owner: httpx.Client, person: Person) -> None:
    """Assumption: the team stays listed, and jobs wait for it."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    expect_ok(owner.delete("/orgs/encode/teams/operations/repos/encode/httpx"))

    rules = expect_ok(owner.get(f"{HTTPX}/environments/deploy"))["protection_rules"]
    assert [r["reviewer"]["slug"] for r in rules[0]["reviewers"]] == ["operations"]
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    assert get_newest_run(owner)["status"] == "waiting"
