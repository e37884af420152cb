"""A query for every field of the schema, on an organization with one of everything."""

from typing import Any

import httpx
import pytest

from simulated_github import InProcess
from simulated_github.graphql.schema import SCHEMA
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    build_review_rule,
    create_ruleset,
    expect_ok,
)
from tests.simulated_github.helpers.full_organization import create_full_organization
from tests.simulated_github.helpers.graphql_calls import (
    find_typenames,
    list_object_types,
    run_query,
    select_everything,
)

PATTERN = {"operator": "starts_with", "pattern": "v"}
#: Types without an example: the REST API cannot allow force pushes to chosen actors.
ABSENT = {"BypassForcePushAllowance", "BypassForcePushAllowanceEdge"}


@pytest.fixture
def owner() -> httpx.Client:
    application = create_full_organization("public")
    owner = httpx.Client(
        transport=InProcess(application),
        base_url="http://github.test",
        headers={"authorization": "Bearer token-owner-1"},
    )
    world = application.world
    [organization] = world.organizations.values()
    [team] = organization.teams.values()
    create_ruleset(
        owner,
        [
            build_review_rule(
                required_reviewers=[
                    {
                        "file_patterns": ["*"],
                        "minimum_approvals": 1,
                        "reviewer": {"id": team.id, "type": "Team"},
                    }
                ]
            ),
            {
                "type": "required_status_checks",
                "parameters": {
                    "strict_required_status_checks_policy": True,
                    "required_status_checks": [{"context": "test"}],
                },
            },
            {
                "type": "required_deployments",
                "parameters": {"required_deployment_environments": ["deploy"]},
            },
            {"type": "update", "parameters": {"update_allows_fetch_and_merge": True}},
            {"type": "copilot_code_review", "parameters": {}},
            *(
                {"type": f"{name}_pattern", "parameters": PATTERN}
                for name in ("branch_name", "commit_message")
            ),
        ],
        enforcement="disabled",
        bypass=[
            {"actor_type": "Team", "actor_id": team.id},
            {"actor_type": "Integration", "actor_id": next(iter(world.apps))},
            {"actor_type": "User", "actor_id": next(iter(world.users))},
        ],
    )
    create_ruleset(
        owner,
        [
            {"type": f"{name}_pattern", "parameters": PATTERN}
            for name in ("tag_name", "commit_author_email", "committer_email")
        ],
        target="tag",
        include=["~ALL"],
        name="tags",
    )
    conditions: dict[str, Any] = {
        "ref_name": {"include": ["~ALL"], "exclude": []},
        "repository_name": {"include": ["~ALL"], "exclude": []},
    }
    body = {"name": "all", "target": "tag", "enforcement": "active", "conditions": conditions}
    expect_ok(owner.post("/orgs/encode/rulesets", json=body | {"rules": [{"type": "deletion"}]}))
    body |= {"conditions": conditions | {"repository_id": {"repository_ids": [1]}}}
    expect_ok(owner.post("/orgs/encode/rulesets", json=body | {"name": "ids", "rules": []}))
    expect_ok(
        owner.put(
            f"{HTTPX}/environments/deploy",
            json={
                "deployment_branch_policy": CUSTOM_POLICIES,
                "wait_timer": 5,
                "reviewers": [{"type": "Team", "id": team.id}],
            },
        )
    )
    expect_ok(
        owner.post(
            "/orgs/encode/teams",
            json={"name": "Releases", "privacy": "closed", "parent_team_id": team.id},
        )
    )
    expect_ok(owner.put("/orgs/encode/teams/operations/memberships/invited-1"))
    actors = {"users": ["admin-1"], "teams": []}
    protection: dict[str, Any] = {
        "required_status_checks": {"strict": True, "contexts": ["test"]},
        "enforce_admins": True,
        "required_pull_request_reviews": {
            "dismissal_restrictions": actors,
            "bypass_pull_request_allowances": actors,
        },
        "restrictions": actors,
    }
    expect_ok(owner.put(f"{HTTPX}/branches/main/protection", json=protection))
    return owner


def test_every_field_is_served(owner: httpx.Client) -> None:
    """A field of the schema without a value in the shapes would be an error of the server."""
    organization = select_everything(SCHEMA.type_map["Organization"])
    repository = select_everything(SCHEMA.type_map["Repository"])
    team = select_everything(SCHEMA.type_map["Team"])
    queries = [
        "viewer {__typename login} rateLimit {cost limit nodeCount remaining resetAt used}",
        f'organization(login: "encode") {organization}',
        f'organization(login: "encode") {{team(slug: "operations") {team}}}',
        f'repository(owner: "encode", name: "httpx") {repository}',
    ]

    bodies = [run_query(owner, f"{{{query}}}") for query in queries]

    assert [body.get("errors") for body in bodies] == [None] * len(queries)
    served = set().union(*(find_typenames(body["data"]) for body in bodies))
    expected = {kind.name for kind in list_object_types()} - {"Query", "RateLimit"}
    assert expected - served == ABSENT
