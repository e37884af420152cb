"""A job as lines of text, and the two kinds of jobs there are: one that builds, and one that publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from publish_workflow import steps
from publish_workflow.settings import PublishSettings
from publish_workflow.yaml_text import commented, indented, mapping, quoted, scalar

READS = {"contents": "read"}
PUBLISHES = "Publish to PyPI"


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes:
        key: Its key under `jobs`.
        name: The name that people see.
        permissions: What its GitHub token may do, ready to be written.
        steps: The lines of its steps.
        needs: The job that has to be done before it.
        environment: Where it waits for an approval; empty for a job that may see no secret.
        outputs: What it hands on.
        runs_scripts: Whether it runs scripts of the repository, and so gets the declared variables.
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
        """The job as text, with what every job has: a name, the guard against forks, a runner and a timeout."""
        variables = sorted(settings.environment_variables.items()) if self.runs_scripts else []
        body = [
            f"name: {self.name}",
            *([f"needs: {self.needs}"] if self.needs else []),
            f"if: github.repository == '{settings.owner}/{settings.repository}'",
            f"runs-on: {scalar(settings.runner)}",
            f"timeout-minutes: {settings.timeout_minutes}",
            *mapping("permissions", self.permissions),
            *(
                mapping("environment", {"name": scalar(self.environment)})
                if self.environment
                else []
            ),
            *mapping("outputs", self.outputs),
            *mapping("env", {name: quoted(value) for name, value in variables}),
            "steps:",
            *indented(line for step in self.steps for line in step),
        ]
        return [f"{self.key}:", *indented(body)]


def build(settings: PublishSettings, *checks: Sequence[str]) -> Job:
    """Builds before anybody approves: without environment, without secrets, and with a summary for whoever approves."""
    return Job(
        key="build",
        name="Build release",
        permissions=READS,
        outputs={"artifact-id": "${{ steps.artifact.outputs.artifact-id }}"},
        steps=[
            steps.check_out(history=True),
            steps.say_what_was_tagged(),
            steps.set_up_python(settings.python_version),
            *install_and_build(),
            steps.keep_what_was_built(),
            steps.say_what_was_built(),
            *checks,
        ],
    )


def install_and_build() -> list[list[str]]:
    return [
        steps.script("Install dependencies", "scripts/install"),
        steps.script("Build package & docs", "scripts/build"),
    ]


def publish(
    settings: PublishSettings,
    permissions: Mapping[str, str],
    *before: Sequence[str],
    needs: str = "",
) -> Job:
    """Publishes with the repository's own script, which alone sees the secrets."""
    name = f"{PUBLISHES} & deploy docs" if settings.deploys_docs else PUBLISHES
    last = steps.script(name, "scripts/publish", steps.secret_environment(settings.secrets))
    return Job(
        "publish",
        "Publish release",
        permissions,
        [*before, last],
        needs=needs,
        environment=settings.environment,
    )


def declared_permissions(settings: PublishSettings) -> dict[str, str]:
    """Those of the settings beside reading the repository, each with its reason behind it."""
    reason = "As declared in the stack's configuration."
    declared = {
        name: commented(level, reason) for name, level in sorted(settings.permissions.items())
    }
    if settings.deploys_docs:
        declared["contents"] = commented("write", "scripts/publish pushes the docs.")
    elif settings.permissions.get("contents") == "read":
        del declared["contents"]
    return READS | declared
