"""The stack applied by a GitHub App, and for existing teams."""

from tests.integration.on_github import create_team, send_request
from tests.integration.rehearsed_stack import RehearsedStack, writes


def test_a_github_app_applies_and_changes_the_stack() -> None:
    with RehearsedStack(token="token-release-stack") as stack:
        app = stack.state()["apps"]["release-stack"]
        stack.configuration["applied-by"] = {"app": "release-stack", "id": app}
        stack.configure()

        stack.up()

        review = stack.repository("httpx")["rulesets"]["Pull requests are reviewed"]
        assert [(actor["type"], actor["id"]) for actor in review["bypass_actors"]] == [
            ("Integration", app)
        ]
        assert stack.plan() == {}

        stack.repositories["httpx"] = {"release-tags": "v*"}
        stack.configure()
        stack.up()
        assert "- 'v*'" in stack.repository("httpx")["files"][".github/workflows/publish.yml"]


def test_a_wrong_app_id_stops_before_the_first_write() -> None:
    with RehearsedStack(token="token-release-stack") as stack:
        stack.configuration["applied-by"] = {"app": "release-stack", "id": 1}
        stack.configure()

        with stack.requests() as requests:
            refused = stack.up(check=False)

        assert "applied-by is release-stack with the id 1" in refused.output
        assert writes(requests) == []


def test_existing_teams_are_used_as_they_are(declared: RehearsedStack) -> None:
    for slug, person in (("core", "maintainer-4"), ("release-managers", "operator-1")):
        create_team(declared, slug)
        send_request(
            declared, "PUT", f"/orgs/encode/teams/{slug}/memberships/{person}", {"role": "member"}
        )
    declared.configuration["operations"] = {"existing": "release-managers"}
    declared.configuration["maintainers"] = {"existing": "core"}
    declared.configure()
    before = declared.organization()["teams"]["core"]["members"]

    declared.up()

    assert declared.repository("httpx")["environments"]["deploy"]["reviewers"] == [
        "team release-managers"
    ]
    assert declared.organization()["teams"]["core"]["repositories"] == {
        "httpx": "write",
        "databases": "write",
    }
    assert declared.organization()["teams"]["core"]["members"] == before
    with declared.requests() as requests:
        assert declared.plan() == {}
    assert len(requests) <= 3
    declared.refresh()
    assert declared.plan() == {}


def test_either_team_can_create_tags(
    declared: RehearsedStack,
) -> None:
    declared.repositories["httpx"] = {"tag-creators": "maintainers"}
    declared.repositories["databases"] = {"tag-creators": "operations"}
    declared.configure()

    declared.up()

    teams = {slug: team["id"] for slug, team in declared.organization()["teams"].items()}
    for name, slugs in (("httpx", {"maintainers", "operations"}), ("databases", {"operations"})):
        creation = declared.repository(name)["rulesets"]["Release tags: who may create them"]
        assert {(actor["type"], actor["id"]) for actor in creation["bypass_actors"]} == {
            ("Team", teams[slug]) for slug in slugs
        }
    assert declared.plan() == {}


def test_removing_a_user_cancels_a_pending_invitation(
    applied: RehearsedStack,
) -> None:
    assert "maintainers" in applied.organization()["invitations"]["maintainer-11"]["teams"]

    applied.configuration["maintainers"]["members"].remove("maintainer-11")
    applied.configure()
    applied.up()

    invitation = applied.organization()["invitations"].get("maintainer-11", {"teams": {}})
    assert "maintainers" not in invitation["teams"]
    assert applied.plan() == {}
