"""The layout `scripts-single`: the article's one job."""

from tests.publish_workflow.published import job, outline, step, steps, text, workflow

LAYOUT = "scripts-single"


def test_there_is_one_job_and_all_of_it_waits() -> None:
    assert list(workflow(LAYOUT)["jobs"]) == ["publish"]
    assert job("publish", LAYOUT)["environment"] == {"name": "deploy"}


def test_the_steps_are_those_of_the_article() -> None:
    assert outline("publish", LAYOUT, deploys_docs=True) == [
        ("Check out the tag", "actions/checkout"),
        ("Set up Python", "actions/setup-python"),
        ("Install dependencies", "scripts/install"),
        ("Build package & docs", "scripts/build"),
        ("Publish to PyPI & deploy docs", "scripts/publish"),
    ]


def test_without_docs_the_last_step_does_not_say_that_it_deploys_them() -> None:
    assert steps("publish", LAYOUT)[-1]["name"] == "Publish to PyPI"


def test_it_reads_the_repository_and_leaves_no_credential_behind() -> None:
    assert job("publish", LAYOUT)["permissions"] == {"contents": "read"}
    assert step("publish", "Check out", LAYOUT)["with"] == {"persist-credentials": "false"}


def test_docs_cost_write_permission_and_a_credential_that_stays_and_both_lines_say_why() -> None:
    assert job("publish", LAYOUT, deploys_docs=True)["permissions"] == {"contents": "write"}
    assert step("publish", "Check out", LAYOUT, deploys_docs=True)["with"] == {
        "persist-credentials": "true"
    }
    assert text(LAYOUT, deploys_docs=True).count(" # scripts/publish pushes the docs.\n") == 2


def test_docs_win_over_a_declared_permission_to_read() -> None:
    permissions = {"contents": "read", "pages": "write"}

    assert job("publish", LAYOUT, deploys_docs=True, permissions=permissions)["permissions"] == {
        "contents": "write",
        "pages": "write",
    }


def test_the_token_is_given_to_the_last_step_alone() -> None:
    *before, last = steps("publish", LAYOUT)

    assert last["env"] == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert not any("env" in each for each in [workflow(LAYOUT), job("publish", LAYOUT), *before])
