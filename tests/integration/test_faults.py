"""A first `pulumi up` that something disturbed is made good by the next one, and by what docs/faults.md says.

A sample: `scripts/faults` disturbs every write in every way.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from commands.disturbed.disturbances import (
    DISTURBANCES,
    UNREAD,
    disturb,
    exhaust,
    expire_token,
    go_blind,
    kill,
)
from commands.disturbed.start import SECRET, UP, Sent, Start, lasting, prepare
from commands.disturbed.trial import RECOVERIES, Outcome, Trial
from commands.faults import SIDE_BY_SIDE, main, sampled
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub

DOCS = Path(__file__).parents[2] / "docs" / "faults.md"
DISTURBANCE = {disturbance.name: disturbance for disturbance in DISTURBANCES}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return prepare(tmp_path_factory.mktemp("faults") / "declared")


def disturbed(name: str, ending: str) -> Callable[[Start], Outcome]:
    """A trial of the first write whose path ends like this."""

    def trial(start: Start) -> Outcome:
        write = next(each for each in start.writes if each.path.endswith(ending))
        return disturb(start, DISTURBANCE[name], write)

    return trial


def last_read(start: Start, ending: str) -> Sent:
    return next(each for each in reversed(start.reads) if each.path.endswith(ending))


def last_write(start: Start, ending: str) -> Sent:
    return next(each for each in reversed(start.writes) if each.path.endswith(ending))


SAMPLE: Mapping[str, Callable[[Start], Outcome]] = {
    "limited": disturbed("403 secondary limit", "/environments/deploy"),
    "refused": disturbed("422", "/secrets/PYPI_TOKEN"),
    "unreachable": disturbed("dropped before the effect", "/publish.yml"),
    "lost team": disturbed("dropped after the effect", "/teams"),
    "lost ruleset": disturbed("dropped after the effect", "/rulesets"),
    "lost policy": disturbed("dropped after the effect", "/deployment-branch-policies"),
    "half an answer": disturbed("half of the answer", "/secrets/PYPI_TOKEN"),
    "unread workflow": lambda start: disturb(
        start, UNREAD, last_read(start, "/contents/.github/workflows/publish.yml")
    ),
    "unread policy": lambda start: go_blind(
        start, last_write(start, "/deployment-branch-policies"), "/repos/encode/httpx"
    ),
    "token": lambda start: expire_token(start, start.requests - 5),
    "limit": lambda start: exhaust(start, start.limited - 5),
    "killed": lambda start: kill(start, len(start.writes) - 2),
}


@pytest.fixture(scope="module")
def outcomes(start: Start) -> Mapping[str, Outcome]:
    """What became of the sample; all of it at once, since every trial waits for the engine most of the time."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = {name: pool.submit(trial, start) for name, trial in SAMPLE.items()}
        return {name: trial.result() for name, trial in running.items()}


@pytest.mark.parametrize("name", SAMPLE)
def test_everything_ends_as_if_nothing_had_been(outcomes: Mapping[str, Outcome], name: str) -> None:
    assert outcomes[name].complaints == [], outcomes[name].output


def test_a_secondary_limit_is_waited_for(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes["limited"].verdict == "passed by itself"


@pytest.mark.parametrize("name", ["refused", "unreachable", "token", "limit"])
def test_what_had_no_effect_is_made_by_the_next_up(
    outcomes: Mapping[str, Outcome], name: str
) -> None:
    assert (outcomes[name].failed, outcomes[name].steps) == (True, ["up"])


@pytest.mark.parametrize(
    ("name", "taken_away"),
    [
        ("lost team", "DELETE /orgs/encode/teams/"),
        ("lost ruleset", "DELETE /repos/encode/httpx/rulesets/N"),
        (
            "lost policy",
            "DELETE /repos/encode/httpx/environments/deploy/deployment-branch-policies/N",
        ),
    ],
)
def test_what_was_made_and_not_recorded_is_taken_away_and_made_again(
    outcomes: Mapping[str, Outcome], name: str, taken_away: str
) -> None:
    assert [step.startswith(taken_away) for step in outcomes[name].steps] == [False, True, False]


def test_a_workflow_that_was_written_and_not_read_again_is_refreshed(
    outcomes: Mapping[str, Outcome],
) -> None:
    assert outcomes["unread workflow"].steps == ["up", "refresh", "up"]


def test_a_policy_that_was_made_and_not_read_again_is_refreshed_and_made_again(
    outcomes: Mapping[str, Outcome],
) -> None:
    policy = "DELETE /repos/encode/httpx/environments/deploy/deployment-branch-policies/N"

    assert outcomes["unread policy"].steps == ["up", "refresh", "up", policy, "up"]


def test_an_engine_that_was_killed_leaves_a_lock(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes["killed"].steps[:4] == ["up", "cancel", "refresh", "up"]


def test_a_half_written_note_beside_the_state_is_taken_away(start: Start) -> None:
    with SimulatedGitHub(start.world) as github, Sandbox(github.url, saved=start.saved) as sandbox:
        noted = {"PULUMI_BACKEND_URL": sandbox.state.as_uri()}
        sandbox.pulumi(*UP, environment=noted)
        [note] = sandbox.state.rglob("prod.json.attrs")
        note.write_text("")

        assert (
            "failed to load checkpoint: EOF"
            in sandbox.pulumi(*UP, environment=noted, check=False).output
        )
        note.unlink()
        assert sandbox.pulumi("preview", "--expect-no-changes", environment=noted).code == 0
    assert "failed to load checkpoint: EOF" in DOCS.read_text(encoding="utf-8")


def test_a_state_without_notes_has_none_to_be_half_written(start: Start) -> None:
    with SimulatedGitHub(start.world) as github, Sandbox(github.url, saved=start.saved) as sandbox:
        sandbox.pulumi(*UP)

        assert list(sandbox.state.rglob("prod.json")) != []
        assert list(sandbox.state.rglob("*.attrs")) == []


def test_every_recovery_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert [symptom for symptom in RECOVERIES if symptom not in text] == []


def test_a_sample_is_spread_over_all_trials() -> None:
    everything = [lambda number=number: Outcome(str(number), "") for number in range(100)]

    assert [trial().name for trial in sampled(everything, 4)] == ["12", "37", "62", "87"]
    assert len(sampled(everything, None)) == len(sampled(everything, 1000)) == 100


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_sample_that_makes_no_sense_is_refused(
    size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--sample", size])

    assert "--sample" in capsys.readouterr().err


# The measures themselves


def test_the_writes_of_an_up_are_told_apart(start: Start) -> None:
    assert len(set(start.writes)) == len(start.writes) >= 15
    assert {each.method for each in start.writes} == {"POST", "PUT", "DELETE"}
    assert len(start.reads) + len(start.writes) == start.requests


@pytest.mark.parametrize(
    "change",
    [
        {"path": "/orgs/encode/teams", "body": {"name": "operations-1"}},
        {"path": "/repos/encode/httpx/environments/second", "body": {}},
    ],
)
def test_a_duplicate_would_be_noticed(start: Start, change: Mapping[str, object]) -> None:
    with SimulatedGitHub(start.world) as github:
        before = lasting(github.world)
        method = "PUT" if "environments" in str(change["path"]) else "POST"
        headers = {"authorization": "Bearer token-owner-1"}
        httpx.request(
            method, github.url + str(change["path"]), json=change["body"], headers=headers
        ).raise_for_status()

        assert lasting(github.world) != before


def test_an_exposed_workflow_a_printed_secret_and_drift_would_be_noticed(start: Start) -> None:
    with SimulatedGitHub(start.world) as github, Sandbox(github.url, saved=start.saved) as sandbox:
        sandbox.pulumi(*UP)
        trial = Trial(start, github, sandbox, Outcome("none", "none", output=f"... {SECRET} ..."))
        url = f"{github.url}/repos/encode/httpx/environments/deploy"
        httpx.put(
            url, json={}, headers={"authorization": "Bearer token-owner-1"}
        ).raise_for_status()
        trial.judge()

    assert trial.outcome.complaints == [
        "GitHub is not as after an undisturbed run",
        "the state is not what GitHub has",
        "exposed after PUT /repos/encode/httpx/environments/deploy",
        "a secret was printed",
    ]
