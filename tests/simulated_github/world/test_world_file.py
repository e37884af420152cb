"""World files: their validation, which reports every problem at once, and their documentation."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from simulated_github import World, WorldError
from simulated_github.world.building import build
from simulated_github.world.settings_file import (
    EnvironmentFile,
    OrganizationActionsFile,
    RepositoryActionsFile,
)
from simulated_github.world.world_file import (
    AppFile,
    OrganizationFile,
    RepositoryFile,
    TeamFile,
    TokenFile,
    WorldFile,
    parse,
    read,
)

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "docs" / "simulator.md"
README = PROJECT / "simulated_github" / "README.md"


def find_problems(document: Any) -> list[str]:
    with pytest.raises(WorldError) as caught:
        parse(document)
    return str(caught.value).splitlines()[1:]


def test_encode_is_the_organization_that_the_article_starts_from() -> None:
    world = build(read("encode"))
    httpx = world.repository("encode", "httpx")
    databases = world.repository("encode", "databases")
    organization = world.organization("encode")

    assert httpx is not None
    assert databases is not None
    assert organization is not None
    assert list(httpx.secrets) == ["PYPI_TOKEN"]
    assert len(httpx.environments) == 0
    assert len(organization.teams) == 0
    assert httpx.default_branch == "main"
    assert databases.default_branch == "master"
    assert len(organization.members) == 14
    assert len(httpx.collaborators) == 15


def test_an_empty_world_has_an_owner_and_no_repository() -> None:
    world = build(read("empty"))

    assert list(world.repositories) == []
    assert world.user("owner-1") is not None


def test_scripts_are_executable_and_contain_the_repositorys_name() -> None:
    world = build(read("encode"))
    httpx = world.repository("encode", "httpx")
    assert httpx is not None

    head = httpx.git.refs["refs/heads/main"]
    install = httpx.git.entry(head, "scripts/install")
    readme = httpx.git.entry(head, "README.md")

    assert install is not None
    assert readme is not None
    assert install.mode == 0o100755
    assert (readme.data or b"").startswith(b"# httpx\n")


def test_a_world_file_has_a_path(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text("users: [ada-1..3]\n")

    assert [user.login for user in build(read(str(file))).users.values()] == [
        "ada-1",
        "ada-2",
        "ada-3",
    ]


def test_groups_and_ranges_expand_without_duplicates() -> None:
    file = parse({"users": ["ada-1..3"], "groups": {"all": ["ada-1..2", "ada-2..3"]}})

    assert file.people(["all", "ada-1"]) == ["ada-1", "ada-2", "ada-3"]


def test_every_problem_is_reported_at_once() -> None:
    document = {
        "user": [],
        "organizations": {
            "encode": {"plan": "gold", "owners": "owner-1", "repositories": {"a": {"files": 1}}}
        },
    }

    problems = find_problems(document)

    assert len(problems) == 4
    assert any(
        line.startswith("organizations.encode.plan: ") and "'gold'" in line and "'free'" in line
        for line in problems
    )


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            {"user": []},
            "user: unknown key; allowed: start, users, groups, file-sets, kinds, organizations, "
            "apps, tokens",
        ),
        (
            {"organizations": {"teams": {"owner": []}}},
            "organizations.teams.owner: unknown key; allowed: name, plan, base-permission, owners, "
            "members, invitations, teams, secrets, rulesets, actions, repositories",
        ),
        (
            {"organizations": {"o": {"teams": {"repositories": {"member": []}}}}},
            "organizations.o.teams.repositories.member: unknown key; allowed: privacy, "
            "description, maintainers, members, invitations, repositories",
        ),
        (
            {"organisations": {"o": {"repositories": {"r": {"private": True}}}}},
            "organisations.o.repositories.r.private: unknown key; allowed: like, description, "
            "default-branch, visibility, archived, files, more-files, secrets, collaborators, "
            "invitations, environments, rulesets, actions",
        ),
        (
            {"kinds": {"k": {"environments": {"deploy": {"reviewers": {"user": []}}}}}},
            "kinds.k.environments.deploy.reviewers.user: unknown key; allowed: users, teams",
        ),
        (
            {"organizations": {"actions": {"actions": {"enabled": True}}}},
            "organizations.actions.actions.enabled: unknown key; allowed: allowed-actions, "
            "sha-pinning-required, github-owned-allowed, verified-allowed, patterns-allowed, "
            "default-workflow-permissions, can-approve-pull-request-reviews, "
            "enabled-repositories, selected-repositories",
        ),
        (
            {"tokens": {"t": {"user": "ada", "scope": []}}},
            "tokens.t.scope: unknown key; allowed: user, scopes",
        ),
        (
            {"apps": {"a": {"installed-in": "o", "permission": {}}}},
            "apps.a.permission: unknown key; allowed: installed-in, permissions",
        ),
    ],
)
def test_an_unknown_key_is_reported_with_the_allowed_ones(
    document: dict[str, Any], problem: str
) -> None:
    assert [problem] == find_problems(document)


def read_documented_keys(page: Path) -> dict[str, set[str]]:
    """Return the keys in each table of a page's section on world files, by the table's title."""
    section = page.read_text(encoding="utf-8").partition("## World files")[2].partition("\n## ")[0]
    tables = re.findall(r"^\*\*(.+?)\*\*\n\n((?:\|.*\n)+)", section, re.MULTILINE)
    return {
        title: {
            key for row in rows.splitlines() for key in re.findall(r"`([^`]+)`", row.split("|")[1])
        }
        for title, rows in tables
    }


@pytest.mark.parametrize("page", [PAGE, README], ids=["docs/simulator.md", "README.md"])
@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("The file", WorldFile),
        ("An organization", OrganizationFile),
        ("A team", TeamFile),
        ("A repository, or a kind", RepositoryFile),
        ("An environment", EnvironmentFile),
        ("An app", AppFile),
        ("A token", TokenFile),
    ],
)
def test_both_pages_document_every_key(title: str, model: type[BaseModel], page: Path) -> None:
    keys = {name.replace("_", "-") for name in model.model_fields}

    assert keys == read_documented_keys(page)[title]


@pytest.mark.parametrize("page", [PAGE, README], ids=["docs/simulator.md", "README.md"])
def test_both_pages_document_the_settings_of_actions(page: Path) -> None:
    models = (RepositoryActionsFile, OrganizationActionsFile)
    keys = {name.replace("_", "-") for model in models for name in model.model_fields}

    assert keys == read_documented_keys(page)["Settings of Actions"]


def test_the_example_of_the_page_is_valid() -> None:
    example = PAGE.read_text().partition("```yaml\n")[2].partition("```")[0]
    world = build(parse(yaml.safe_load(example)))

    assert {"token-owner-1", "read-only"} <= world.tokens.keys()


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            {"organizations": {"o": {"owners": ["ada"]}}},
            "organizations.o.owners: 'ada' is not under users",
        ),
        ({"tokens": {"t": {"user": "ada"}}}, "tokens.t.user: 'ada' is not under users"),
        (
            {"apps": {"a": {"installed-in": "o"}}},
            "apps.a.installed-in: 'o' is not under organizations",
        ),
        (
            {"organizations": {"o": {"repositories": {"r": "kind"}}}},
            "organizations.o.repositories.r.like: 'kind' is not under kinds (none)",
        ),
        ({"kinds": {"k": {"files": "f"}}}, "kinds.k.files: 'f' is not under file-sets (none)"),
        (
            {"organizations": {"o": {"teams": {"t": {"repositories": {"write": ["r"]}}}}}},
            "organizations.o.teams.t.repositories.write: 'r' is not a repository of o",
        ),
        (
            {"kinds": {"k": {"invitations": {"write": ["ada"]}}}},
            "kinds.k.invitations.write: 'ada' is not under users",
        ),
        (
            {"kinds": {"k": {"environments": {"e": {"reviewers": {"users": ["ada"]}}}}}},
            "kinds.k.environments.e.reviewers.users: 'ada' is not under users",
        ),
        (
            {"organizations": {"o": {"invitations": {"admin": ["ada"]}}}},
            "organizations.o.invitations.admin: 'ada' is not under users",
        ),
        (
            {"organizations": {"o": {"teams": {"t": {"invitations": {"member": ["ada"]}}}}}},
            "organizations.o.teams.t.invitations.member: 'ada' is not under users",
        ),
        (
            {"kinds": {"k": {"collaborators": {"write": ["ada"]}}}},
            "kinds.k.collaborators.write: 'ada' is not under users",
        ),
    ],
)
def test_an_undefined_name_is_reported_with_its_key(document: dict[str, Any], problem: str) -> None:
    assert [problem] == find_problems(document)


@pytest.mark.parametrize("role", ["members", "maintainers"])
def test_a_team_has_members_of_the_organization_alone(role: str) -> None:
    document = {"users": ["ada"], "organizations": {"o": {"teams": {"t": {role: ["ada"]}}}}}

    assert find_problems(document) == [
        f"organizations.o.teams.t.{role}: 'ada' is not under owners or members of o; "
        "put users without a membership under invitations"
    ]


def test_the_error_for_an_unknown_world_lists_the_worlds() -> None:
    with pytest.raises(WorldError, match="Give a path, or one of: empty, encode"):
        read("nothing")


def test_invalid_yaml_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text("users: [")

    with pytest.raises(WorldError, match="is not YAML"):
        read(str(file))


def test_a_world_file_can_define_teams_and_tokens() -> None:
    world: World = build(
        parse(
            {
                "users": ["ada", "bob"],
                "organizations": {
                    "o": {
                        "members": ["ada", "bob"],
                        "secrets": {"shared": "x"},
                        "repositories": {"r": {"visibility": "private"}},
                        "teams": {
                            "Core Team": {
                                "members": ["bob"],
                                "maintainers": ["ada"],
                                "repositories": {"write": ["r"]},
                            }
                        },
                    }
                },
                "tokens": {"small": {"user": "ada", "scopes": ["repo"]}},
            }
        )
    )
    organization = world.organization("o")
    assert organization is not None
    team = organization.team("core-team")

    assert team is not None
    assert sorted(team.members.values()) == ["maintainer", "member"]
    assert frozenset({"repo"}) == world.tokens["small"].scopes
    assert list(organization.secrets) == ["SHARED"]
