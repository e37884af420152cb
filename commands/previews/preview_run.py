"""A run of `pulumi preview` and its output."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commands.previews.preview_json import Preview, hide_credentials, read_preview
from stacks.default_sigint import with_default_sigint

# Environment variables whose values must not be in the text. Shorter values could be words of it.
CREDENTIALS = (
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
)
SHORTEST_CREDENTIAL = 6


@dataclass(frozen=True)
class PreviewRun:
    """A run of `pulumi preview`.

    Attributes:
        stack: The stack's name; empty where it is not known.
        code: The exit code.
        preview: The preview, or `None` where the engine ended before it wrote one.
        messages: The standard error of the engine.
    """

    stack: str
    code: int
    preview: Preview | None
    messages: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.code) or self.preview is None


def run_preview(stack: str, directory: Path, environment: Mapping[str, str]) -> PreviewRun:
    """Run `pulumi preview`, which may fail."""
    command = ["pulumi", "preview", "--json", "--stack", stack, "--non-interactive"]
    finished = subprocess.run(
        with_default_sigint([*command, "--color", "never"]),
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    credentials = credentials_of(environment)
    return PreviewRun(
        stack,
        finished.returncode,
        read_preview(finished.stdout, credentials),
        hide_credentials(credentials, finished.stderr),
    )


def read_run(text: str, environment: Mapping[str, str]) -> PreviewRun:
    """Return a run from the output of `pulumi preview --json`. It failed if there are errors."""
    preview = read_preview(text, credentials_of(environment))
    failed = preview is None or bool(preview.errors)
    return PreviewRun("", int(failed), preview)


def credentials_of(environment: Mapping[str, str]) -> list[str]:
    values = [environment.get(name, "") for name in CREDENTIALS]
    return [value for value in values if len(value) >= SHORTEST_CREDENTIAL]
