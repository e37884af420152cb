"""A release, from the change of a version to the installed package."""

import re
import sys
from functools import partial

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.linters import lint
from commands.rehearsal.plan import DEFAULT_BRANCH, ENVIRONMENT
from commands.rehearsal.registration import register
from commands.rehearsal.runner import Job
from commands.rehearsal.stage import Stage
from commands.rehearsal.started_runs import holders, started
from commands.rehearsal.tries import (
    NO_BYPASS,
    NO_REVIEWER,
    NO_WRITER,
    RESTRICTED,
    REVIEWED,
    has_to_be_refused,
    has_to_work,
)
from commands.sandbox import EngineError


def play(stage: Stage) -> None:
    """Releases the package. Raises `StoppedError` where something that has to work does not."""
    apply(stage)
    if not stage.plan.has_token:
        register(stage)
    lint(stage)
    change_the_version(stage)
    push_the_tag(stage)
    run = started(stage, f"refs/tags/{stage.plan.tag}", stage.plan.workflow)
    build(stage, run)
    sign_off(stage, run)
    publish(stage, run)
    install(stage)


def apply(stage: Stage) -> None:
    try:
        finished = stage.sandbox.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs")
    except EngineError as error:
        raise StoppedError(f"pulumi up failed:\n{stage.hidden.text(error.output)}") from None
    created = re.search(r"^ +\+ (\d+) created$", finished.output, flags=re.MULTILINE)
    stage.timeline.add("pulumi", "up", f"{created[1] if created else 'no'} resources created")


def change_the_version(stage: Stage) -> None:
    """By pull request, as everything is changed: the default branch takes nothing else."""
    plan, git, timeline, author = stage.plan, stage.git, stage.timeline, stage.plan.cast.author
    branch, readers = f"release-{plan.version}", plan.cast.readers
    git.fetch(author)
    files = {plan.package.version_file: plan.package.init(plan.version)}
    git.commit(author, DEFAULT_BRANCH, files, f"Release {plan.version}")
    past = f"git push to {DEFAULT_BRANCH}, without review"
    has_to_be_refused(
        timeline,
        author,
        past,
        partial(git.push, author, f"HEAD:refs/heads/{DEFAULT_BRANCH}"),
        REVIEWED,
    )
    has_to_work(
        timeline,
        author,
        f"git push to {branch}",
        partial(git.push, author, f"HEAD:refs/heads/{branch}"),
    )
    reviewed = f"pull request, approved by {' and '.join(readers)}, merged"
    has_to_work(
        timeline,
        author,
        reviewed,
        partial(stage.github.merge, author, readers, branch, DEFAULT_BRANCH),
    )
    git.fetch(author)


def push_the_tag(stage: Stage) -> None:
    plan, people, push = stage.plan, stage.plan.cast, stage.git.push
    what, refspec = (
        f"git push of the tag {plan.tag}",
        f"origin/{DEFAULT_BRANCH}:refs/tags/{plan.tag}",
    )
    if plan.repository.tag_creators == "maintainers":
        stage.timeline.add(people.maintainer, what, "not tried: as declared, maintainers may")
    else:
        because = RESTRICTED if plan.repository.maintainers_permission == "write" else NO_WRITER
        has_to_be_refused(
            stage.timeline,
            people.maintainer,
            what,
            partial(push, people.maintainer, refspec),
            because,
        )
    has_to_work(stage.timeline, people.pusher, what, partial(push, people.pusher, refspec))


def build(stage: Stage, run: int) -> None:
    """Runs whatever needs no approval, and looks whether the run then waits."""
    commit, tagged = (
        stage.github.run(stage.plan.cast.owner, run)["head_sha"],
        stage.git.id_of(f"origin/{DEFAULT_BRANCH}"),
    )
    stage.timeline.add(
        "GitHub",
        f"starts {stage.plan.workflow} of that commit",
        f"run {run} of {commit}",
        good=commit == tagged,
    )
    for job in stage.runner.run_all(run):
        tell(stage, job, ())
    waiting = stage.github.run(stage.plan.cast.owner, run)["status"]
    stage.timeline.add("GitHub", f"the run at {ENVIRONMENT}", waiting, good=waiting == "waiting")
    if waiting != "waiting":
        raise StoppedError(f"the run does not wait at {ENVIRONMENT}: it is {waiting}")
    nobody_holds_a_secret(stage)


def tell(stage: Stage, job: Job, secrets: tuple[str, ...]) -> None:
    """Tells a job that was run, and whether it was handed these secrets and no more. Raises `StoppedError` when it failed."""
    good = job.conclusion == "success" and set(job.secrets) == set(secrets)
    stage.timeline.add(
        "act", f"runs the job {job.key}, handed {handed(job)}", job.conclusion, good=good
    )
    if job.summary:
        stage.timeline.add("act", "writes for whoever approves", headline(job.summary))
    if job.conclusion != "success":
        raise StoppedError("\n".join((f"the job {job.key} failed:", *job.log[-40:])))


def handed(job: Job) -> str:
    """What a job was given, in words."""
    return (", ".join(job.secrets) or "no secret") + (
        ", and an identity" if job.has_identity else ""
    )


def headline(summary: str) -> str:
    """The sentences of a summary in Markdown, without its titles, blocks of code and links."""
    text = re.sub(r"```.*?```", "", summary, flags=re.DOTALL)
    return " ".join(
        line.strip("* ")
        for line in text.splitlines()
        if line and not line.startswith(("#", "http"))
    )


def nobody_holds_a_secret(stage: Stage) -> None:
    found = holders(stage.control.runs())
    outcome = f"handed to {', '.join(found)}" if found else "handed to no job so far"
    if stage.plan.secrets:
        stage.timeline.add("GitHub", f"the secrets of {ENVIRONMENT}", outcome, good=not found)


def sign_off(stage: Stage, run: int) -> None:
    """Tries every approval that must be refused, looks that nothing came of it, and then has one that must not."""
    people, timeline, github = stage.plan.cast, stage.timeline, stage.github
    what = "approves the deployment"
    if people.maintainers_review:
        timeline.add(people.maintainer, what, "not tried: as declared, maintainers may")
    else:
        theirs = partial(github.review, people.maintainer, run, "approved")
        has_to_be_refused(timeline, people.maintainer, what, theirs, NO_REVIEWER)
    own = f"{what} of the tag that the same person pushed"
    has_to_be_refused(
        timeline,
        people.pusher,
        own,
        partial(github.review, people.pusher, run, "approved"),
        NO_REVIEWER,
    )
    past = "starts the waiting job as admin"
    has_to_be_refused(
        timeline, people.owner, past, partial(stage.control.bypass, run, people.owner), NO_BYPASS
    )
    still = github.run(people.owner, run)["status"]
    timeline.add("GitHub", f"the run at {ENVIRONMENT}", f"still {still}", good=still == "waiting")
    nobody_holds_a_secret(stage)
    has_to_work(
        timeline, people.approver, what, partial(github.review, people.approver, run, "approved")
    )


def publish(stage: Stage, run: int) -> None:
    """Runs what was approved, which uploads, and looks at the index."""
    jobs, timeline = stage.runner.run_all(run), stage.timeline
    if not jobs:
        raise StoppedError("nothing was let go by the approval")
    for job in jobs:
        tell(stage, job, stage.plan.secrets)
    for decision in stage.index.trusted.decisions:
        outcome = decision.refusal or "trusted"
        timeline.add(
            "index", f"the identity {decision.subject}", outcome, good=decision.refusal is None
        )
    files = stage.index.files
    timeline.add("index", "has of the package", ", ".join(files) or "nothing", good=bool(files))
    held = holders(stage.control.runs())
    if stage.plan.secrets:
        timeline.add(
            "GitHub",
            f"the secrets of {ENVIRONMENT}",
            f"handed to {', '.join(held)} alone",
            good=len(held) == len(jobs),
        )
    else:
        timeline.add("act", "attestations", "none: Sigstore is not within a rehearsal's reach")
    if stage.plan.package.docs:
        deployed = stage.github.has_branch(stage.plan.cast.owner, "gh-pages")
        timeline.add(
            "GitHub", "the branch of the docs", "pushed" if deployed else "not there", good=deployed
        )
    concluded = stage.github.run(stage.plan.cast.owner, run)["conclusion"]
    timeline.add("GitHub", "the run is over", str(concluded), good=concluded == "success")


def install(stage: Stage) -> None:
    """Installs the released version from the index into a fresh environment, and imports it there."""
    package, version = stage.plan.package, stage.plan.version
    try:
        shown = installed_version(stage)
    except RefusedError as error:
        raise StoppedError(f"{package.name} {version} cannot be installed: {error}") from None
    what = f"install {package.name}=={version}, import {package.module}"
    stage.timeline.add("pip", what, f"version {shown}", good=shown == version)


def installed_version(stage: Stage) -> str:
    package, fresh = stage.plan.package, stage.root / "fresh"
    python = fresh / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-cache-dir",
    ]
    commands = (
        [sys.executable, "-m", "venv", "--without-pip", str(fresh)],
        [*pip, "--index-url", f"{stage.index.url}simple/", f"{package.name}=={stage.plan.version}"],
        [str(python), "-I", "-c", f"import {package.module}; print({package.module}.__version__)"],
    )
    for command in commands:
        ended = stage.processes.run(command, stage.root, {"PIP_NO_INDEX": "0"})
        if ended.code:
            raise RefusedError(ended.output)
    return ended.output.strip()
