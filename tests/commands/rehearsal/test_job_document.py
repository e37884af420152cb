"""One job of a workflow file as a workflow of its own: the job as it is, with what is before and after it."""

from commands.rehearsal.job_document import REPORT, labels, one_job

FILE = """\
name: Publish
on:
  push:
    tags: ['*']
permissions: {}
env: {COMMON: 'yes'}
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: scripts/build}]
  publish:
    needs: build
    if: github.repository == 'encode/httpx'
    runs-on: [self-hosted, linux]
    environment: {name: deploy}
    steps:
      - run: scripts/publish
        env: {TWINE_PASSWORD: '${{ secrets.PYPI_TOKEN }}', ID: '${{ needs.build.outputs.artifact-id }}'}
"""
NEEDS = {"build": {"result": "success", "outputs": {"artifact-id": "17"}}}


def test_the_job_stays_as_it_is_in_the_file() -> None:
    job = one_job(FILE, "publish", NEEDS, "push")["jobs"]["publish"]

    assert job["if"] == "github.repository == 'encode/httpx'"
    assert job["steps"][0]["env"]["TWINE_PASSWORD"] == "${{ secrets.PYPI_TOKEN }}"
    assert job["environment"] == {"name": "deploy"}


def test_what_the_file_says_for_all_jobs_is_kept_but_for_when_they_run() -> None:
    workflow = one_job(FILE, "publish", NEEDS, "push")

    assert (workflow["name"], workflow["permissions"], workflow["env"]) == (
        "Publish",
        {},
        {"COMMON": "yes"},
    )
    assert workflow["on"] == "push"
    assert set(workflow) == {"name", "on", "permissions", "env", "jobs"}


def test_a_job_before_it_only_has_its_result_and_its_outputs() -> None:
    before = one_job(FILE, "publish", NEEDS, "push")["jobs"]["build"]

    assert before["outputs"] == {"artifact-id": "17"}
    assert before["steps"] == [{"run": "exit 0"}]


def test_a_job_before_it_that_failed_fails() -> None:
    needs = {"build": {"result": "failure", "outputs": {}}}

    assert one_job(FILE, "publish", needs, "push")["jobs"]["build"]["steps"] == [{"run": "exit 1"}]


def test_a_job_after_it_always_reports_how_it_ended() -> None:
    report = one_job(FILE, "publish", NEEDS, "push")["jobs"][REPORT]

    assert (report["needs"], report["if"]) == (["publish"], "always()")


def test_the_labels_of_its_runner_are_one_or_many() -> None:
    assert labels({"runs-on": "ubuntu-latest"}) == ["ubuntu-latest"]
    assert labels({"runs-on": ["self-hosted", "linux"]}) == ["self-hosted", "linux"]
