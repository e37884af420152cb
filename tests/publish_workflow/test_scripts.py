"""The layout `scripts`: built first, in sight of whoever approves, and published by the repository's own script."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow


def test_there_are_two_jobs_one_after_the_other() -> None:
    assert list(workflow()["jobs"]) == ["build", "publish"]
    assert "needs" not in job("build")
    assert job("publish")["needs"] == "build"


def test_the_build_looks_at_the_tag_before_anything_of_the_tag_runs() -> None:
    assert outline("build") == [
        ("Check out the tag", "actions/checkout"),
        ("Say what was tagged", "bash"),
        ("Set up Python", "actions/setup-python"),
        ("Install dependencies", "scripts/install"),
        ("Build package & docs", "scripts/build"),
        ("Keep what was built", "actions/upload-artifact"),
        ("Say what was built", "python"),
    ]


def test_the_publishing_job_installs_and_publishes_what_was_built() -> None:
    assert outline("publish") == [
        ("Check out the tag", "actions/checkout"),
        ("Set up Python", "actions/setup-python"),
        ("Download what was built", "actions/download-artifact"),
        ("Install what publishing needs", "scripts/install"),
        ("Publish to PyPI", "scripts/publish"),
    ]


def test_no_checkout_leaves_a_credential_behind_and_the_build_has_the_history() -> None:
    assert step("build", "Check out")["with"] == {
        "fetch-depth": "0",
        "persist-credentials": "false",
    }
    assert step("publish", "Check out")["with"] == {"persist-credentials": "false"}


def test_the_build_has_neither_environment_nor_secret_nor_more_than_reading() -> None:
    build = job("build", secrets=("DOCS_KEY", "PYPI_TOKEN"), permissions={"packages": "write"})

    assert build["permissions"] == {"contents": "read"}
    assert "environment" not in build
    assert "secrets." not in str(build)


def test_what_was_built_is_kept_while_somebody_may_approve_and_nothing_built_is_an_error() -> None:
    keep = step("build", "Keep")

    assert keep["with"] == {
        "name": "dist",
        "path": "dist/",
        "if-no-files-found": "error",
        "retention-days": "30",
    }
    assert job("build")["outputs"] == {
        "artifact-id": f"${{{{ steps.{keep['id']}.outputs.artifact-id }}}}"
    }


def test_the_artifact_is_taken_by_its_number_and_never_by_a_name_that_another_job_could_take() -> (
    None
):
    assert step("publish", "Download")["with"] == {
        "artifact-ids": "${{ needs.build.outputs.artifact-id }}",
        "path": "dist/",
    }


def test_the_token_is_given_to_the_last_step_alone_and_in_twines_words() -> None:
    *before, last = steps("publish")

    assert last["env"] == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert not any("env" in each for each in [workflow(), job("publish"), *before])
    assert text().count("secrets.") == 1


def test_any_other_secret_has_its_own_name() -> None:
    assert steps("publish", secrets=("DOCS_KEY", "PYPI_TOKEN"))[-1]["env"] == {
        "DOCS_KEY": "${{ secrets.DOCS_KEY }}",
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert steps("publish", secrets=("DOCS_KEY",))[-1]["env"] == {
        "DOCS_KEY": "${{ secrets.DOCS_KEY }}"
    }


def test_without_secrets_there_is_no_environment_of_the_step() -> None:
    assert "env" not in steps("publish", secrets=())[-1]
    assert "secrets." not in text(secrets=())


def test_publishing_may_install_less_than_building() -> None:
    command = "python -m pip install --require-hashes -r requirements/publish.txt"

    assert step("publish", "Install", publish_install=command)["run"] == command
    assert step("build", "Install", publish_install=command)["run"] == "scripts/install"


def test_further_permissions_are_those_of_the_publishing_job_and_say_where_they_come_from() -> None:
    permissions = {"packages": "write", "contents": "write"}

    assert job("publish", permissions=permissions)["permissions"] == permissions
    assert "      packages: write # As declared in the stack's configuration.\n" in text(
        permissions=permissions
    )
    assert job("publish", permissions={"contents": "read"})["permissions"] == {"contents": "read"}
    assert text(permissions={"contents": "read"}) == text()
