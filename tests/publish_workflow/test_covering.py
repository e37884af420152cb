"""The sample is small, and no two values never meet."""

from itertools import combinations

import pytest

from publish_workflow.layouts import LAYOUTS
from tests.publish_workflow.covering import choices_of, covering, sample


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_two_values_meet(layout: str) -> None:
    choices = choices_of(layout)
    rows = list(covering(choices))

    for one, other in combinations(choices, 2):
        for first in choices[one]:
            for second in choices[other]:
                assert any(row[one] == first and row[other] == second for row in rows), (
                    one,
                    first,
                    other,
                    second,
                )


def test_the_sample_is_small() -> None:
    assert len(sample()) < 60


def test_what_has_one_value_is_covered_by_nothing_less() -> None:
    assert list(covering({"a": (1, 2), "b": (3,)})) == [{"a": 1, "b": 3}, {"a": 2, "b": 3}]
