"""The jobs of a publish workflow: one that builds, and one that publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from publish_workflow import steps
from publish_workflow.layouts import PublishSettings
from publish_workflow.yaml_text import add_comment, indent, mapping, quote, scalar

READ_CONTENTS = {"contents": "read"}
PUBLISH_STEP = "Publish to PyPI"


@dataclass(frozen=True)
class WorkflowJob:
    """One job.

    Attributes:
        key: The key under `jobs`.
        name: The name on the run's page.
        permissions: The permissions of the job's `GITHUB_TOKEN`, as YAML text.
        steps: The lines of each step.
        needs: The key of the job that must succeed first.
        environment: The environment that the job waits at; empty for a job without secrets.
        outputs: The job's outputs, as YAML text.
        runs_scripts: Whether the job runs the repository's scripts, and so gets the declared
            variables.
    """

    key: str
    name: str
    permissions: Mapping[str, str]
    steps: Sequence[Sequence[str]]
    needs: str = ""
    environment: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    runs_scripts: bool = True

    def lines(self, settings: PublishSettings) -> list[str]:
        """Return the job as lines, with the guard against forks, the runner and the timeout."""
        variables = sorted(settings.environment_variables.items()) if self.runs_scripts else []
        environment = {"name": scalar(self.environment)} if self.environment else {}
        body = [
            f"name: {self.name}",
            *([f"needs: {self.needs}"] if self.needs else []),
            f"if: github.repository == '{settings.owner}/{settings.repository}'",
            f"runs-on: {scalar(settings.runner)}",
            f"timeout-minutes: {settings.timeout_minutes}",
            *mapping("permissions", self.permissions),
            *mapping("environment", environment),
            *mapping("outputs", self.outputs),
            *mapping("env", {name: quote(value) for name, value in variables}),
            "steps:",
            *indent(line for step in self.steps for line in step),
        ]
        return [f"{self.key}:", *indent(body)]


def build_job(settings: PublishSettings, *final_steps: Sequence[str]) -> WorkflowJob:
    """Return the job that builds before the approval.

    It has no environment and no secrets, and writes a summary for the approver.
    """
    return WorkflowJob(
        key="build",
        name="Build release",
        permissions=READ_CONTENTS,
        outputs={"artifact-id": "${{ steps.artifact.outputs.artifact-id }}"},
        steps=[
            steps.check_out(history=True),
            steps.summarize_tag(),
            steps.set_up_python(settings.python_version),
            *install_and_build(),
            steps.upload_build(),
            steps.summarize_build(),
            *final_steps,
        ],
    )


def install_and_build() -> list[list[str]]:
    return [
        steps.script("Install dependencies", "scripts/install"),
        steps.script("Build package & docs", "scripts/build"),
    ]


def publish_job(
    settings: PublishSettings, *first_steps: Sequence[str], needs: str = ""
) -> WorkflowJob:
    """Return the job that publishes with the repository's script, which alone gets the secrets."""
    name = f"{PUBLISH_STEP} & deploy docs" if settings.deploys_docs else PUBLISH_STEP
    publish = steps.script(name, "scripts/publish", steps.secret_variables(settings.secrets))
    return WorkflowJob(
        key="publish",
        name="Publish release",
        permissions=declared_permissions(settings),
        steps=[*first_steps, publish],
        needs=needs,
        environment=settings.environment,
    )


def declared_permissions(settings: PublishSettings) -> dict[str, str]:
    """Return `contents: read` and the declared permissions, each with a comment on its source."""
    comment = "Declared in the stack's configuration."
    declared = {
        name: add_comment(level, comment) for name, level in sorted(settings.permissions.items())
    }
    if settings.deploys_docs:
        declared["contents"] = add_comment("write", "scripts/publish pushes the docs.")
    elif settings.permissions.get("contents") == "read":
        del declared["contents"]
    return READ_CONTENTS | declared
