"""What share of its promises sales will have kept."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.agreement import measure_duty
from routing.periods import named_stretch
from routing.projection import COVERED, Projection
from routing.record import Record, Tried, projected_share
from rules.playbook import Commitment
from tests.routing.builders import utc
from tests.routing.handings import BROKEN, KEPT, OPEN, handing

COUNTS = st.integers(0, 400)
AHEAD = st.integers(0, 300)
DAY = timedelta(days=1)


def tries(kept: int, broken: int, day: date = date(2026, 11, 2)) -> list[Tried]:
    """So many kept and broken ones of a day."""
    return [*(Tried(day=day, kept=True) for _ in range(kept)), *(Tried(day=day, kept=False) for _ in range(broken))]


def projected(
    kept: int, broken: int, coming: int, promised: float, *, early: int = 0, recent: tuple[int, int] = (0, 0)
) -> Projection:
    """The share that a record of so many comes to."""
    record = Record(settled=tries(kept, broken), early=early, open=0, recent=tries(*recent))
    return projected_share(record, (coming, coming, coming), promised)


@given(kept=COUNTS, broken=COUNTS, early=AHEAD, coming=AHEAD, promised=st.floats(0, 1))
def test_a_projected_share_is_a_share_within_its_interval(
    kept: int, broken: int, early: int, coming: int, promised: float
) -> None:
    projection = projected(kept, broken, coming, promised, early=early)

    assert 0 <= projection.low <= projection.value <= projection.high <= 1
    assert 0 <= projection.likely <= 1


@given(kept=COUNTS, broken=st.integers(1, 400), coming=AHEAD, promised=st.floats(0, 1))
def test_one_promise_more_kept_never_makes_the_end_less_likely(
    kept: int, broken: int, coming: int, promised: float
) -> None:
    worse = projected(kept, broken, coming, promised)
    better = projected(kept + 1, broken - 1, coming, promised)

    assert better.likely >= worse.likely - 1e-9


def test_a_share_that_is_decided_is_certain() -> None:
    projection = projected(19, 1, 0, 0.95, recent=(50, 0))

    assert (projection.value, projection.low, projection.high, projection.likely) == (0.95, 0.95, 0.95, 1.0)


def test_before_anything_is_known_anything_may_come() -> None:
    projection = projected(0, 0, 0, 0.9)

    assert (projection.value, projection.low, projection.high) == (0.5, 0.0, 1.0)


def test_what_was_kept_lately_says_how_the_next_will_go() -> None:
    slow = projected(0, 0, 20, 0.9, recent=(0, 60))
    fast = projected(0, 0, 20, 0.9, recent=(60, 0))

    assert (slow.likely < 0.01, fast.likely > 0.95) == (True, True)


def test_what_is_kept_before_it_was_due_is_no_sign_of_how_the_next_will_go() -> None:
    """Half of all are kept; of a hundred that are not due yet the forty that were quick are kept already."""
    early = projected_share(Record(settled=tries(50, 50), early=40, open=60, recent=()), (0, 0, 0), 0.9)

    assert early.value == pytest.approx(0.5, abs=0.02)
    assert early.low >= (50 + 40) / 200


def test_days_that_differ_by_more_than_chance_make_a_wider_interval() -> None:
    """As many are kept: on each day four of five, or all on four days and none on the fifth."""
    days = [date(2026, 11, 1) + step * DAY for step in range(15)]
    even = [one for day in days for one in tries(8, 2, day)]
    uneven = [one for day in days for one in tries(*((0, 10) if day.day % 5 == 0 else (10, 0)), day)]

    widths = [
        end.high - end.low
        for settled in (even, uneven)
        for end in [projected_share(Record(settled=settled, early=0, open=0, recent=()), (150, 150, 150), 0.9)]
    ]

    assert widths[1] > 2 * widths[0]


@pytest.mark.parametrize("days", [1, 10, 25])
def test_the_interval_of_a_share_holds_nine_of_ten_months(days: int) -> None:
    """Of eighty months made by chance with three leads a day, ten days each to keep a promise that four of five keep.

    What is kept is kept somewhen in these ten days, what is broken is known to be when they are over. The interval may
    be wrong by no more than chance.
    """
    november, held, months, limit = named_stretch("2026-11", "UTC"), 0, 80, timedelta(days=10)
    promise = Commitment(duty="attempt", share=0.9, slas=(), per="month", line=1, column=1)
    now = utc("2026-11-01T00:00") + days * DAY
    for seed in range(months):
        chance = Random(seed)
        came = sorted(november.start + timedelta(days=-56 + 86 * chance.random()) for _ in range(3 * 86))
        kept = [chance.random() < 0.8 for _ in came]
        known = [at + limit * (chance.random() if good else 1) for at, good in zip(came, kept, strict=True)]
        handings = [
            handing(at, due={"attempt": at + limit}, duties={"attempt": OPEN["respond"] if told > now else state})
            for at, good, told in zip(came, kept, known, strict=True)
            for state in [KEPT["respond"] if good else BROKEN["respond"]]
            if at < now
        ]
        found = measure_duty(promise, handings, november, now).projection
        inside = [good for at, good in zip(came, kept, strict=True) if at >= november.start]
        held += found.low <= sum(inside) / len(inside) <= found.high

    assert held / months >= COVERED - 0.08
