"""Where a shadow and the version that serves differ."""

from typing import Any

import pytest

from models.disagree import Sides, Verdict, disagreement


def verdict(score: float, **over: Any) -> Verdict:
    """A verdict of a score; 50 qualifies."""
    given: dict[str, Any] = {"probability": score / 100, "grade": "A" if score >= 50 else "B", "qualified": score >= 50}
    return Verdict(score=score, **{**given, **over})


def sides(number: int, serving: float, shadow: float) -> Sides:
    """A decision of both."""
    return Sides(decision_id=f"{number:04}", serving=verdict(serving), shadow=verdict(shadow))


def test_flips_are_counted_by_their_direction() -> None:
    found = disagreement([sides(1, 40, 60), sides(2, 45, 70), sides(3, 80, 20), sides(4, 90, 80)])

    assert found is not None
    assert (found.decisions, found.gained, found.lost, found.agreement, found.same_grade) == (4, 2, 1, 0.25, 0.25)


def test_order_is_compared_by_rank() -> None:
    same = disagreement([sides(number, score, score / 2) for number, score in enumerate((10, 30, 20, 40))])
    turned = disagreement([sides(number, score, 100 - score) for number, score in enumerate((10, 30, 20, 40))])
    flat = disagreement([sides(number, score, 50) for number, score in enumerate((10, 30))])

    assert same is not None
    assert turned is not None
    assert flat is not None
    assert same.rank_correlation == pytest.approx(1)
    assert turned.rank_correlation == pytest.approx(-1)
    assert flat.rank_correlation is None


def test_the_ten_largest_differences_come_first() -> None:
    found = disagreement([sides(number, 10, 10 + number) for number in range(30)])

    assert found is not None
    assert [each.shadow.score for each in found.largest] == [float(39 - number) for number in range(10)]


def test_who_agrees_in_everything_has_no_large_difference() -> None:
    found = disagreement([sides(1, 10, 10)])

    assert found is not None
    assert found.largest == ()


def test_without_decisions_there_is_nothing_to_say() -> None:
    assert disagreement([]) is None
