"""Identities that the index must not trust: of real jobs, which try to exchange them as the publishing action does."""

from collections.abc import Mapping

from commands.rehearsal.plan import DEFAULT_BRANCH, ENVIRONMENT
from commands.rehearsal.stage import Stage
from commands.rehearsal.started_runs import started
from publish_workflow.pins import pins

WORKFLOW = """\
name: Publish
on: push
permissions: {{}}
jobs:
{jobs}"""
JOB = """\
  {key}:
    runs-on: ubuntu-latest{environment}
    permissions:
      id-token: write
    steps:
      - uses: {action}
"""


def play(stage: Stage) -> None:
    """Each identity is like the trusted one, but for one thing."""
    on_a_branch(stage)
    in_another_repository(stage)
    of_another_workflow(stage)


def on_a_branch(stage: Stage) -> None:
    """The trusted workflow's own file, changed on a branch: without the environment, and with one that nobody guards."""
    author, branch = stage.plan.cast.author, "publishes-a-branch"
    text = workflow({"without-environment": None, "unguarded-environment": "unguarded"})
    stage.git.commit(author, DEFAULT_BRANCH, {stage.plan.workflow: text}, "Try")
    stage.git.push(author, f"HEAD:refs/heads/{branch}")
    refused(
        stage,
        started(stage, f"refs/heads/{branch}", stage.plan.workflow),
        author,
        "a branch",
        "environment",
    )


def in_another_repository(stage: Stage) -> None:
    """Where no stack looks after it, an environment of that name is made by naming it, and lets everybody through."""
    author, elsewhere = stage.plan.cast.author, stage.plan.elsewhere
    clone = stage.clone(elsewhere)
    clone.fetch(author)
    clone.commit(
        author, DEFAULT_BRANCH, {stage.plan.workflow: workflow({"elsewhere": ENVIRONMENT})}, "Try"
    )
    clone.push(author, f"HEAD:refs/heads/{DEFAULT_BRANCH}")
    run = started(
        stage,
        f"refs/heads/{DEFAULT_BRANCH}",
        stage.plan.workflow,
        f"{stage.plan.owner}/{elsewhere}",
    )
    refused(stage, run, author, f"the repository {elsewhere}", "repository")


def of_another_workflow(stage: Stage) -> None:
    """A tag of a commit that holds a second workflow, signed off by mistake."""
    people, tags = stage.plan.cast, stage.plan.other_tags[1:]
    if not tags:
        stage.timeline.add(
            "index", "the identity of another workflow", "not tried: the pattern has too few tags"
        )
        return
    path = ".github/workflows/second.yml"
    stage.git.commit(
        people.author, DEFAULT_BRANCH, {path: workflow({"second-workflow": ENVIRONMENT})}, "Try"
    )
    stage.git.push(people.pusher, f"HEAD:refs/tags/{tags[0]}")
    run = started(stage, f"refs/tags/{tags[0]}", path)
    stage.github.review(people.approver, run, "approved")
    refused(stage, run, people.approver, "another workflow, approved by mistake", "workflow")


def refused(stage: Stage, run: int, who: str, where: str, claim: str) -> None:
    """Runs the jobs of a run, and tells what the index said to each: it has to object to `claim`, and to nothing else."""
    while listed := stage.control.jobs(run):
        known = len(stage.index.trusted.decisions)
        job = stage.runner.perform(listed[0])
        refusals = [
            decision.refusal or "trusted" for decision in stage.index.trusted.decisions[known:]
        ]
        objected = refusals == [
            refusal for refusal in refusals if refusal.startswith(f"invalid-publisher: {claim} is ")
        ]
        good = job.conclusion == "failure" and len(refusals) == 1 and objected
        stage.timeline.add(
            who,
            f"uploads from {where} (job {job.key})",
            f"refused: {'; '.join(refusals)}",
            good=good,
        )


def workflow(environments: Mapping[str, str | None]) -> str:
    """A workflow with a job for each key that publishes, in an environment or in none."""
    action = str(pins()["pypa/gh-action-pypi-publish"])
    jobs = (
        JOB.format(key=key, environment=f"\n    environment: {name}" if name else "", action=action)
        for key, name in environments.items()
    )
    return WORKFLOW.format(jobs="".join(jobs))
