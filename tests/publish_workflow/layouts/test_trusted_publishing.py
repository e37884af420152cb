"""The layout `trusted-publishing`: no token, and no code of the tag runs in the publishing job."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow

LAYOUT = "trusted-publishing"


def test_the_build_job_also_compares_tag_and_version() -> None:
    *build, last = steps("build", LAYOUT)

    assert build == steps("build")
    assert last == {
        "name": "Fail if the tag does not name the built version",
        "if": "steps.built.outputs.named != 'true'",
        "run": "exit 1",
    }


def test_the_publishing_job_has_two_steps() -> None:
    assert outline("publish", LAYOUT) == [
        ("Download the build", "actions/download-artifact"),
        ("Publish to PyPI", "pypa/gh-action-pypi-publish"),
    ]
    assert not any("run" in data for data in steps("publish", LAYOUT))


def test_the_publishing_job_can_only_request_an_identity() -> None:
    assert job("publish", LAYOUT)["permissions"] == {"id-token": "write"}
    assert job("build", LAYOUT)["permissions"] == {"contents": "read"}


def test_the_artifact_is_published_and_attested() -> None:
    assert step("publish", "Download", LAYOUT)["with"] == step("publish", "Download")["with"]
    assert step("publish", "Publish", LAYOUT)["with"] == {
        "packages-dir": "dist/",
        "attestations": "true",
        "print-hash": "true",
    }


def test_there_is_no_secret_and_no_password() -> None:
    assert "secrets" not in text(LAYOUT)
    assert "password" not in text(LAYOUT).lower()


def test_the_publishing_job_gets_no_variable() -> None:
    assert "env" not in job("publish", LAYOUT, environment_variables={"FORCE_COLOR": "1"})


def test_the_layout_has_the_jobs_of_the_layout_scripts() -> None:
    assert list(workflow(LAYOUT)["jobs"]) == list(workflow()["jobs"])
