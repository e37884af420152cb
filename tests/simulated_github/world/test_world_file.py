"""World files: validated whole, every problem at once."""

from pathlib import Path
from typing import Any

import pytest

from simulated_github import World, WorldError
from simulated_github.world.building import build
from simulated_github.world.world_file import parse, read


def problems(document: Any) -> list[str]:
    with pytest.raises(WorldError) as caught:
        parse(document)
    return str(caught.value).splitlines()[1:]


def test_the_organization_of_before_is_what_the_article_starts_from() -> None:
    world = build(read("encode"))
    httpx, databases = world.repository("encode", "httpx"), world.repository("encode", "databases")
    organization = world.organization("encode")

    assert httpx is not None
    assert databases is not None
    assert organization is not None
    assert list(httpx.secrets) == ["PYPI_TOKEN"]
    assert (len(httpx.environments), len(organization.teams)) == (0, 0)
    assert (httpx.default_branch, databases.default_branch) == ("main", "master")
    assert len(organization.members) == 14
    assert len(httpx.collaborators) == 15


def test_an_empty_world_has_an_owner_and_no_repository() -> None:
    world = build(read("empty"))

    assert list(world.repositories) == []
    assert world.user("owner-1") is not None


def test_scripts_can_be_run_and_bear_the_repositorys_name() -> None:
    world = build(read("encode"))
    httpx = world.repository("encode", "httpx")
    assert httpx is not None

    head = httpx.git.refs["refs/heads/main"]
    install, readme = httpx.git.entry(head, "scripts/install"), httpx.git.entry(head, "README.md")

    assert install is not None
    assert readme is not None
    assert install.mode == 0o100755
    assert (readme.data or b"").startswith(b"# httpx\n")


def test_a_world_is_read_from_a_path(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text("users: [ada-1..3]\n")

    assert [user.login for user in build(read(str(file))).users.values()] == [
        "ada-1",
        "ada-2",
        "ada-3",
    ]


def test_groups_and_ranges_are_written_out_once() -> None:
    file = parse({"users": ["ada-1..3"], "groups": {"all": ["ada-1..2", "ada-2..3"]}})

    assert file.people(["all", "ada-1"]) == ["ada-1", "ada-2", "ada-3"]


def test_everything_wrong_is_told_at_once() -> None:
    wrong = {
        "user": [],
        "organizations": {
            "encode": {"plan": "gold", "owners": "owner-1", "repositories": {"a": {"files": 1}}}
        },
    }

    found = problems(wrong)

    assert len(found) == 4
    assert any(
        line.startswith("organizations.encode.plan: ") and "'gold'" in line and "'free'" in line
        for line in found
    )


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
            {"kinds": {"k": {"collaborators": {"write": ["ada"]}}}},
            "kinds.k.collaborators.write: 'ada' is not under users",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_its_place(
    document: dict[str, Any], problem: str
) -> None:
    assert [problem] == problems(document)


def test_a_world_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(WorldError, match="Give a path, or one of: empty, encode"):
        read("nothing")


def test_what_is_not_yaml_is_told(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text("users: [")

    with pytest.raises(WorldError, match="is not YAML"):
        read(str(file))


def test_teams_and_tokens_can_be_there_from_the_start() -> None:
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
