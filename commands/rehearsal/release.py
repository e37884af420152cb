"""The release of a rehearsal, from the change of the version to the installed package."""

import json
import re
import sys
from functools import partial
from pathlib import PurePosixPath

import httpx

from commands.rehearsal.errors import (
    BYPASS_NOT_ALLOWED,
    REVIEW_REQUIRED,
    REVIEWER_REQUIRED,
    TAG_CREATION_RESTRICTED,
    WRITE_ACCESS_REQUIRED,
    StoppedError,
)
from commands.rehearsal.github import jobs_with_secrets
from commands.rehearsal.harness import Harness
from commands.rehearsal.runner import RunnerJob
from commands.rehearsal.scenario import DEFAULT_BRANCH, ENVIRONMENT
from commands.rehearsal.timeline import Phase
from commands.rehearsal.trusted_publishing import NO_ATTESTATIONS, TrustedPublisher
from commands.sandbox import EngineError

# Assumption: of the simulated GitHub; the issuer of the real one has its own host.
ISSUER_PATH = "/_actions"
DOCS_BRANCH = "gh-pages"
LOG_LINES = 40  # of a failed job
LINTERS = {
    "actionlint": ("actionlint", "-no-color"),
    "zizmor": ("zizmor", "--offline", "--persona=pedantic", "--no-progress", "--color=never"),
}
MAINTAINERS_MAY = "the declaration lets maintainers do this"


def play_release(harness: Harness) -> None:
    """Release the package. Raise `StoppedError` if a step fails that the others depend on."""
    apply_stack(harness)
    if not harness.scenario.has_token:
        enter_trusted_publisher(harness)
    lint_workflow(harness)
    harness.timeline.phase = Phase.MERGE
    merge_version(harness)
    harness.timeline.phase = Phase.TAG
    run = push_release_tag(harness)
    harness.timeline.phase = Phase.WAIT
    run_until_gate(harness, run)
    approve_deployment(harness, run)
    harness.timeline.phase = Phase.PUBLISH
    publish_package(harness, run)
    install_package(harness)


def apply_stack(harness: Harness) -> None:
    """Run `pulumi up`."""
    try:
        finished = harness.sandbox.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs")
    except EngineError as error:
        output = harness.redactor.redact(error.output)
        raise StoppedError(f"pulumi up failed:\n{output}") from None
    created = re.search(r"^ +\+ (\d+) created$", finished.output, flags=re.MULTILINE)
    count = created[1] if created else "no"
    harness.timeline.add("pulumi", "applies the stack", f"{count} resources created")


def enter_trusted_publisher(harness: Harness) -> None:
    """Make the index trust the publisher in the outputs of the stack, as a person does on PyPI.

    Raise `StoppedError` if the outputs have none.
    """
    name = harness.scenario.repository.name
    outputs = json.loads(harness.sandbox.pulumi("stack", "output", "--json").output)
    form: str | None = outputs.get("trustedPublishers", {}).get(name)
    if form is None:
        raise StoppedError(f"the outputs of the stack have no trusted publisher for {name}")
    # The form is `Owner: encode · Repository name: httpx · ...`, with the labels of PyPI's page.
    fields = dict(entry.split(": ", 1) for entry in form.split(" · "))
    owner = fields["Owner"]
    response = httpx.get(f"{harness.simulated.url}/users/{owner}", timeout=30, trust_env=False)
    harness.index.trusted.publisher = TrustedPublisher(
        issuer=f"{harness.simulated.url}{ISSUER_PATH}",
        owner=owner,
        owner_id=str(response.raise_for_status().json()["id"]),
        repository=fields["Repository name"],
        workflow=fields["Workflow name"],
        environment=fields["Environment name"],
    )
    harness.timeline.add(
        "pulumi", "names the trusted publisher", "entered on the index", details=form
    )


def lint_workflow(harness: Harness) -> None:
    """Read the publish workflow back from GitHub, and run the linters on it."""
    path = harness.scenario.workflow
    directory = harness.root / "linted"
    file = directory / path
    file.parent.mkdir(parents=True)
    text = harness.github.file_text(harness.scenario.people.owner, path)
    file.write_text(text, encoding="utf-8")
    for linter, command in LINTERS.items():
        result = harness.processes.run([*command, str(file)], directory)
        passed = result.code == 0
        harness.timeline.add(
            linter,
            f"checks {PurePosixPath(path).name}",
            "no findings" if passed else "findings",
            details="" if passed else result.output,
            passed=passed,
        )


def merge_version(harness: Harness) -> None:
    """Change the version by pull request, the only way to change the default branch."""
    scenario = harness.scenario
    timeline = harness.timeline
    author = scenario.people.author
    reviewers = scenario.people.reviewers
    branch = f"release-{scenario.version}"
    harness.git.fetch(author)
    files = {scenario.package.version_file: scenario.package.version_text(scenario.version)}
    harness.git.commit(author, DEFAULT_BRANCH, files, f"Release {scenario.version}")
    timeline.expect_refusal(
        author,
        f"pushes to {DEFAULT_BRANCH} without review",
        partial(harness.git.push, author, f"HEAD:refs/heads/{DEFAULT_BRANCH}"),
        REVIEW_REQUIRED,
    )
    timeline.expect_success(
        author,
        f"pushes to {branch}",
        partial(harness.git.push, author, f"HEAD:refs/heads/{branch}"),
        minor=True,
    )
    timeline.expect_success(
        author,
        f"merges what {' and '.join(reviewers)} approved",
        partial(harness.github.merge, author, reviewers, branch, DEFAULT_BRANCH),
    )
    harness.git.fetch(author)


def push_release_tag(harness: Harness) -> int:
    """Push the release tag, and return the id of the run that it started."""
    scenario = harness.scenario
    timeline = harness.timeline
    people = scenario.people
    action = f"pushes the tag {scenario.tag}"
    refspec = f"origin/{DEFAULT_BRANCH}:refs/tags/{scenario.tag}"
    if scenario.repository.tag_creators == "maintainers":
        timeline.skip(people.maintainer, action, MAINTAINERS_MAY)
    else:
        may_write = scenario.repository.maintainers_permission == "write"
        timeline.expect_refusal(
            people.maintainer,
            action,
            partial(harness.git.push, people.maintainer, refspec),
            TAG_CREATION_RESTRICTED if may_write else WRITE_ACCESS_REQUIRED,
        )
    timeline.expect_success(
        people.pusher, action, partial(harness.git.push, people.pusher, refspec)
    )
    run = harness.newest_run(f"refs/tags/{scenario.tag}")
    commit = run["head_sha"]
    timeline.add(
        "GitHub",
        f"starts {PurePosixPath(scenario.workflow).name} of that commit",
        f"run {run['id']}",
        details=f"commit {commit}",
        passed=commit == harness.git.commit_id(f"origin/{DEFAULT_BRANCH}"),
        minor=True,
    )
    return int(run["id"])


def run_until_gate(harness: Harness, run: int) -> None:
    """Run the jobs that need no approval. Raise `StoppedError` unless the run then waits."""
    for job in harness.runner.run_waiting_jobs(run):
        add_job(harness, job)
    status = harness.run_status(run)
    harness.timeline.add(
        "GitHub", f"holds the run at {ENVIRONMENT}", status, passed=status == "waiting"
    )
    if status != "waiting":
        raise StoppedError(f"the run does not wait at {ENVIRONMENT}: it is {status}")
    add_withheld_secrets(harness)


def add_job(
    harness: Harness, job: RunnerJob, secrets: tuple[str, ...] = (), *, minor: bool = False
) -> None:
    """Add a job that must succeed with exactly these secrets. Raise `StoppedError` if it fails."""
    outcome = job.conclusion
    right_secrets = set(job.secrets) == set(secrets)
    if not right_secrets:
        outcome = f"{job.conclusion}, with the wrong secrets"
    passed = job.conclusion == "success" and right_secrets
    action = f"runs {job.key} with {job.credentials}"
    harness.timeline.add("act", action, outcome, passed=passed, minor=minor)
    if job.summary:
        details = summary_text(job.summary)
        harness.timeline.add(
            "GitHub", f"shows approvers what {job.key} wrote", "done", details=details, minor=True
        )
    if job.conclusion != "success":
        raise StoppedError("\n".join((f"the job {job.key} failed:", *job.log[-LOG_LINES:])))


def summary_text(summary: str) -> str:
    """Return the sentences of a summary in Markdown, without its titles, code blocks and links."""
    text = re.sub(r"```.*?```", "", summary, flags=re.DOTALL)
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "http"))]
    return " ".join(line.strip("* ") for line in lines)


def add_withheld_secrets(harness: Harness) -> None:
    """Check that no job has got a secret so far."""
    if not harness.scenario.secrets:
        return
    jobs = jobs_with_secrets(harness.control.runs())
    harness.timeline.add(
        "GitHub",
        f"keeps the secrets of {ENVIRONMENT}",
        f"given to {', '.join(jobs)}" if jobs else "given to no job",
        passed=not jobs,
        minor=True,
    )


def approve_deployment(harness: Harness, run: int) -> None:
    """Try the approvals that must be refused, and then approve the deployment."""
    people = harness.scenario.people
    timeline = harness.timeline
    review = harness.github.review_deployments
    action = "approves the deployment"
    if people.maintainers_approve:
        timeline.skip(people.maintainer, action, MAINTAINERS_MAY)
    else:
        attempt = partial(review, people.maintainer, run, "approved")
        timeline.expect_refusal(people.maintainer, action, attempt, REVIEWER_REQUIRED)
    timeline.expect_refusal(
        people.pusher,
        "approves their own tag's deployment",
        partial(review, people.pusher, run, "approved"),
        REVIEWER_REQUIRED,
    )
    timeline.expect_refusal(
        people.owner,
        "starts the waiting job as an admin",
        partial(harness.control.start_waiting_jobs, run, people.owner),
        BYPASS_NOT_ALLOWED,
    )
    status = harness.run_status(run)
    timeline.add(
        "GitHub",
        f"still holds the run at {ENVIRONMENT}",
        status,
        passed=status == "waiting",
        minor=True,
    )
    add_withheld_secrets(harness)
    timeline.expect_success(
        people.approver, action, partial(review, people.approver, run, "approved")
    )


def publish_package(harness: Harness, run: int) -> None:
    """Run the approved jobs, which upload the package, and check the index."""
    scenario = harness.scenario
    timeline = harness.timeline
    jobs = harness.runner.run_waiting_jobs(run)
    if not jobs:
        raise StoppedError("the approval started no job")
    for job in jobs:
        add_job(harness, job, scenario.secrets)
    for decision in harness.index.trusted.decisions:
        timeline.add(
            "index",
            "checks the identity of the job",
            "trusted" if decision.refusal is None else "refused",
            details=decision.refusal or decision.subject,
            passed=decision.refusal is None,
        )
    files = harness.index.files
    timeline.add(
        "index",
        f"has {scenario.package.name} {scenario.version}",
        f"{len(files)} files",
        details=", ".join(files),
        passed=bool(files),
    )
    if scenario.secrets:
        holders = jobs_with_secrets(harness.control.runs())
        timeline.add(
            "GitHub",
            f"gave the secrets of {ENVIRONMENT}",
            "to no other job",
            details=", ".join(holders),
            passed=len(holders) == len(jobs),
            minor=True,
        )
    else:
        timeline.skip("act", "makes attestations", NO_ATTESTATIONS, minor=True)
    if scenario.package.docs:
        deployed = harness.github.has_branch(scenario.people.owner, DOCS_BRANCH)
        outcome = "done" if deployed else "no such branch"
        timeline.add("act", f"pushes the docs to {DOCS_BRANCH}", outcome, passed=deployed)
    conclusion = harness.run_conclusion(run)
    timeline.add("GitHub", "ends the run", conclusion, passed=conclusion == "success", minor=True)


def install_package(harness: Harness) -> None:
    """Install the released version from the index into a new environment, and import it there."""
    package = harness.scenario.package
    version = harness.scenario.version
    installed = installed_version(harness)
    harness.timeline.add(
        "pip",
        f"installs {package.name}=={version}",
        f"version {installed}",
        details=f"imported as {package.module}",
        passed=installed == version,
    )


def installed_version(harness: Harness) -> str:
    """Install the package, and return its version. Raise `StoppedError` if that fails."""
    package = harness.scenario.package
    requirement = f"{package.name}=={harness.scenario.version}"
    environment = harness.root / "fresh"
    python = str(environment / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-cache-dir"]
    commands = (
        [sys.executable, "-m", "venv", "--without-pip", str(environment)],
        [*pip, "--index-url", f"{harness.index.url}simple/", requirement],
        [python, "-I", "-c", f"import {package.module}; print({package.module}.__version__)"],
    )
    output = ""
    for command in commands:
        result = harness.processes.run(command, harness.root, {"PIP_NO_INDEX": "0"})
        if result.code:
            raise StoppedError(f"{requirement} cannot be installed: {result.output}")
        output = result.output
    return output.strip()
