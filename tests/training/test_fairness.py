"""Groups are compared under a line, and those that say little are flagged."""

import numpy as np

from models.card import GroupCard
from tests.models.builders import count
from training.cards import curve_of, groups_of
from training.fairness import treatments
from training.metrics import judged


def test_groups_are_counted_by_hand() -> None:
    label = np.array([True, True, False, False] * 30)
    fits = np.array([90.0, 10.0, 85.0, 20.0] * 30)
    probability = np.tile([0.8, 0.2, 0.6, 0.4], 30)
    values = (["north"] * 4 + ["south"] * 4 + [None] * 2) * 12

    groups = groups_of(judged(label, fits, probability), fits, values)
    [north, *_] = treatments(groups, 80)

    assert [each.name for each in groups] == ["north", "south", "(not given)"]
    assert sum(each.all.leads for each in groups) == 120
    assert (north.leads, north.converted, north.selection_rate, north.tpr, north.precision) == (48, 24, 0.5, 0.5, 0.5)
    assert (north.promised, north.observed, north.small) == (0.5, 0.5, True)


def test_a_group_of_which_nobody_is_selected_has_no_precision() -> None:
    label = np.zeros(60, dtype=np.bool_)
    groups = groups_of(judged(np.r_[label, True], np.zeros(61), np.full(61, 0.1)), np.zeros(61), ["a"] * 60 + ["b"])

    found = treatments(groups, 50)

    assert [(each.precision, each.tpr) for each in found] == [(None, None), (None, 0.0)]


def test_rare_values_share_a_group() -> None:
    values = [f"city {row % 20}" for row in range(100)] + ["big"] * 50
    groups = groups_of(judged(np.arange(150) % 2 == 0, np.arange(150.0), np.full(150, 0.5)), np.full(150, 50.0), values)

    assert (len(groups), groups[0].name, "(others)" in {each.name for each in groups}) == (13, "big", True)


def test_only_groups_with_enough_leads_and_enough_who_converted_speak() -> None:
    def small(leads: int, converted: int) -> bool:
        label = np.arange(leads) < converted
        curve = curve_of(np.full(leads, 50.0), label)
        [found] = treatments([GroupCard(name="g", all=count(leads, converted), curve=curve)], 50)
        return found.small

    assert [small(49, 20), small(50, 9), small(50, 10)] == [True, True, False]
