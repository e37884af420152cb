"""What is rehearsed of a declaration: one repository, as declared but for what is said."""

import pytest

from commands.rehearsal.declaration import reduced, with_maintainer
from commands.rehearsal.errors import ChoiceError
from stacks.settings import SettingsError
from tests.commands.rehearsal.declarations import USUAL, declared, of_one


def test_only_the_rehearsed_repository_stays_declared() -> None:
    many = declared(repositories={f"package-{number:03}": None for number in range(500)})

    rehearsed = reduced(many, "package-321", None)

    assert [repository.name for repository in rehearsed.settings.repositories] == ["package-321"]
    assert rehearsed.notes == ()


def test_the_first_repository_is_rehearsed_unless_another_is_named() -> None:
    assert reduced(USUAL, None, None).settings.repositories[0].name == "httpcore"
    assert reduced(USUAL, "HTTPX", None).settings.repositories[0].name == "httpx"


def test_the_repository_of_the_stack_is_passed_over() -> None:
    stack = {"maintainers-permission": "read"}
    configuration = declared(
        stack_repository="a-stack", repositories={"a-stack": stack, "httpx": None}
    )

    assert reduced(configuration, None, None).settings.repositories[0].name == "httpx"
    with pytest.raises(ChoiceError, match="one of the declared repositories: httpx"):
        reduced(configuration, "a-stack", None)


def test_an_unknown_repository_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ChoiceError,
        match=r"REPOSITORY is 'nope'\n    allowed: one of the declared repositories: httpcore, httpx",
    ):
        reduced(USUAL, "nope", None)


def test_an_unknown_layout_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ChoiceError,
        match=r"--layout is 'fancy'\n    allowed: one of scripts, scripts-single, trusted-publishing",
    ):
        reduced(USUAL, None, "fancy")


def test_a_declaration_that_cannot_be_used_is_refused_as_the_stack_refuses_it() -> None:
    with pytest.raises(SettingsError, match="nonsense"):
        reduced(declared(nonsense=1), None, None)


def test_the_defaults_are_those_of_the_declaration() -> None:
    configuration = of_one({"approvals": 2}, defaults={"release-tags": "v*", "approvals": 1})

    repository = reduced(configuration, None, None).settings.repositories[0]

    assert (repository.release_tags, repository.approvals) == ("v*", 2)


def test_what_a_rehearsal_cannot_have_is_left_out_and_said() -> None:
    configuration = of_one(
        {"create": True, "formerly": "old", "publish-install": "pip install twine"},
        defaults={"wait-minutes": 5},
    )

    rehearsed = reduced(configuration, None, None)

    repository = rehearsed.settings.repositories[0]
    assert (repository.create, repository.formerly, repository.wait_minutes) == (False, None, 0)
    assert repository.publishing.publish_install == "scripts/install"
    assert len(rehearsed.notes) == 4


def test_another_layout_leaves_out_the_options_that_it_does_not_have() -> None:
    configuration = of_one(
        {"secrets": ["PYPI_TOKEN"], "permissions": {"packages": "read"}, "timeout-minutes": 7}
    )

    rehearsed = reduced(configuration, None, "trusted-publishing")

    repository = rehearsed.settings.repositories[0]
    assert (repository.publishing.layout, repository.publishing.timeout_minutes) == (
        "trusted-publishing",
        7,
    )
    assert repository.secrets == ()
    assert rehearsed.notes[0] == "the layout trusted-publishing, in place of scripts"
    assert len(rehearsed.notes) == 3


def test_the_declared_layout_asked_for_by_name_changes_nothing() -> None:
    configuration = of_one({"publish": "scripts-single", "deploys-docs": True})

    rehearsed = reduced(configuration, None, "scripts-single")

    assert rehearsed == reduced(configuration, None, None)
    assert rehearsed.settings.repositories[0].publishing.deploys_docs


def test_credentials_of_the_real_github_are_not_taken_over() -> None:
    configuration = {
        **USUAL,
        "github:token": {"secure": "abc"},
        "github:baseUrl": "https://ghe.example/",
    }

    assert [
        key for key in reduced(configuration, None, None).configuration if key.startswith("github:")
    ] == ["github:owner"]


def test_somebody_more_among_the_maintainers_is_said() -> None:
    rehearsed = with_maintainer(reduced(USUAL, None, None), "somebody")

    assert "somebody" in rehearsed.settings.maintainers.members
    assert "somebody is made up" in rehearsed.notes[-1]
