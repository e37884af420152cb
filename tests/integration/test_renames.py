"""A renamed team or repository keeps its resources; an undeclared rename blocks `pulumi up`."""

from tests.integration.on_github import rename_entry, rename_repository
from tests.integration.rehearsed_stack import RehearsedStack, token_of, writes


def test_a_renamed_team_is_updated_in_place(
    applied: RehearsedStack,
) -> None:
    team_id = applied.organization()["teams"]["operations"]["id"]
    applied.configuration["operations"] = {
        "name": "Release Managers",
        "members": ["operator-1", "operator-3"],
    }
    applied.configure()

    assert applied.plan() == {
        "operations/team": "update",
        "operations/operator-3": "create",
        "operations/operator-2": "delete",
    }
    applied.up()
    applied.refresh()

    team = applied.organization()["teams"]["release-managers"]
    assert team["id"] == team_id
    assert team["members"] == {"operator-1": "member", "operator-3": "member"}
    assert applied.repository("httpx")["environments"]["deploy"]["reviewers"] == [
        "team release-managers"
    ]
    assert applied.plan() == {}


def test_a_renamed_repository_keeps_its_resources(applied: RehearsedStack) -> None:
    before = applied.repository("httpx")
    rename_repository(applied, "httpx", "httpx2")
    rename_entry(applied, "httpx", "httpx2", formerly="httpx")

    plan = applied.plan()
    applied.up()

    assert "delete" not in plan.values()
    after = applied.repository("httpx2")
    assert after["id"] == before["id"]
    assert after["environments"]["deploy"] == before["environments"]["deploy"]
    assert {name: ruleset["id"] for name, ruleset in after["rulesets"].items()} == {
        name: ruleset["id"] for name, ruleset in before["rulesets"].items()
    }
    assert after["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": token_of("httpx")}
    assert "github.repository == 'encode/httpx2'" in after["files"][".github/workflows/publish.yml"]
    for team, role in (("operations", "maintain"), ("maintainers", "write")):
        assert applied.organization()["teams"][team]["repositories"]["httpx2"] == role
    assert applied.plan() == {}

    applied.refresh()
    assert applied.plan() == {}


def test_formerly_may_be_removed_after_the_rename(applied: RehearsedStack) -> None:
    rename_repository(applied, "httpx", "httpx2")
    rename_entry(applied, "httpx", "httpx2", formerly="httpx")
    applied.up()

    applied.repositories["httpx2"] = None
    applied.configure()

    assert applied.plan() == {}
    applied.up()
    assert "deploy" in applied.repository("httpx2")["environments"]


def test_a_renamed_key_without_formerly_is_blocked(
    applied: RehearsedStack,
) -> None:
    rename_repository(applied, "httpx", "httpx2")
    rename_entry(applied, "httpx", "httpx2")
    before = applied.repository("httpx2")

    with applied.requests() as requests:
        refused = applied.up(check=False)

    assert refused.code != 0
    assert "repositories.httpx2 is the repository that the state calls httpx" in refused.output
    assert "pulumi config set --path 'repositories.httpx2.formerly' httpx" in refused.output
    assert writes(requests) == []
    assert applied.repository("httpx2") == before


def test_a_repository_renamed_on_github_is_blocked(applied: RehearsedStack) -> None:
    rename_repository(applied, "httpx", "httpx2")

    with applied.requests() as requests:
        refused = applied.up(check=False)

    assert "repositories.httpx is called httpx2 on GitHub now" in refused.output
    assert "add `formerly: httpx` to the entry" in refused.output
    assert writes(requests) == []


def test_a_created_repository_can_be_renamed(declared: RehearsedStack) -> None:
    declared.repositories["sansio"] = {"create": True}
    declared.configure()
    declared.set_tokens()
    declared.up()

    rename_repository(declared, "sansio", "sans-io")
    rename_entry(declared, "sansio", "sans-io", formerly="sansio")
    declared.up()

    assert declared.repository("sans-io")["environments"]["deploy"]["secrets"] == {
        "PYPI_TOKEN": token_of("sansio")
    }
    assert declared.organization()["teams"]["operations"]["repositories"]["sans-io"] == "maintain"
    assert declared.plan() == {}
