"""What a person enters on PyPI by hand, once: the trusted publisher, as the stack says it in its outputs."""

import json

import httpx

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.stage import Stage
from commands.rehearsal.trusted_publishers import TrustedPublisher

ISSUER = "/_actions"  # an assumption of the simulated GitHub; GitHub's own is a fixed host


def register(stage: Stage) -> None:
    """Lets the index trust what the stack says, and tells it. Raises `StoppedError` when the stack says nothing."""
    outputs = json.loads(stage.sandbox.pulumi("stack", "output", "--json").output)
    form: str | None = outputs.get("trustedPublishers", {}).get(stage.plan.repository.name)
    if form is None:
        raise StoppedError(
            f"the outputs of the stack name no trusted publisher for {stage.plan.repository.name}"
        )
    # The form is `Owner: encode · Repository name: httpx · ...`, with the labels of PyPI's page.
    told: dict[str, str] = dict(entry.split(": ", 1) for entry in form.split(" · "))
    stage.index.trusted.publisher = TrustedPublisher(
        issuer=stage.simulated.url + ISSUER,
        owner=told["Owner"],
        owner_id=owner_id(stage, told["Owner"]),
        repository=told["Repository name"],
        workflow=told["Workflow name"],
        environment=told["Environment name"],
    )
    stage.timeline.add("pulumi", "stack output: what to enter on PyPI", ", ".join(told.values()))


def owner_id(stage: Stage, owner: str) -> str:
    """The number of an owner, which PyPI looks up when a publisher is entered."""
    answer = httpx.get(f"{stage.simulated.url}/users/{owner}", timeout=30, trust_env=False)
    return str(answer.raise_for_status().json()["id"])
