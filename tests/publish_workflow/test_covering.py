"""The sample is small, and each pair of values occurs in it."""

from itertools import combinations

import pytest

from publish_workflow.layouts import LAYOUTS
from tests.publish_workflow.covering import choices_of, covering, sample


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_pair_of_values_occurs(layout: str) -> None:
    choices = choices_of(layout)
    rows = list(covering(choices))

    for left, right in combinations(choices, 2):
        for value in choices[left]:
            for partner in choices[right]:
                assert any(row[left] == value and row[right] == partner for row in rows)


def test_the_sample_is_small() -> None:
    assert len(sample()) < 60


def test_a_choice_with_one_value_is_covered() -> None:
    assert list(covering({"a": (1, 2), "b": (3,)})) == [{"a": 1, "b": 3}, {"a": 2, "b": 3}]
