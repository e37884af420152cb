"""The layout `scripts`: a job that builds, and a job that publishes by the repository's script."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow


def test_the_publishing_job_needs_the_build_job() -> None:
    assert list(workflow()["jobs"]) == ["build", "publish"]
    assert "needs" not in job("build")
    assert job("publish")["needs"] == "build"


def test_the_tag_is_summarized_before_its_code_runs() -> None:
    assert outline("build") == [
        ("Check out the tag", "actions/checkout"),
        ("Summarize the tag", "bash"),
        ("Set up Python", "actions/setup-python"),
        ("Install dependencies", "scripts/install"),
        ("Build package & docs", "scripts/build"),
        ("Upload the build", "actions/upload-artifact"),
        ("Summarize the build", "python"),
    ]


def test_the_publishing_job_publishes_the_artifact() -> None:
    assert outline("publish") == [
        ("Check out the tag", "actions/checkout"),
        ("Set up Python", "actions/setup-python"),
        ("Download the build", "actions/download-artifact"),
        ("Install publishing dependencies", "scripts/install"),
        ("Publish to PyPI", "scripts/publish"),
    ]


def test_no_checkout_leaves_a_credential() -> None:
    assert step("build", "Check out")["with"] == {
        "fetch-depth": "0",
        "persist-credentials": "false",
    }
    assert step("publish", "Check out")["with"] == {"persist-credentials": "false"}


def test_the_build_job_only_reads_and_has_no_secret() -> None:
    build = job("build", secrets=("DOCS_KEY", "PYPI_TOKEN"), permissions={"packages": "write"})

    assert build["permissions"] == {"contents": "read"}
    assert "environment" not in build
    assert "secrets." not in str(build)


def test_the_artifact_is_kept_until_an_approval_expires() -> None:
    upload = step("build", "Upload")

    assert upload["with"] == {
        "name": "dist",
        "path": "dist/",
        "if-no-files-found": "error",
        "retention-days": "30",
    }
    assert job("build")["outputs"] == {
        "artifact-id": f"${{{{ steps.{upload['id']}.outputs.artifact-id }}}}"
    }


def test_the_artifact_is_downloaded_by_its_id() -> None:
    """Another job could take its name."""
    assert step("publish", "Download")["with"] == {
        "artifact-ids": "${{ needs.build.outputs.artifact-id }}",
        "path": "dist/",
    }


def test_only_the_last_step_gets_the_token() -> None:
    *before, last = steps("publish")

    assert last["env"] == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert not any("env" in data for data in [workflow(), job("publish"), *before])
    assert text().count("secrets.") == 1


def test_another_secret_keeps_its_own_name() -> None:
    assert steps("publish", secrets=("DOCS_KEY", "PYPI_TOKEN"))[-1]["env"] == {
        "DOCS_KEY": "${{ secrets.DOCS_KEY }}",
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert steps("publish", secrets=("DOCS_KEY",))[-1]["env"] == {
        "DOCS_KEY": "${{ secrets.DOCS_KEY }}"
    }


def test_without_secrets_the_last_step_has_no_variables() -> None:
    assert "env" not in steps("publish", secrets=())[-1]
    assert "secrets." not in text(secrets=())


def test_the_publishing_job_can_install_less() -> None:
    command = "python -m pip install --require-hashes -r requirements/publish.txt"

    assert step("publish", "Install", publish_install=command)["run"] == command
    assert step("build", "Install", publish_install=command)["run"] == "scripts/install"


def test_declared_permissions_are_for_the_publishing_job() -> None:
    permissions = {"packages": "write", "contents": "write"}

    assert job("publish", permissions=permissions)["permissions"] == permissions
    assert "      packages: write # Declared in the stack's configuration.\n" in text(
        permissions=permissions
    )
    assert job("publish", permissions={"contents": "read"})["permissions"] == {"contents": "read"}
    assert text(permissions={"contents": "read"}) == text()
