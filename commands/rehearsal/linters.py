"""The workflow file as it is on GitHub after the stack was applied, under the strictest reading of two linters."""

from commands.rehearsal.stage import Stage

LINTERS = {
    "actionlint": ("actionlint", "-no-color"),
    "zizmor": ("zizmor", "--offline", "--persona=pedantic", "--no-progress", "--color=never"),
}


def lint(stage: Stage) -> None:
    """Reads the workflow back from GitHub and tells what each linter finds."""
    file = stage.root / "linted" / stage.plan.workflow
    file.parent.mkdir(parents=True)
    file.write_text(stage.github.text(stage.plan.cast.owner, stage.plan.workflow), encoding="utf-8")
    for name, command in LINTERS.items():
        ended = stage.processes.run([*command, str(file)], file.parents[2])
        outcome = "finds nothing" if ended.code == 0 else f"finds: {ended.output}"
        stage.timeline.add(
            name,
            f"reads {stage.plan.workflow} of {stage.plan.repository.name}",
            outcome,
            good=ended.code == 0,
        )
