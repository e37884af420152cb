"""What the workflow tells whoever approves, run as the workflow runs it: with names that somebody chose to mislead."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.publish_workflow.published import step

# Each is a tag that git accepts, and would be more than text if it were written as it is.
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
class Told:
    """How a step ended: its code, the summary, the outputs, and what it printed."""

    code: int
    summary: str
    outputs: dict[str, str]
    printed: str


@dataclass
class Job:
    """A job on this machine: its work tree, and the files that a runner reads afterwards."""

    place: Path

    @property
    def tree(self) -> Path:
        return self.place / "tree"

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            [*GIT, *arguments], cwd=self.tree, check=True, capture_output=True, text=True
        ).stdout.strip()

    def run(self, name: str, tag: str, branch: str = "main") -> Told:
        """Runs a step of the build job with the shell that it names."""
        found = step("build", name)
        script, summary, outputs = (
            self.place / "script",
            self.place / "summary",
            self.place / "outputs",
        )
        script.write_text(found["run"], encoding="utf-8")
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
        command = [*interpreter[found["shell"]], str(script)]
        ended = subprocess.run(
            command, cwd=self.tree, env=environment, check=False, capture_output=True, text=True
        )
        written = dict(
            line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines()
        )
        return Told(
            ended.returncode,
            summary.read_text(encoding="utf-8"),
            written,
            ended.stdout + ended.stderr,
        )


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A checkout whose first commit is on the default branch of `origin`, and whose second is not."""
    found = Job(tmp_path)
    found.tree.mkdir()
    found.git("init", "--quiet", "--initial-branch=work")
    found.git("commit", "--quiet", "--allow-empty", "--message=reviewed")
    found.git("update-ref", "refs/remotes/origin/main", "HEAD")
    found.git("commit", "--quiet", "--allow-empty", "--message=not reviewed")
    return found


def lines_in_code(summary: str) -> list[str]:
    """What stands in the one block of code; a summary with another number of fences is no summary of ours."""
    _, inside, _ = summary.split("```")
    assert inside.startswith("text\n")
    return inside.splitlines()[1:]


def dist(job: Job, *names: str) -> None:
    for name in names:
        file = job.tree / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode(errors="surrogateescape"))


def test_a_commit_of_the_default_branch_is_said_to_be_on_it(job: Job) -> None:
    job.git("checkout", "--quiet", "--detach", "HEAD~")
    told = job.run("Say what was tagged", "0.21.1")

    assert told.code == 0, told.printed
    assert told.summary.splitlines()[:3] == [
        "### What was tagged",
        "",
        "The commit is on the default branch.",
    ]
    assert lines_in_code(told.summary) == [
        "tag             0.21.1",
        f"commit          {job.git('rev-parse', 'HEAD')}",
        "default branch  main",
        "pushed by       operator-1",
    ]
    assert told.summary.endswith(
        f"\n\nhttps://github.com/encode/httpx/commit/{job.git('rev-parse', 'HEAD')}\n\n"
    )


def test_a_commit_that_nobody_reviewed_is_said_to_be_one(job: Job) -> None:
    told = job.run("Say what was tagged", "0.21.1")

    assert told.code == 0
    assert "**The commit is NOT on the default branch: nobody had to review it.**" in told.summary


@pytest.mark.parametrize("branch", ["", "trunk", "../heads/work", "main^{tree}"])
def test_an_unknown_default_branch_is_never_said_to_hold_the_commit(job: Job, branch: str) -> None:
    told = job.run("Say what was tagged", "0.21.1", branch)

    assert told.code == 0
    assert "**Unknown: the default branch was not found" in told.summary


def test_a_branch_or_tag_with_the_name_of_the_default_branch_is_not_taken_for_it(job: Job) -> None:
    job.git("branch", "main")
    job.git("tag", "main")
    job.git("tag", "origin/main")

    assert "NOT on the default branch" in job.run("Say what was tagged", "main").summary


@pytest.mark.parametrize("tag", HOSTILE_TAGS)
def test_a_tag_cannot_leave_its_block_of_code(job: Job, tag: str) -> None:
    told = job.run("Say what was tagged", tag)

    assert told.code == 0, told.printed
    assert told.summary.isascii()
    first, *others = lines_in_code(told.summary)
    assert first.startswith("tag             ")
    assert set("`<>$|!{}()'\";%").isdisjoint(first)
    assert len(others) == 3


def test_what_was_built_is_told_with_its_sums(job: Job) -> None:
    dist(job, "httpx-0.21.1-py3-none-any.whl", "httpx-0.21.1.tar.gz")
    told = job.run("Say what was built", "0.21.1")

    assert told.code == 0, told.printed
    assert told.summary.splitlines()[:3] == ["### What was built", "", "```text"]
    assert lines_in_code(told.summary) == [
        "version 0.21.1",
        "",
        *(
            f"{hashlib.sha256(name.encode()).hexdigest()}  dist/{name}"
            for name in sorted(["httpx-0.21.1-py3-none-any.whl", "httpx-0.21.1.tar.gz"])
        ),
    ]
    assert told.outputs == {"named": "true"}


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
def test_a_tag_that_does_not_name_the_version_is_told(
    job: Job, tag: str, version: str, named: bool
) -> None:
    dist(job, f"httpx-{version}.tar.gz")
    told = job.run("Say what was built", tag)

    assert told.code == 0, told.printed
    assert f"version {version}" in lines_in_code(told.summary)
    assert told.outputs == {"named": str(named).lower()}
    assert ("**The tag does not name the version that was built.**" in told.summary) is not named


def test_what_is_not_kept_is_not_told(job: Job) -> None:
    """The uploading action leaves hidden files out; some builders leave one behind."""
    dist(job, ".gitignore", ".hidden/httpx-9.9.tar.gz", "httpx-0.21.1.tar.gz")
    told = job.run("Say what was built", "0.21.1")

    version, _, *files = lines_in_code(told.summary)
    assert version == "version 0.21.1"
    assert [line.split()[1] for line in files] == ["dist/httpx-0.21.1.tar.gz"]


def test_a_file_cannot_leave_its_block_of_code_and_a_version_not_its_line(job: Job) -> None:
    hostile = (
        "```\n# Approved",
        "<script>alert(1)",
        "a\u202eb",
        "\udcff",
        "httpx-1.0\nnamed=true.tar.gz",
        "inner/`x`",
    )
    dist(job, *hostile)
    told = job.run("Say what was built", "1.0")

    assert told.summary.isascii()
    version, _, *files = lines_in_code(told.summary)
    assert version == "version 1.0?named?true"
    assert len(files) == len(hostile)
    assert all(set("`<>()").isdisjoint(line) for line in files)
    assert told.outputs == {"named": "false"}


@pytest.mark.parametrize(
    ("names", "held"),
    [
        (("httpx-1.0.tar.gz", "httpx-1.1-py3-none-any.whl"), "1.0 and 1.1"),
        (("README",), "unknown"),
        ((), "unknown"),
        (("-.whl", ".tar.gz", "httpx.whl"), "unknown"),
    ],
)
def test_a_release_has_one_version(job: Job, names: tuple[str, ...], held: str) -> None:
    dist(job, *names)
    told = job.run("Say what was built", "1.0")

    assert told.code == 1
    assert told.printed.strip() == f"dist/ has to hold one version, and holds {held}"
    assert told.outputs == {}
    assert "**The tag does not name the version that was built.**" in told.summary


def test_a_module_of_the_repository_does_not_stand_in_for_pythons(job: Job) -> None:
    dist(job, "httpx-1.0.tar.gz")
    (job.tree / "hashlib.py").write_text("raise SystemExit('taken over')", encoding="utf-8")

    assert job.run("Say what was built", "1.0").code == 0
