"""The comment on a pull request, and the text for a terminal."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from commands.previews.comment import COMMENT_BYTES, MARKER, Origin, comment, main
from commands.previews.preview_json import ABSENT, Change, Preview, Step
from commands.previews.preview_run import PreviewRun
from commands.previews.text import as_text
from tests.integration.rehearsed_stack import RehearsedStack

ORIGIN = Origin("0123456789abcdef", "https://github.com/encode/release-stack/actions/runs/1")
RULESET = "RepositoryRuleset"


def run_of(*steps: Step, warnings: tuple[str, ...] = ()) -> PreviewRun:
    return PreviewRun("prod", 0, Preview(steps, 3, warnings=warnings))


def comment_on(*steps: Step, warnings: tuple[str, ...] = (), limit: int = COMMENT_BYTES) -> str:
    return comment(run_of(*steps, warnings=warnings), ORIGIN, limit)


def row_of_update(*changes: Change) -> str:
    """Return the row of an update with these changes."""
    lines = comment_on(Step("update", "httpx/review", RULESET, changes)).splitlines()
    return next(line for line in lines if "httpx/review" in line)


def test_the_comment_begins_with_its_marker() -> None:
    assert comment_on().startswith(f"{MARKER}\n\n### Preview of `prod`: nothing to do\n")


def test_the_comment_ends_with_commit_and_run() -> None:
    assert comment_on().endswith(
        f"\n3 unchanged · commit `0123456789ab` · [the run]({ORIGIN.run})\n"
    )


def test_the_title_counts_steps_removals_first() -> None:
    steps = [
        Step("create", "a", RULESET),
        Step("delete", "b", RULESET),
        Step("create", "c", RULESET),
    ]

    assert "### Preview of `prod`: 1 to delete, 2 to create\n" in comment_on(*steps)


def test_deletions_and_replacements_are_in_bold() -> None:
    written = comment_on(
        Step("delete", "httpx/review", RULESET), Step("replace", "httpx/tags-kept", RULESET)
    )

    assert "> [!CAUTION]\n> **On GitHub, 1 to delete and 1 to replace.**" in written
    assert "| **`-` delete** | **`httpx/review`** |" in written
    assert "| **`+-` replace** | **`httpx/tags-kept`** |" in written


def test_no_alert_when_nothing_is_removed() -> None:
    retained = Step("delete", "made", "Repository", retained=True)
    group = Step("delete", "httpx", "ReleaseRepository", on_github=False)
    written = comment_on(retained, group, Step("create", "databases/review", RULESET))

    assert "CAUTION" not in written
    assert (
        "| `-` delete | `made` | `Repository` | removed from the state, kept on GitHub |" in written
    )
    assert "| `-` delete | `httpx` | `ReleaseRepository` | only in the state |" in written


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (Change("enforcement", "active", "disabled"), "`enforcement`: `active` → `disabled`"),
        (Change("canAdminsBypass", False, True), "`canAdminsBypass`: `false` → `true`"),
        (Change("reviewers[0]", 7, ABSENT), "`reviewers[0]`: `7` is removed"),
        (Change("reviewers[0]", ABSENT, 7), "`reviewers[0]`: `7` is added"),
        (Change("description", None, ""), '`description`: nothing → `""`'),
        (Change("content", "on: push", "name: Publish\non: push"), "`content`"),
        (Change("rules", {}, {"update": True}), "`rules`"),
        (Change("name", "x", "y" * 81), "`name`"),
        (Change("value", "[secret]", "[secret]"), "`value`: `[secret]` → `[secret]`"),
        (
            Change("repository", "httpx", "h11", forces_replacement=True),
            "**`repository`** (forces the replacement): `httpx` → `h11`",
        ),
    ],
    ids=lambda value: value.path if isinstance(value, Change) else "",
)
def test_a_change_has_its_values_where_they_are_short(change: Change, written: str) -> None:
    assert (
        row_of_update(change)
        == f"| `~` update | `httpx/review` | `RepositoryRuleset` | {written} |"
    )


def test_many_changes_of_one_resource_are_counted() -> None:
    row = row_of_update(*(Change(f"p{number}", 1, 2) for number in range(10)))

    assert row.count("→") == 8
    assert row.endswith("<br>and 2 more |")


def test_a_value_cannot_break_the_table_or_the_page() -> None:
    row = row_of_update(Change("name", "`| @encode/operations <img src=x>", "# <!--"))

    assert "`` `\\| @encode/operations <img src=x> `` → `# <!--`" in row


def test_a_long_table_is_cut_at_its_end_and_counts_the_rest() -> None:
    steps = [
        Step("delete", "httpx/review", RULESET),
        *(Step("create", f"r{number}/→", RULESET) for number in range(3000)),
    ]
    written = comment_on(*steps, warnings=("w" * 20_000,))

    assert len(written.encode()) > COMMENT_BYTES - 200
    assert len(written.encode()) <= COMMENT_BYTES
    assert "1 to delete, 3000 to create" in written
    assert "**`httpx/review`**" in written
    row_count = written.count("`+` create")
    assert (
        f"**… and {3000 - row_count} more**, which [the run's summary]({ORIGIN.run}) shows."
        in written
    )
    assert written.endswith(f"[the run]({ORIGIN.run})\n")


def test_a_table_that_fits_is_complete() -> None:
    steps = [Step("create", f"r{number}", RULESET) for number in range(20)]

    assert comment_on(*steps, limit=4000).count("create |") == 20
    assert "more**" not in comment_on(*steps, limit=4000)


def test_warnings_are_quoted() -> None:
    assert "**Warnings**\n\n```text\nno value yet\n```\n" in comment_on(warnings=("no value yet",))


def test_a_failure_has_its_errors_and_no_table() -> None:
    preview = Preview(
        (Step("create", "httpx/review", RULESET),),
        errors=("Pulumi.prod.yaml cannot be used",),
        warnings=("hm",),
    )
    written = comment(PreviewRun("prod", 1, preview), ORIGIN)

    assert "### Preview of `prod`: failed\n\n**Errors**\n\n" in written
    assert "```text\nPulumi.prod.yaml cannot be used\n```\n" in written
    assert "**Warnings**" in written
    assert "httpx/review" not in written


@pytest.mark.parametrize(
    ("printed", "message"),
    [("error: incorrect passphrase\n", "incorrect passphrase"), ("", "without a message")],
)
def test_messages_of_an_engine_that_ended_early(printed: str, message: str) -> None:
    assert message in comment(PreviewRun("prod", 255, None, printed), ORIGIN)


def test_long_messages_are_cut() -> None:
    preview = Preview(errors=("→" * 40_000,), warnings=("→" * 40_000,))

    assert len(comment(PreviewRun("prod", 1, preview), ORIGIN).encode()) <= COMMENT_BYTES


def test_the_text_has_steps_changes_and_warnings() -> None:
    run = run_of(
        Step("delete", "databases/review", RULESET),
        Step(
            "update", "httpx/review", RULESET, (Change("approvals", 1, 2), Change("rules", {}, {}))
        ),
        warnings=("no value yet",),
    )

    assert as_text(run) == (
        "Preview of prod: 1 to delete, 1 to update, 3 unchanged\n"
        "\n"
        "CAUTION: on GitHub, 1 to delete: access, a gate, a secret or a workflow is removed.\n"
        "\n"
        "-  delete  databases/review  RepositoryRuleset\n"
        "~  update  httpx/review      RepositoryRuleset\n"
        "           approvals: 1 -> 2\n"
        "           rules\n"
        "\n"
        "Warnings\n"
        "  no value yet\n"
    )


def test_the_text_of_a_failure_has_its_errors() -> None:
    preview = Preview((Step("create", "httpx/review", RULESET),), errors=("first\n  second",))
    printed = as_text(PreviewRun("prod", 1, preview, "third\n"))

    assert printed == "Preview of prod: failed\n\nErrors\n  first\n    second\n  third\n"
    assert "without a message" in as_text(PreviewRun("prod", 255, None))


def test_the_text_has_no_control_characters() -> None:
    step = Step("update", "httpx/review", RULESET, (Change("name", "a", "\x1b[2J"),))

    assert "name: a -> ?[2J\n" in as_text(run_of(step))


@pytest.mark.parametrize(("severity", "expected"), [("warning", 0), ("error", 1)])
def test_the_command_reads_a_preview_from_its_input(
    severity: str,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "token-of-an-owner")
    message = {"severity": severity, "message": "refused: token-of-an-owner"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"diagnostics": [message]})))

    assert main(["--json", "--text"]) == expected
    assert "  refused: [secret]\n" in capsys.readouterr().out


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stand-in for `pulumi` on PATH that fails and prints the passphrase."""
    printed = json.dumps(
        {"diagnostics": [{"severity": "error", "message": "error: tried correct horse"}]}
    )
    program = f"import sys\nprint({printed!r})\nsys.exit('and tried correct horse')\n"
    stand_in = tmp_path / "pulumi"
    stand_in.write_text(f"#!{sys.executable}\n{program}", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    return stand_in


@pytest.mark.usefixtures("pulumi")
def test_the_command_prints_and_writes_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")

    origin = ["--commit", ORIGIN.commit, "--run", ORIGIN.run]
    code = main(["--stack", "prod", *origin, "--summary", str(summary)])

    printed = capsys.readouterr().out
    assert code == 1
    assert "tried [secret]\nand tried [secret]\n" in printed
    assert summary.read_text(encoding="utf-8") == f"before\n{printed}"


@pytest.mark.integration
def test_a_real_preview_has_its_changes_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with RehearsedStack() as stack:
        stack.up()
        stack.repositories.pop("databases")
        stack.repositories["httpx"] = {"approvals": 2}
        stack.configuration["secrets"].pop("databases")
        stack.configure()
        for name, value in stack.sandbox.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(stack.sandbox.directory)

        code = main(["--stack", "prod"])

        written = capsys.readouterr().out
        assert code == 0
        assert (
            "| **`-` delete** | **`databases/deploy/PYPI_TOKEN`** | `ActionsEnvironmentSecret` |  |"
            in written
        )
        assert "`rules.pullRequest.requiredApprovingReviewCount`: `1` → `2` |" in written
        assert "`httpx/tags-kept`" not in written
        assert "pypi-" not in written
        assert stack.sandbox.environment["PULUMI_CONFIG_PASSPHRASE"] not in written
