"""What must not succeed: after a release, on the same stack."""

from collections.abc import Callable
from functools import partial

from commands.rehearsal import identities
from commands.rehearsal.package_sources import version_of
from commands.rehearsal.plan import DEFAULT_BRANCH, ENVIRONMENT
from commands.rehearsal.release import handed, tell
from commands.rehearsal.stage import Stage
from commands.rehearsal.started_runs import holders, shown, started
from commands.rehearsal.tries import KEPT, UNMOVED, has_to_be_refused, has_to_work

NOT_FROM_HERE = "is not allowed to deploy"  # in GitHub's words

THIEF = """\
name: {name}
on: push
jobs:
  thief:
    runs-on: ubuntu-latest{environment}
    permissions:
      contents: read
    steps:
      - name: Is it here?
        run: test -z "$STOLEN"
        env:
          STOLEN: ${{{{ secrets.{secret} }}}}
"""


def play(stage: Stage) -> None:
    """Tries everything that must not succeed; what does makes the rehearsal fail."""
    for attempt in attempts(stage):
        attempt(stage)


def attempts(stage: Stage) -> tuple[Callable[[Stage], None], ...]:
    theft = read_the_secret if stage.plan.has_token else identities.play
    return (
        run_it_again,
        branch_names_the_environment,
        theft,
        move_the_tag,
        delete_the_tag,
        reject_a_deployment,
    )


def run_it_again(stage: Stage) -> None:
    """An approval is for one attempt: what was approved before waits again."""
    author, github = stage.plan.cast.author, stage.github
    run = started(stage, f"refs/tags/{stage.plan.tag}", stage.plan.workflow)
    again = partial(github.does, author, "POST", f"/actions/runs/{run}/rerun")
    has_to_work(stage.timeline, author, "runs the approved release again", again)
    for job in stage.runner.run_all(run):
        tell(stage, job, ())
    status = github.run(author, run)["status"]
    stage.timeline.add(
        "GitHub", f"the second attempt at {ENVIRONMENT}", status, good=status == "waiting"
    )


def branch_names_the_environment(stage: Stage) -> None:
    """A branch is not a release tag, so GitHub fails the job before it starts."""
    path, author = pushed_thief(stage, "deploys-a-branch", f"\n    environment: {ENVIRONMENT}")
    run = shown(stage, "refs/heads/deploys-a-branch", path)
    (job,) = run["jobs"]
    refused = job["conclusion"] == "failure" and NOT_FROM_HERE in (job["reason"] or "")
    good = refused and not job["secrets"] and not stage.control.jobs(run["id"])
    what = f"pushes a branch with a workflow that names {ENVIRONMENT}"
    stage.timeline.add(
        author, what, f"{job['conclusion'] or job['status']}: {job['reason']}", good=good
    )


def read_the_secret(stage: Stage) -> None:
    """Outside its environment a secret is an empty text."""
    path, author = pushed_thief(stage, "reads-the-secret", "")
    run = started(stage, "refs/heads/reads-the-secret", path)
    stage.timeline.add(
        author,
        f"pushes a branch with a workflow that asks for {stage.plan.upload_secret}",
        "its job is started",
    )
    for job in stage.runner.run_all(run):
        found = bool(job.secrets) or job.conclusion != "success"
        outcome = "finds it" if found else "finds an empty text"
        stage.timeline.add(
            "act", f"runs the job {job.key}, handed {handed(job)}", outcome, good=not found
        )


def pushed_thief(stage: Stage, name: str, environment: str) -> tuple[str, str]:
    """A branch with a workflow of its own; the path of the file, and who pushed."""
    author, path = stage.plan.cast.author, f".github/workflows/{name}.yml"
    text = THIEF.format(name=name, environment=environment, secret=stage.plan.upload_secret)
    stage.git.commit(author, DEFAULT_BRANCH, {path: text}, "Try")
    stage.git.push(author, f"HEAD:refs/heads/{name}")
    return path, author


def move_the_tag(stage: Stage) -> None:
    owner, tag = stage.plan.cast.owner, stage.plan.tag
    refspec = f"+origin/{DEFAULT_BRANCH}~1:refs/tags/{tag}"
    has_to_be_refused(
        stage.timeline,
        owner,
        f"moves the tag {tag}, as admin",
        partial(stage.git.push, owner, refspec),
        UNMOVED,
    )


def delete_the_tag(stage: Stage) -> None:
    owner, tag = stage.plan.cast.owner, stage.plan.tag
    what = f"deletes the tag {tag}, as admin"
    has_to_be_refused(
        stage.timeline, owner, what, partial(stage.git.push, owner, f":refs/tags/{tag}"), KEPT
    )


def reject_a_deployment(stage: Stage) -> None:
    """A second release, which somebody who may approve rejects: nothing of it is uploaded."""
    people, before = stage.plan.cast, stage.index.files
    if not stage.plan.other_tags:
        stage.timeline.add(
            "GitHub", "a rejected release", "not tried: the pattern has one tag alone"
        )
        return
    tag, package = stage.plan.other_tags[0], stage.plan.package
    stage.git.commit(
        people.author,
        DEFAULT_BRANCH,
        {package.version_file: package.init(version_of(tag))},
        f"Release {tag}",
    )
    what = f"git push of the tag {tag}, on a commit that nobody reviewed"
    has_to_work(
        stage.timeline,
        people.pusher,
        what,
        partial(stage.git.push, people.pusher, f"HEAD:refs/tags/{tag}"),
    )
    run, held = (
        started(stage, f"refs/tags/{tag}", stage.plan.workflow),
        len(holders(stage.control.runs())),
    )
    for job in stage.runner.run_all(run):
        tell(stage, job, ())
    reject = partial(stage.github.review, people.approver, run, "rejected")
    has_to_work(stage.timeline, people.approver, "rejects the deployment", reject)
    jobs, uploaded = (
        stage.runner.run_all(run),
        [name for name in stage.index.files if name not in before],
    )
    good = not jobs and not uploaded and len(holders(stage.control.runs())) == held
    concluded = stage.github.run(people.owner, run)["conclusion"]
    outcome = f"{concluded}; uploaded: {', '.join(uploaded) or 'nothing'}"
    stage.timeline.add("GitHub", "the rejected run", outcome, good=good and concluded == "failure")
