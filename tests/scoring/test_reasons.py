from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lead import Value
from scoring.reasons import activity_text, apportioned, attribute_text

points_of_anyone = st.lists(st.floats(-200, 200), min_size=1, max_size=30)


@given(points_of_anyone)
def test_tenths_add_up_exactly_and_stay_close(points: list[float]) -> None:
    total = round(sum(points), 1)

    found = apportioned(points, total)

    assert sum(Decimal(str(one)) for one in found) == Decimal(str(total))
    assert all(abs(tenths - point) < 0.1 + 1e-9 for tenths, point in zip(found, points, strict=True))
    assert all(tenths == 0 for tenths, point in zip(found, points, strict=True) if point == 0) or len(points) == 1


@given(points_of_anyone, st.integers(0, 1000))
def test_tenths_add_up_to_any_total(points: list[float], tenths: int) -> None:
    found = apportioned(points, tenths / 10)

    assert sum(Decimal(str(one)) for one in found) == Decimal(tenths) / 10


@pytest.mark.parametrize(
    ("points", "total", "expected"),
    [
        ([1 / 3, 1 / 3, 1 / 3], 1.0, [0.4, 0.3, 0.3]),
        ([0.25, 0.66, 0.09], 1.0, [0.2, 0.7, 0.1]),
        ([-0.25, 1.25], 1.0, [-0.2, 1.2]),
        ([10.0, 0.0, 20.0], 30.0, [10.0, 0.0, 20.0]),
    ],
)
def test_the_largest_remainders_get_the_tenths(points: list[float], total: float, expected: list[float]) -> None:
    assert apportioned(points, total) == expected


@pytest.mark.parametrize(
    ("value", "log_odds", "expected"),
    [
        (1200, 1.0, "size 1200: much above average"),
        (1200.0, 0.999, "size 1200: above average"),
        (0.5, 0.3, "size 0.5: above average"),
        ("A-B", 0.29, "size A-B: slightly above average"),
        ("A-B", 0.05, "size A-B: slightly above average"),
        (True, 0.04, "size true: about average"),
        (None, 0.0, "size is missing: about average"),
        (None, -0.1, "size is missing: slightly below average"),
        (("a", 1.0), -0.4, "size a, 1: below average"),
        (datetime(2026, 3, 6, tzinfo=UTC), -1.5, "size 2026-03-06T00:00:00+00:00: much below average"),
        ("x" * 61, 0.0, f"size {'x' * 59}…: about average"),
    ],
)
def test_an_attribute_speaks(value: Value | None, log_odds: float, expected: str) -> None:
    assert attribute_text("size", value, log_odds) == expected


@pytest.mark.parametrize(
    ("half_life", "expected"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=1), "day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=45), "45 seconds"),
        (timedelta(milliseconds=500), "0.5 seconds"),
    ],
)
def test_an_activity_speaks(half_life: timedelta, expected: str) -> None:
    text = activity_text("demo_request", datetime(2026, 3, 1, 23, 59, tzinfo=UTC), 32.1, half_life)

    assert text == f"demo_request on 2026-03-01: +32.1 points, halved every {expected}"
