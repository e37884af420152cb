"""The text of the comment."""

import json
import os
import sys
from pathlib import Path

import pytest

from commands.preview_comment import COMMENT_BYTES, MARKER, Origin, Preview, comment, main
from commands.preview_json import ABSENT, Change, Plan, Step
from tests.integration.rehearsed_stack import RehearsedStack

ORIGIN = Origin("0123456789abcdef", "https://github.com/encode/release-stack/actions/runs/1")
RULESET = "RepositoryRuleset"


def text(*steps: Step, warnings: tuple[str, ...] = (), limit: int = COMMENT_BYTES) -> str:
    return comment(Preview("prod", 0, Plan(steps, 3, warnings=warnings)), ORIGIN, limit)


def update(*changes: Change) -> str:
    """The row of an update with these changes."""
    return next(
        line
        for line in text(Step("update", "httpx/review", RULESET, changes)).splitlines()
        if "httpx/review" in line
    )


def test_it_begins_with_the_line_by_which_it_is_found_again() -> None:
    assert text().startswith(f"{MARKER}\n\n### Preview of `prod`: nothing to do\n")


def test_it_ends_with_the_commit_and_a_link_to_the_run() -> None:
    assert text().endswith(f"\n3 unchanged · commit `0123456789ab` · [the run]({ORIGIN.run})\n")


def test_the_title_counts_what_is_to_be_done_the_worst_first() -> None:
    steps = [
        Step("create", "a", RULESET),
        Step("delete", "b", RULESET),
        Step("create", "c", RULESET),
    ]

    assert "### Preview of `prod`: 1 to delete, 2 to create\n" in text(*steps)


def test_deletions_and_replacements_stand_out() -> None:
    written = text(
        Step("delete", "httpx/review", RULESET), Step("replace", "httpx/tags-kept", RULESET)
    )

    assert "> [!CAUTION]\n> **On GitHub, 1 to delete and 1 to replace.**" in written
    assert "| **`-` delete** | **`httpx/review`** |" in written
    assert "| **`+-` replace** | **`httpx/tags-kept`** |" in written


def test_nothing_stands_out_when_nothing_goes_away() -> None:
    kept = Step("delete", "made", "Repository", retained=True)
    group = Step("delete", "httpx", "ReleaseRepository", on_github=False)
    written = text(kept, group, Step("create", "databases/review", RULESET))

    assert "CAUTION" not in written
    assert "| `-` delete | `made` | `Repository` | forgotten here, kept on GitHub |" in written
    assert "| `-` delete | `httpx` | `ReleaseRepository` | in the state alone |" in written


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (Change("enforcement", "active", "disabled"), "`enforcement`: `active` → `disabled`"),
        (Change("canAdminsBypass", False, True), "`canAdminsBypass`: `false` → `true`"),
        (Change("reviewers[0]", 7, ABSENT), "`reviewers[0]`: `7` goes"),
        (Change("reviewers[0]", ABSENT, 7), "`reviewers[0]`: `7` is new"),
        (Change("description", None, ""), '`description`: nothing → `""`'),
        (Change("content", "on: push", "name: Publish\non: push"), "`content`"),
        (Change("rules", {}, {"update": True}), "`rules`"),
        (Change("name", "x", "y" * 81), "`name`"),
        (Change("value", "[secret]", "[secret]"), "`value`: `[secret]` → `[secret]`"),
        (
            Change("repository", "httpx", "h11", forces=True),
            "**`repository`** (forces the replacement): `httpx` → `h11`",
        ),
    ],
    ids=lambda value: value.path if isinstance(value, Change) else "",
)
def test_a_change_shows_its_values_where_they_fit_a_line(change: Change, written: str) -> None:
    assert update(change) == f"| `~` update | `httpx/review` | `RepositoryRuleset` | {written} |"


def test_many_changes_of_one_resource_are_counted() -> None:
    row = update(*(Change(f"p{number}", 1, 2) for number in range(10)))

    assert row.count("→") == 8
    assert row.endswith("<br>and 2 more |")


def test_a_value_can_break_neither_the_table_nor_the_page() -> None:
    row = update(Change("name", "`| @encode/operations <img src=x>", "# <!--"))

    assert "`` `\\| @encode/operations <img src=x> `` → `# <!--`" in row


def test_a_long_plan_is_cut_at_its_harmless_end_and_says_how_much_is_missing() -> None:
    steps = [
        Step("delete", "httpx/review", RULESET),
        *(Step("create", f"r{number}/→", RULESET) for number in range(3000)),
    ]
    written = text(*steps, warnings=("w" * 20_000,))

    assert COMMENT_BYTES - 200 < len(written.encode()) <= COMMENT_BYTES
    assert "1 to delete, 3000 to create" in written
    assert "**`httpx/review`**" in written
    shown = written.count("`+` create")
    assert (
        f"**… and {3000 - shown} more**, which [the run's summary]({ORIGIN.run}) shows." in written
    )
    assert written.endswith(f"[the run]({ORIGIN.run})\n")


def test_a_plan_that_fits_exactly_is_whole() -> None:
    steps = [Step("create", f"r{number}", RULESET) for number in range(20)]

    assert text(*steps, limit=4000).count("create |") == 20
    assert "more**" not in text(*steps, limit=4000)


def test_warnings_are_quoted() -> None:
    assert "**Warnings**\n\n```text\nno value yet\n```\n" in text(warnings=("no value yet",))


def test_a_failure_shows_the_errors_and_no_half_of_a_plan() -> None:
    plan = Plan(
        (Step("create", "httpx/review", RULESET),),
        errors=("Pulumi.prod.yaml cannot be used",),
        warnings=("hm",),
    )
    written = comment(Preview("prod", 1, plan), ORIGIN)

    assert (
        "### Preview of `prod`: failed\n\n**Errors**\n\n```text\nPulumi.prod.yaml cannot be used\n```\n"
        in written
    )
    assert "**Warnings**" in written
    assert "httpx/review" not in written


@pytest.mark.parametrize(
    ("complaints", "said"),
    [("error: incorrect passphrase\n", "incorrect passphrase"), ("", "without a message")],
)
def test_an_engine_that_ended_early_is_quoted(complaints: str, said: str) -> None:
    assert said in comment(Preview("prod", 255, None, complaints), ORIGIN)


def test_endless_messages_fit() -> None:
    plan = Plan(errors=("→" * 40_000,), warnings=("→" * 40_000,))

    assert len(comment(Preview("prod", 1, plan), ORIGIN).encode()) <= COMMENT_BYTES


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for `pulumi`, the first on PATH, that fails with the passphrase in all that it prints."""
    said = json.dumps(
        {"diagnostics": [{"severity": "error", "message": "error: tried correct horse"}]}
    )
    program = f"import sys\nprint({said!r})\nsys.exit('and tried correct horse')\n"
    stand_in = tmp_path / "pulumi"
    stand_in.write_text(f"#!{sys.executable}\n{program}", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    return stand_in


@pytest.mark.usefixtures("pulumi")
def test_the_command_prints_the_comment_adds_to_the_summary_and_ends_as_pulumi_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")

    code = main(
        [
            "--stack",
            "prod",
            "--commit",
            ORIGIN.commit,
            "--run",
            ORIGIN.run,
            "--summary",
            str(summary),
        ]
    )

    printed = capsys.readouterr().out
    assert code == 1
    assert "tried [secret]\nand tried [secret]\n" in printed
    assert summary.read_text(encoding="utf-8") == f"before\n{printed}"


@pytest.mark.integration
def test_a_real_preview_reads_well_and_tells_no_secret(
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
