"""A first `pulumi up` in portions: it outlives a token, or exceeds the hourly limit."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from commands.fault_trials.failures import use_several_hours, use_several_tokens
from commands.fault_trials.scenario import FOUR_REPOSITORIES, Scenario, prepare
from commands.fault_trials.trial import Outcome

# Installation tokens live for an hour: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
# Hourly limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
PORTION = 60
# Smaller, because an `up` may also wait for the next hour and go on in it.
HOURLY = 40


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return prepare(tmp_path_factory.mktemp("portions") / "declared", FOUR_REPOSITORIES)


@pytest.fixture(scope="module")
def outcomes(scenario: Scenario) -> dict[str, Outcome]:
    with ThreadPoolExecutor() as pool:
        running = {
            "tokens": pool.submit(use_several_tokens, scenario, PORTION),
            "hours": pool.submit(use_several_hours, scenario, HOURLY),
        }
        return {name: trial.result() for name, trial in running.items()}


def test_the_requests_exceed_one_portion(scenario: Scenario) -> None:
    assert scenario.request_count > 1.5 * PORTION


@pytest.mark.parametrize(("limit", "portions"), [("tokens", 3), ("hours", 2)])
def test_the_next_portion_completes_the_rest(
    outcomes: dict[str, Outcome], limit: str, portions: int
) -> None:
    assert outcomes[limit].problems == [], outcomes[limit].output
    assert outcomes[limit].steps.count("up") >= portions


def test_the_message_names_when_the_rate_limit_ends(
    outcomes: dict[str, Outcome],
) -> None:
    assert f"API rate limit of {HOURLY} still exceeded until" in outcomes["hours"].output
