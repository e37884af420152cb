"""The attacks of a rehearsal, which must all fail, tried after a release on the same stack."""

from collections.abc import Callable, Mapping
from functools import partial

from commands.rehearsal.errors import TAG_DELETION_RESTRICTED, TAG_UPDATE_RESTRICTED
from commands.rehearsal.github import Json, jobs_with_secrets
from commands.rehearsal.harness import Harness
from commands.rehearsal.package import version_of
from commands.rehearsal.release import add_job
from commands.rehearsal.scenario import DEFAULT_BRANCH, ENVIRONMENT
from commands.rehearsal.timeline import REFUSED, Phase
from publish_workflow.pins import read_pins

BRANCH_NOT_ALLOWED = "is not allowed to deploy"  # in GitHub's message
COMMIT_MESSAGE = "Attack"
SECOND_WORKFLOW = ".github/workflows/second.yml"
TOO_FEW_TAGS = "the pattern has too few tags"

THIEF = """\
name: {name}
on: push
jobs:
  thief:
    runs-on: ubuntu-latest{environment}
    permissions:
      contents: read
    steps:
      - name: Check that the secret is empty
        run: test -z "$STOLEN"
        env:
          STOLEN: ${{{{ secrets.{secret} }}}}
"""
IMPOSTER = """\
name: Publish
on: push
permissions: {{}}
jobs:
{jobs}"""
IMPOSTER_JOB = """\
  {key}:
    runs-on: ubuntu-latest{environment}
    permissions:
      id-token: write
    steps:
      - uses: {action}
"""


def play_attacks(harness: Harness) -> None:
    """Try every attack. An attack that succeeds fails its check."""
    harness.timeline.phase = Phase.ATTACK
    for attack in attacks(harness):
        attack(harness)


def attacks(harness: Harness) -> list[Callable[[Harness], None]]:
    """Return the attacks in order. Without a token, they try identities in its place."""
    steal_credentials: list[Callable[[Harness], None]] = [read_secret_from_branch]
    if not harness.scenario.has_token:
        steal_credentials = [
            upload_from_branch,
            upload_from_undeclared_repository,
            upload_from_second_workflow,
        ]
    return [
        rerun_release,
        deploy_from_branch,
        *steal_credentials,
        move_release_tag,
        delete_release_tag,
        reject_second_release,
    ]


def rerun_release(harness: Harness) -> None:
    """Rerun the approved release. An approval is for one attempt, so the rerun must wait."""
    author = harness.scenario.people.author
    run = int(harness.newest_run(f"refs/tags/{harness.scenario.tag}")["id"])
    rerun = partial(harness.github.rerun, author, run)
    harness.timeline.expect_success(author, "reruns the approved release", rerun, minor=True)
    for job in harness.runner.run_waiting_jobs(run):
        add_job(harness, job, minor=True)
    status = harness.run_status(run)
    harness.timeline.add(
        "GitHub",
        f"holds the rerun of the release at {ENVIRONMENT}",
        status,
        passed=status == "waiting",
    )


def deploy_from_branch(harness: Harness) -> None:
    """Name the environment in a branch's workflow. GitHub fails the job before it starts."""
    author = harness.scenario.people.author
    run = push_thief(harness, "deploys-a-branch", f"\n    environment: {ENVIRONMENT}")
    (job,) = run["jobs"]
    reason = job["reason"] or ""
    refused = job["conclusion"] == "failure" and BRANCH_NOT_ALLOWED in reason
    started = job["secrets"] or harness.control.jobs(run["id"])
    harness.timeline.add(
        author,
        "deploys from a branch",
        REFUSED if refused and not started else str(job["conclusion"] or job["status"]),
        details=reason,
        passed=refused and not started,
    )


def read_secret_from_branch(harness: Harness) -> None:
    """Use the secret in a branch's workflow. Outside its environment it is an empty text."""
    author = harness.scenario.people.author
    run = push_thief(harness, "reads-the-secret", "")
    for job in harness.runner.run_waiting_jobs(run["id"]):
        stolen = bool(job.secrets) or job.conclusion != "success"
        harness.timeline.add(
            author,
            f"reads {harness.scenario.upload_secret} from a branch",
            "gets the secret" if stolen else "gets an empty value",
            details=f"the job {job.key} got {job.credentials}",
            passed=not stolen,
        )


def push_thief(harness: Harness, name: str, environment: str) -> Json:
    """Push a branch with a workflow that uses the secret, and return the run that it starts."""
    author = harness.scenario.people.author
    path = f".github/workflows/{name}.yml"
    secret = harness.scenario.upload_secret
    text = THIEF.format(name=name, environment=environment, secret=secret)
    harness.git.commit(author, DEFAULT_BRANCH, {path: text}, COMMIT_MESSAGE)
    harness.git.push(author, f"HEAD:refs/heads/{name}")
    return harness.newest_run(f"refs/heads/{name}", path)


def move_release_tag(harness: Harness) -> None:
    """Move the release tag to another commit, as an admin."""
    owner = harness.scenario.people.owner
    tag = harness.scenario.tag
    refspec = f"+origin/{DEFAULT_BRANCH}~1:refs/tags/{tag}"
    push = partial(harness.git.push, owner, refspec)
    harness.timeline.expect_refusal(
        owner, f"moves the tag {tag} as an admin", push, TAG_UPDATE_RESTRICTED
    )


def delete_release_tag(harness: Harness) -> None:
    """Delete the release tag, as an admin."""
    owner = harness.scenario.people.owner
    tag = harness.scenario.tag
    push = partial(harness.git.push, owner, f":refs/tags/{tag}")
    harness.timeline.expect_refusal(
        owner, f"deletes the tag {tag} as an admin", push, TAG_DELETION_RESTRICTED
    )


def reject_second_release(harness: Harness) -> None:
    """Release an unreviewed commit, and reject it. Nothing of it is uploaded."""
    scenario = harness.scenario
    people = scenario.people
    timeline = harness.timeline
    if not scenario.later_tags:
        timeline.skip(people.pusher, "pushes a second tag", TOO_FEW_TAGS)
        return
    tag = scenario.later_tags[0]
    files = {scenario.package.version_file: scenario.package.version_text(version_of(tag))}
    harness.git.commit(people.author, DEFAULT_BRANCH, files, f"Release {tag}")
    push = partial(harness.git.push, people.pusher, f"HEAD:refs/tags/{tag}")
    timeline.expect_success(people.pusher, f"tags an unreviewed commit as {tag}", push, minor=True)
    run = int(harness.newest_run(f"refs/tags/{tag}")["id"])
    files_before = harness.index.files
    holders_before = jobs_with_secrets(harness.control.runs())
    for job in harness.runner.run_waiting_jobs(run):
        add_job(harness, job, minor=True)
    reject = partial(harness.github.review_deployments, people.approver, run, "rejected")
    timeline.expect_success(people.approver, f"rejects the deployment of {tag}", reject, minor=True)
    started = harness.runner.run_waiting_jobs(run)
    uploaded = [name for name in harness.index.files if name not in files_before]
    stolen = jobs_with_secrets(harness.control.runs()) != holders_before
    conclusion = harness.run_conclusion(run)
    timeline.add(
        "GitHub",
        f"ends the rejected release {tag}",
        f"{conclusion}, {', '.join(uploaded) or 'nothing'} uploaded",
        passed=conclusion == "failure" and not (started or uploaded or stolen),
    )


def upload_from_branch(harness: Harness) -> None:
    """Upload with the trusted workflow file, changed on a branch to use another environment."""
    author = harness.scenario.people.author
    branch = "publishes-a-branch"
    path = harness.scenario.workflow
    text = imposter_workflow({"no-environment": None, "other-environment": "unguarded"})
    harness.git.commit(author, DEFAULT_BRANCH, {path: text}, COMMIT_MESSAGE)
    harness.git.push(author, f"HEAD:refs/heads/{branch}")
    run = harness.newest_run(f"refs/heads/{branch}")
    actions = {
        "no-environment": "uploads without an environment",
        "other-environment": "uploads in another environment",
    }
    expect_untrusted(harness, int(run["id"]), author, actions, "environment")


def upload_from_undeclared_repository(harness: Harness) -> None:
    """Upload from a repository without a gate, where GitHub creates the environment on use."""
    author = harness.scenario.people.author
    path = harness.scenario.workflow
    repository = harness.scenario.undeclared_repository
    clone = harness.clone(repository)
    clone.fetch(author)
    files = {path: imposter_workflow({"other-repository": ENVIRONMENT})}
    clone.commit(author, DEFAULT_BRANCH, files, COMMIT_MESSAGE)
    clone.push(author, f"HEAD:refs/heads/{DEFAULT_BRANCH}")
    run = harness.control.newest_run(clone.repository, f"refs/heads/{DEFAULT_BRANCH}", path)
    actions = {"other-repository": f"uploads from {repository}"}
    expect_untrusted(harness, int(run["id"]), author, actions, "repository")


def upload_from_second_workflow(harness: Harness) -> None:
    """Upload from another workflow file of a tagged commit, approved by mistake."""
    people = harness.scenario.people
    file_name = SECOND_WORKFLOW.rpartition("/")[2]
    action = "uploads, approved by mistake"
    tags = harness.scenario.later_tags[1:]
    if not tags:
        harness.timeline.skip(file_name, action, TOO_FEW_TAGS)
        return
    files = {SECOND_WORKFLOW: imposter_workflow({"other-workflow": ENVIRONMENT})}
    harness.git.commit(people.author, DEFAULT_BRANCH, files, COMMIT_MESSAGE)
    harness.git.push(people.pusher, f"HEAD:refs/tags/{tags[0]}")
    run = int(harness.newest_run(f"refs/tags/{tags[0]}", SECOND_WORKFLOW)["id"])
    harness.github.review_deployments(people.approver, run, "approved")
    expect_untrusted(harness, run, file_name, {"other-workflow": action}, "workflow")


def expect_untrusted(
    harness: Harness, run: int, actor: str, actions: Mapping[str, str], claim: str
) -> None:
    """Run the jobs of a workflow run. The index must refuse each identity because of `claim` alone.

    `actions` has what each job does, by its key.
    """
    decisions = harness.index.trusted.decisions
    while jobs := harness.control.jobs(run):
        earlier = len(decisions)
        job = harness.runner.run_job(jobs[0])
        refusals = [decision.refusal or "trusted" for decision in decisions[earlier:]]
        expected = f"invalid-publisher: {claim} is "
        refused = len(refusals) == 1 and refusals[0].startswith(expected)
        passed = refused and job.conclusion == "failure"
        harness.timeline.add(
            actor,
            actions[job.key],
            REFUSED if passed else job.conclusion,
            details="; ".join(refusals),
            passed=passed,
        )


def imposter_workflow(environments: Mapping[str, str | None]) -> str:
    """Return a workflow that publishes, with a job for each key, in an environment or in none."""
    action = str(read_pins()["pypa/gh-action-pypi-publish"])
    jobs = (
        IMPOSTER_JOB.format(
            key=key,
            environment=f"\n    environment: {environment}" if environment else "",
            action=action,
        )
        for key, environment in environments.items()
    )
    return IMPOSTER.format(jobs="".join(jobs))
