"""The summary for the approver, written by the real scripts for misleading names too."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.publish_workflow.published import step

# Tags that git accepts, and that are more than text in Markdown, a shell or HTML.
HOSTILE_TAGS = (
    "a`b",
    "```",
    "<img/src=x>",
    "$(id)",
    "a|b",
    "!{me}(x)",
    "a'b\"c",
    "a;b",
    "${HOME}",
    "\u202egnp",
    "%s%n",
    "-n",
)
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


@dataclass
class StepResult:
    """The result of one step."""

    exit_code: int
    summary: str
    outputs: dict[str, str]
    log: str


@dataclass
class BuildJob:
    """The build job on this machine: its work tree, and the files that a runner reads."""

    directory: Path

    @property
    def tree(self) -> Path:
        return self.directory / "tree"

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            [*GIT, *arguments], cwd=self.tree, check=True, capture_output=True, text=True
        ).stdout.strip()

    def run(self, name: str, tag: str, branch: str = "main") -> StepResult:
        """Run a step of the build job in its own shell."""
        data = step("build", name)
        script = self.directory / "script"
        summary = self.directory / "summary"
        outputs = self.directory / "outputs"
        script.write_text(data["run"], encoding="utf-8")
        summary.touch()
        outputs.touch()
        interpreter = {
            "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            "python": [sys.executable],
        }
        environment = {
            "PATH": os.environ["PATH"],
            "GITHUB_REF_NAME": tag,
            "GITHUB_ACTOR": "operator-1",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "encode/httpx",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(outputs),
            "DEFAULT_BRANCH": branch,
        }
        command = [*interpreter[data["shell"]], str(script)]
        finished = subprocess.run(
            command, cwd=self.tree, env=environment, check=False, capture_output=True, text=True
        )
        output_lines = outputs.read_text(encoding="utf-8").splitlines()
        return StepResult(
            finished.returncode,
            summary.read_text(encoding="utf-8"),
            dict(line.split("=", 1) for line in output_lines),
            finished.stdout + finished.stderr,
        )


@pytest.fixture
def job(tmp_path: Path) -> BuildJob:
    """Return a job with one commit on the default branch and a later one outside of it."""
    job = BuildJob(tmp_path)
    job.tree.mkdir()
    job.git("init", "--quiet", "--initial-branch=work")
    job.git("commit", "--quiet", "--allow-empty", "--message=reviewed")
    job.git("update-ref", "refs/remotes/origin/main", "HEAD")
    job.git("commit", "--quiet", "--allow-empty", "--message=not reviewed")
    return job


def lines_in_code(summary: str) -> list[str]:
    """Return the lines of the only code block. A summary with another number of fences fails."""
    _, inside, _ = summary.split("```")
    assert inside.startswith("text\n")
    return inside.splitlines()[1:]


def dist(job: BuildJob, *names: str) -> None:
    for name in names:
        file = job.tree / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode(errors="surrogateescape"))


def test_a_commit_on_the_default_branch_is_reported(job: BuildJob) -> None:
    job.git("checkout", "--quiet", "--detach", "HEAD~")
    result = job.run("Summarize the tag", "0.21.1")

    assert result.exit_code == 0, result.log
    assert result.summary.splitlines()[:3] == [
        "### Tag",
        "",
        "The commit is on the default branch.",
    ]
    assert lines_in_code(result.summary) == [
        "tag             0.21.1",
        f"commit          {job.git('rev-parse', 'HEAD')}",
        "default branch  main",
        "pushed by       operator-1",
    ]
    assert result.summary.endswith(
        f"\n\nhttps://github.com/encode/httpx/commit/{job.git('rev-parse', 'HEAD')}\n\n"
    )


def test_a_commit_without_review_is_reported(job: BuildJob) -> None:
    result = job.run("Summarize the tag", "0.21.1")

    assert result.exit_code == 0
    assert (
        "**The commit is NOT on the default branch: it did not need a review.**" in result.summary
    )


@pytest.mark.parametrize("branch", ["", "trunk", "../heads/work", "main^{tree}"])
def test_an_unknown_default_branch_is_reported(job: BuildJob, branch: str) -> None:
    result = job.run("Summarize the tag", "0.21.1", branch)

    assert result.exit_code == 0
    assert "**Unknown: the default branch was not found" in result.summary


def test_another_ref_is_not_the_default_branch(job: BuildJob) -> None:
    job.git("branch", "main")
    job.git("tag", "main")
    job.git("tag", "origin/main")

    assert "NOT on the default branch" in job.run("Summarize the tag", "main").summary


@pytest.mark.parametrize("tag", HOSTILE_TAGS)
def test_a_tag_cannot_leave_its_code_block(job: BuildJob, tag: str) -> None:
    result = job.run("Summarize the tag", tag)

    assert result.exit_code == 0, result.log
    assert result.summary.isascii()
    tag_line, *more_lines = lines_in_code(result.summary)
    assert tag_line.startswith("tag             ")
    assert set("`<>$|!{}()'\";%").isdisjoint(tag_line)
    assert len(more_lines) == 3


def test_the_summary_lists_files_with_checksums(job: BuildJob) -> None:
    dist(job, "httpx-0.21.1-py3-none-any.whl", "httpx-0.21.1.tar.gz")
    result = job.run("Summarize the build", "0.21.1")

    assert result.exit_code == 0, result.log
    assert result.summary.splitlines()[:3] == ["### Build", "", "```text"]
    assert lines_in_code(result.summary) == [
        "version 0.21.1",
        "",
        *(
            f"{hashlib.sha256(name.encode()).hexdigest()}  dist/{name}"
            for name in sorted(["httpx-0.21.1-py3-none-any.whl", "httpx-0.21.1.tar.gz"])
        ),
    ]
    assert result.outputs == {"named": "true"}


@pytest.mark.parametrize(
    ("tag", "version", "named"),
    [
        ("0.21.1", "0.21.1", True),
        ("v0.21.1", "0.21.1", True),
        ("release-0.21.1", "0.21.1", True),
        ("release.0.21.1", "0.21.1", True),
        ("1!2.0", "1!2.0", True),
        ("1.0.0rc1", "1.0.0rc1", True),
        ("0.21.1", "1.1", False),
        ("0.21.1", "21.1", False),
        ("10.21.1", "0.21.1", False),
        ("0.21.1", "0.21", False),
        ("0.21", "0.21.1", False),
        ("0x21x1", "0.21.1", False),
        ("nightly", "0.21.1", False),
    ],
)
def test_a_tag_without_the_version_is_reported(
    job: BuildJob, tag: str, version: str, named: bool
) -> None:
    dist(job, f"httpx-{version}.tar.gz")
    result = job.run("Summarize the build", tag)

    assert result.exit_code == 0, result.log
    assert f"version {version}" in lines_in_code(result.summary)
    assert result.outputs == {"named": str(named).lower()}
    assert ("**The tag does not name the built version.**" in result.summary) is not named


def test_hidden_files_are_not_listed(job: BuildJob) -> None:
    """The upload action leaves out hidden files, and some build tools write one."""
    dist(job, ".gitignore", ".hidden/httpx-9.9.tar.gz", "httpx-0.21.1.tar.gz")
    result = job.run("Summarize the build", "0.21.1")

    version, _, *files = lines_in_code(result.summary)
    assert version == "version 0.21.1"
    assert [line.split()[1] for line in files] == ["dist/httpx-0.21.1.tar.gz"]


def test_a_file_name_cannot_leave_its_line(job: BuildJob) -> None:
    hostile = (
        "```\n# Approved",
        "<script>alert(1)",
        "a\u202eb",
        "\udcff",
        "httpx-1.0\nnamed=true.tar.gz",
        "inner/`x`",
    )
    dist(job, *hostile)
    result = job.run("Summarize the build", "1.0")

    assert result.summary.isascii()
    version, _, *files = lines_in_code(result.summary)
    assert version == "version 1.0?named?true"
    assert len(files) == len(hostile)
    assert all(set("`<>()").isdisjoint(line) for line in files)
    assert result.outputs == {"named": "false"}


@pytest.mark.parametrize(
    ("names", "versions"),
    [
        (("httpx-1.0.tar.gz", "httpx-1.1-py3-none-any.whl"), "1.0 and 1.1"),
        (("README",), "unknown"),
        ((), "unknown"),
        (("-.whl", ".tar.gz", "httpx.whl"), "unknown"),
    ],
)
def test_a_build_has_one_version(job: BuildJob, names: tuple[str, ...], versions: str) -> None:
    dist(job, *names)
    result = job.run("Summarize the build", "1.0")

    assert result.exit_code == 1
    assert result.log.strip() == f"dist/ must contain one version, but contains {versions}"
    assert result.outputs == {}
    assert "**The tag does not name the built version.**" in result.summary


def test_a_module_of_the_repository_is_not_imported(job: BuildJob) -> None:
    dist(job, "httpx-1.0.tar.gz")
    (job.tree / "hashlib.py").write_text("raise SystemExit('taken over')", encoding="utf-8")

    assert job.run("Summarize the build", "1.0").exit_code == 0
