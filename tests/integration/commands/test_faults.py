"""A sample of the fault trials: `scripts/faults` fails every request in every way."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from commands.fault_trials.failures import (
    READ_FAILURE,
    WRITE_FAILURES,
    exhaust_limit,
    expire_token,
    fail_reads,
    fail_request,
    kill_engine,
)
from commands.fault_trials.scenario import (
    SECRET,
    UP,
    RequestPattern,
    Scenario,
    prepare,
    stable_state,
)
from commands.fault_trials.trial import RECOVERIES, Outcome, Trial
from commands.faults import PARALLEL_TRIALS, choose_sample, main
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub

DOCS = Path(__file__).parents[3] / "docs" / "faults.md"
FAILURES = {failure.name: failure for failure in WRITE_FAILURES}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return prepare(tmp_path_factory.mktemp("faults") / "declared")


def failed_write(name: str, ending: str) -> Callable[[Scenario], Outcome]:
    """Return a trial that fails the first write to a path with this ending."""

    def trial(scenario: Scenario) -> Outcome:
        write = next(write for write in scenario.writes if write.path.endswith(ending))
        return fail_request(scenario, FAILURES[name], write)

    return trial


def last_read(scenario: Scenario, ending: str) -> RequestPattern:
    return next(read for read in reversed(scenario.reads) if read.path.endswith(ending))


def last_write(scenario: Scenario, ending: str) -> RequestPattern:
    return next(write for write in reversed(scenario.writes) if write.path.endswith(ending))


SAMPLE: Mapping[str, Callable[[Scenario], Outcome]] = {
    "secondary limit": failed_write("403 secondary limit", "/environments/deploy"),
    "refused": failed_write("422", "/secrets/PYPI_TOKEN"),
    "unreachable": failed_write("dropped before the effect", "/publish.yml"),
    "lost team": failed_write("dropped after the effect", "/teams"),
    "lost ruleset": failed_write("dropped after the effect", "/rulesets"),
    "lost policy": failed_write("dropped after the effect", "/deployment-branch-policies"),
    "half a response": failed_write("half of the response", "/secrets/PYPI_TOKEN"),
    "unread workflow": lambda scenario: fail_request(
        scenario, READ_FAILURE, last_read(scenario, "/contents/.github/workflows/publish.yml")
    ),
    "unread policy": lambda scenario: fail_reads(
        scenario, last_write(scenario, "/deployment-branch-policies"), "/repos/encode/httpx"
    ),
    "token": lambda scenario: expire_token(scenario, scenario.request_count - 5),
    "hourly limit": lambda scenario: exhaust_limit(scenario, scenario.limited_count - 5),
    "killed": lambda scenario: kill_engine(scenario, len(scenario.writes) - 2),
}


@pytest.fixture(scope="module")
def outcomes(scenario: Scenario) -> Mapping[str, Outcome]:
    """Run the sample in parallel, since every trial waits for the engine most of the time."""
    with ThreadPoolExecutor(PARALLEL_TRIALS) as pool:
        running = {name: pool.submit(trial, scenario) for name, trial in SAMPLE.items()}
        return {name: trial.result() for name, trial in running.items()}


@pytest.mark.parametrize("name", SAMPLE)
def test_every_trial_ends_as_an_undisturbed_run(outcomes: Mapping[str, Outcome], name: str) -> None:
    assert outcomes[name].problems == [], outcomes[name].output


def test_the_provider_waits_for_a_secondary_limit(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes["secondary limit"].verdict == "passed by itself"


@pytest.mark.parametrize("name", ["refused", "unreachable", "token", "hourly limit"])
def test_the_next_up_repeats_a_write_without_effect(
    outcomes: Mapping[str, Outcome], name: str
) -> None:
    assert outcomes[name].failed
    assert outcomes[name].steps == ["up"]


def test_an_unrecorded_team_is_deleted_and_created_again(
    outcomes: Mapping[str, Outcome],
) -> None:
    steps = outcomes["lost team"].steps

    assert [step.startswith("DELETE /orgs/encode/teams/") for step in steps] == [False, True, False]


@pytest.mark.parametrize("name", ["lost ruleset", "lost policy"])
def test_an_unrecorded_part_of_the_gate_is_imported(
    outcomes: Mapping[str, Outcome], name: str
) -> None:
    assert outcomes[name].steps == ["up", "import", "up"]


def test_a_workflow_that_was_not_read_back_is_refreshed(
    outcomes: Mapping[str, Outcome],
) -> None:
    assert outcomes["unread workflow"].steps == ["up", "refresh", "up"]


def test_a_policy_that_was_not_read_back_is_created_again(
    outcomes: Mapping[str, Outcome],
) -> None:
    policy = "DELETE repos/encode/httpx/environments/deploy/deployment-branch-policies/N"

    assert outcomes["unread policy"].steps == ["up", policy, "refresh", "up"]


def test_a_killed_engine_leaves_a_lock(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes["killed"].steps[:4] == ["up", "cancel", "refresh", "up"]


def test_an_empty_checksum_file_is_deleted(scenario: Scenario) -> None:
    with (
        SimulatedGitHub(scenario.world) as github,
        Sandbox(github.url, saved=scenario.saved) as sandbox,
    ):
        with_checksums = {"PULUMI_BACKEND_URL": sandbox.state.as_uri()}
        sandbox.pulumi(*UP, environment=with_checksums)
        [checksum_file] = sandbox.state.rglob("prod.json.attrs")
        checksum_file.write_text("")

        assert (
            "failed to load checkpoint: EOF"
            in sandbox.pulumi(*UP, environment=with_checksums, check=False).output
        )
        checksum_file.unlink()
        assert (
            sandbox.pulumi("preview", "--expect-no-changes", environment=with_checksums).code == 0
        )
    assert "failed to load checkpoint: EOF" in DOCS.read_text(encoding="utf-8")


def test_a_state_without_metadata_has_no_checksum_files(scenario: Scenario) -> None:
    with (
        SimulatedGitHub(scenario.world) as github,
        Sandbox(github.url, saved=scenario.saved) as sandbox,
    ):
        sandbox.pulumi(*UP)

        assert list(sandbox.state.rglob("prod.json")) != []
        assert list(sandbox.state.rglob("*.attrs")) == []


def test_every_recovery_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert [message for message in RECOVERIES if message not in text] == []


def test_a_sample_is_spread_over_all_trials() -> None:
    trials = [lambda number=number: Outcome(str(number), "") for number in range(100)]

    assert [trial().name for trial in choose_sample(trials, 4)] == ["12", "37", "62", "87"]
    assert len(choose_sample(trials, None)) == 100
    assert len(choose_sample(trials, 1000)) == 100


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_an_invalid_sample_size_is_an_error(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--sample", size])

    assert "--sample" in capsys.readouterr().err


# The checks themselves


def test_every_write_of_an_up_has_its_own_pattern(scenario: Scenario) -> None:
    assert len(scenario.writes) >= 15
    assert len(set(scenario.writes)) == len(scenario.writes)
    assert {write.method for write in scenario.writes} == {"POST", "PUT", "DELETE"}
    assert len(scenario.reads) + len(scenario.writes) == scenario.request_count


@pytest.mark.parametrize(
    "change",
    [
        {"path": "/orgs/encode/teams", "body": {"name": "operations-1"}},
        {"path": "/repos/encode/httpx/environments/second", "body": {}},
    ],
)
def test_a_duplicate_changes_the_stable_state(
    scenario: Scenario, change: Mapping[str, object]
) -> None:
    with SimulatedGitHub(scenario.world) as github:
        before = stable_state(github.world)
        method = "PUT" if "environments" in str(change["path"]) else "POST"
        headers = {"authorization": "Bearer token-owner-1"}
        httpx.request(
            method, github.url + str(change["path"]), json=change["body"], headers=headers
        ).raise_for_status()

        assert stable_state(github.world) != before


def test_the_check_reports_exposure_drift_and_secrets(scenario: Scenario) -> None:
    with (
        SimulatedGitHub(scenario.world) as github,
        Sandbox(github.url, saved=scenario.saved) as sandbox,
    ):
        sandbox.pulumi(*UP)
        trial = Trial(
            scenario, github, sandbox, Outcome("none", "none", output=f"... {SECRET} ...")
        )
        url = f"{github.url}/repos/encode/httpx/environments/deploy"
        httpx.put(
            url, json={}, headers={"authorization": "Bearer token-owner-1"}
        ).raise_for_status()
        trial.check()

    assert trial.outcome.problems == [
        "GitHub differs from the result of an undisturbed run",
        "the state differs from GitHub",
        "exposed after PUT /repos/encode/httpx/environments/deploy",
        "a secret was printed",
    ]
