"""A plan: everything that is known before anything is started."""

import pytest

from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.people import MAINTAINER
from commands.rehearsal.plan import plan
from simulated_github.world.building import build
from tests.commands.rehearsal.declarations import USUAL, of_one


def test_repository_and_tag_are_made_up_when_left_out() -> None:
    found = plan(USUAL)

    assert (found.full_name, found.tag, found.version) == ("encode/httpcore", "0.2.0", "0.2.0")
    assert (found.layout, found.has_token, found.secrets) == ("scripts", True, ("PYPI_TOKEN",))
    assert found.workflow == ".github/workflows/publish.yml"


def test_a_layout_without_a_token_has_no_secrets() -> None:
    found = plan(USUAL, layout="trusted-publishing")

    assert (found.has_token, found.secrets, found.upload_secret) == (False, (), "")


def test_another_secret_uploads_where_the_usual_one_is_not_declared() -> None:
    assert plan(of_one({"secrets": ["UPLOAD_KEY", "A_KEY"]})).upload_secret == "A_KEY"
    assert plan(of_one({"secrets": ["A_KEY", "PYPI_TOKEN"]})).upload_secret == "PYPI_TOKEN"


def test_a_layout_with_a_token_and_no_secret_is_refused() -> None:
    with pytest.raises(ChoiceError, match="secrets is empty"):
        plan(of_one({"secrets": []}))


def test_a_maintainer_who_is_made_up_is_declared_too() -> None:
    found = plan(of_one(maintainers={"members": ["operator-1", "operator-2"]}))

    assert MAINTAINER in found.settings.maintainers.members


def test_its_world_can_be_built_and_has_the_people_and_the_sources() -> None:
    found = plan(of_one({"reviewers": {"teams": ["auditors"]}}, stack_repository="the-stack"))

    world = build(found.world)

    assert {"encode/httpx", "encode/not-httpx", "encode/the-stack"} == {
        r.full_name for r in world.repositories.values()
    }
    assert {"operator-1", "owner-1", "member-1-of-auditors"} <= {
        user.login for user in world.users.values()
    }
    repository = world.repository("encode", "httpx")
    assert repository is not None
    head = repository.git.refs[repository.default_ref]
    assert [
        p for p in found.package.files("0.0.1", "PYPI_TOKEN") if not repository.git.entry(head, p)
    ] == []


def test_the_app_that_applies_the_stack_is_in_its_world() -> None:
    found = plan(of_one(applied_by={"app": "our-app", "id": 7}))

    assert [app.slug for app in build(found.world).apps.values()] == ["our-app"]
