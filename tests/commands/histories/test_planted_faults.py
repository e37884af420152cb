"""Faults planted in the rules are found; the nightly run plants all of them."""

from pathlib import Path

import pytest

from commands.histories.organization import Start
from commands.histories.planted_faults import PLANTED_FAULTS, PlantedFault, find_fault

ENOUGH = 20
SAMPLE = ("without teams.check_switched_teams", "blind to added bypass actors")


def test_there_are_enough_planted_faults() -> None:
    assert len(PLANTED_FAULTS) >= ENOUGH
    assert len({fault.name for fault in PLANTED_FAULTS}) == len(PLANTED_FAULTS)


@pytest.mark.parametrize("fault", PLANTED_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted(fault: PlantedFault, tmp_path: Path) -> None:
    program = fault.plant(tmp_path / "program")

    assert fault.text not in (program / fault.file).read_text(encoding="utf-8")


@pytest.mark.integration
@pytest.mark.parametrize(
    "fault",
    [fault for fault in PLANTED_FAULTS if fault.name in SAMPLE],
    ids=lambda fault: fault.name,
)
def test_a_planted_fault_is_found(start: Start, fault: PlantedFault, tmp_path: Path) -> None:
    outcome = find_fault(start, fault, tmp_path / "program")

    assert outcome.problems
