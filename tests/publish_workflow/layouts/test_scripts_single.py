"""The layout `scripts-single`: one job, as in Tom Christie's article."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow

LAYOUT = "scripts-single"


def test_the_only_job_waits_at_the_environment() -> None:
    assert list(workflow(LAYOUT)["jobs"]) == ["publish"]
    assert job("publish", LAYOUT)["environment"] == {"name": "deploy"}


def test_the_steps_match_those_of_the_article() -> None:
    assert outline("publish", LAYOUT, deploys_docs=True) == [
        ("Check out the tag", "actions/checkout"),
        ("Set up Python", "actions/setup-python"),
        ("Install dependencies", "scripts/install"),
        ("Build package & docs", "scripts/build"),
        ("Publish to PyPI & deploy docs", "scripts/publish"),
    ]


def test_without_docs_the_last_step_only_publishes() -> None:
    assert steps("publish", LAYOUT)[-1]["name"] == "Publish to PyPI"


def test_the_job_only_reads_and_leaves_no_credential() -> None:
    assert job("publish", LAYOUT)["permissions"] == {"contents": "read"}
    assert step("publish", "Check out", LAYOUT)["with"] == {"persist-credentials": "false"}


def test_docs_need_write_permission_and_a_credential() -> None:
    assert job("publish", LAYOUT, deploys_docs=True)["permissions"] == {"contents": "write"}
    assert step("publish", "Check out", LAYOUT, deploys_docs=True)["with"] == {
        "persist-credentials": "true"
    }
    assert text(LAYOUT, deploys_docs=True).count(" # scripts/publish pushes the docs.\n") == 2


def test_docs_override_a_declared_read_permission() -> None:
    permissions = {"contents": "read", "pages": "write"}

    assert job("publish", LAYOUT, deploys_docs=True, permissions=permissions)["permissions"] == {
        "contents": "write",
        "pages": "write",
    }


def test_only_the_last_step_gets_the_token() -> None:
    *before, last = steps("publish", LAYOUT)

    assert last["env"] == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert not any("env" in data for data in [workflow(LAYOUT), job("publish", LAYOUT), *before])
