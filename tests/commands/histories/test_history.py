"""Random histories: a sample of those that run every night, and the operator's remedies."""

import pytest

from commands.histories.history import run_random
from commands.histories.operator import commands_in, read_remedies
from commands.histories.organization import Start

SEEDS = (3, 17)


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_history(start: Start, seed: int) -> None:
    outcome = run_random(start, seed)

    assert outcome.problems == [], str(outcome)
    assert outcome.runs > 0


def test_the_remedies_of_an_output() -> None:
    output = """
    error: pulumi up is blocked: 2 problems, nothing was changed
      repositories.beta is archived on GitHub
        allowed: an entry with `archived: true`
        remedy:  pulumi config set --path 'repositories.beta.archived' true; or, to go on: gh x
      repositories.beta is archived on GitHub
        allowed: an entry with `archived: true`
        remedy:  pulumi config set --path 'repositories.beta.archived' true; or, to go on: gh x
    """

    [remedy] = read_remedies(output)

    assert remedy.place == "repositories.beta"
    assert commands_in(remedy.text) == [
        "pulumi config set --path 'repositories.beta.archived' true"
    ]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("scripts/forget beta; then `pulumi up` sets it up", ["scripts/forget beta"]),
        (
            "scripts/forget beta; then remove it: pulumi config rm --path 'repositories.beta'",
            ["scripts/forget beta", "pulumi config rm --path 'repositories.beta'"],
        ),
        ("gh api -X DELETE a && gh api -X DELETE b", ["gh api -X DELETE a && gh api -X DELETE b"]),
        ("remove ann from the stack file; then scripts/forget ann", ["scripts/forget ann"]),
        ("rename the key to eta, also under `secrets`", []),
    ],
)
def test_the_commands_of_a_remedy(text: str, commands: list[str]) -> None:
    assert commands_in(text) == commands
