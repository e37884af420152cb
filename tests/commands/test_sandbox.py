"""The sandbox in which the commands run the engine."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import sandbox as sandbox_module
from commands.previews.preview_run import run_preview
from commands.sandbox import Sandbox, StackFileError, read_stack_file
from simulated_github import SimulatedGitHub
from tests.integration.rehearsed_stack import CONFIGURATION

SIGINT_REPORT = """\
#!{python}
import signal, sys
ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
print("SIGINT ignored:", ignored, file=sys.stderr)
"""


@pytest.fixture
def ignored_interrupt() -> Iterator[None]:
    """Ignore SIGINT in this process, as a shell does for background programs."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def reporting_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in for `pulumi` first on PATH that prints whether it ignores SIGINT."""
    program = tmp_path / "pulumi"
    program.write_text(SIGINT_REPORT.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("ignored_interrupt", "reporting_engine")
def test_the_engine_gets_the_default_handler_for_sigint() -> None:
    with Sandbox("http://127.0.0.1:1") as sandbox:
        assert sandbox.pulumi("preview").output == "SIGINT ignored: False\n"


@pytest.mark.usefixtures("ignored_interrupt", "reporting_engine")
def test_a_preview_for_a_comment_gets_it_too(tmp_path: Path) -> None:
    run = run_preview("prod", tmp_path, os.environ)

    assert run.messages == "SIGINT ignored: False\n"


@pytest.mark.integration
@pytest.mark.usefixtures("ignored_interrupt")
def test_the_real_engine_runs_when_sigint_is_ignored() -> None:
    with SimulatedGitHub("encode") as github, Sandbox(github.url, CONFIGURATION) as sandbox:
        assert "prod" in sandbox.pulumi("stack").output
        assert "Resources:" in sandbox.pulumi("preview").output


SECOND_STACK = """\
config:
  github:owner: encode
  {prefix}repositories:
    starlette:
  {prefix}secrets:
    starlette:
      PYPI_TOKEN:
        secure: AAAA
"""


@pytest.mark.parametrize("prefix", ["", "releases:", "releases:config:"])
def test_a_stack_file_is_read_without_prefixes_and_secrets(
    prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.second.yaml").write_text(SECOND_STACK.format(prefix=prefix))
    monkeypatch.setattr(sandbox_module, "PROJECT", tmp_path)

    expected = {"github:owner": "encode", "repositories": {"starlette": None}}
    assert read_stack_file("second") == expected
    with pytest.raises(StackFileError, match="allowed: one of prod, second") as refused:
        read_stack_file("third")
    assert str(refused.value).endswith("remedy:  choose one of them, or create Pulumi.third.yaml")
