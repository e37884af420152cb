"""The layout `trusted-publishing`: no token anywhere, and nothing of the tag runs beside the right to publish."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow

LAYOUT = "trusted-publishing"


def test_the_build_is_that_of_the_layout_with_scripts_and_then_compares_tag_and_version() -> None:
    *build, last = steps("build", LAYOUT)

    assert build == steps("build")
    assert last == {
        "name": "Stop if the tag does not name the version that was built",
        "if": "steps.built.outputs.named != 'true'",
        "run": "exit 1",
    }


def test_the_publishing_job_has_exactly_two_steps() -> None:
    assert outline("publish", LAYOUT) == [
        ("Download what was built", "actions/download-artifact"),
        ("Publish to PyPI", "pypa/gh-action-pypi-publish"),
    ]
    assert not any("run" in each for each in steps("publish", LAYOUT))


def test_it_may_ask_for_an_identity_and_may_not_even_read_the_repository() -> None:
    assert job("publish", LAYOUT)["permissions"] == {"id-token": "write"}
    assert job("build", LAYOUT)["permissions"] == {"contents": "read"}


def test_what_is_published_is_what_was_built_and_it_is_attested() -> None:
    assert step("publish", "Download", LAYOUT)["with"] == step("publish", "Download")["with"]
    assert step("publish", "Publish", LAYOUT)["with"] == {
        "packages-dir": "dist/",
        "attestations": "true",
        "print-hash": "true",
    }


def test_there_is_no_secret_and_no_password() -> None:
    assert "secrets" not in text(LAYOUT)
    assert "password" not in text(LAYOUT).lower()


def test_a_variable_does_not_reach_the_publishing_job() -> None:
    assert "env" not in job("publish", LAYOUT, environment_variables={"FORCE_COLOR": "1"})


def test_it_has_no_part_that_another_layout_lacks() -> None:
    assert list(workflow(LAYOUT)["jobs"]) == list(workflow()["jobs"])
