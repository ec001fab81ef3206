"""Lines on fit are drawn where sales can take the leads, or where they convert often enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.card import FITS, Curve
from tests.models.builders import card
from training.thresholds import ThresholdError, for_capacity, for_precision, share_interval, threshold_at


def steep() -> Curve:
    """Ten leads at each whole fit; from a fit of 60 on all of them convert, below none."""
    above = [10 * (FITS - fit) for fit in range(FITS)]
    return Curve(leads=tuple(above), converted=tuple(min(each, 10 * (FITS - 60)) for each in above))


@pytest.mark.parametrize(("capacity", "fit"), [(1010, 0), (505, 51), (500, 51), (10, 100)])
def test_a_line_for_a_capacity_lets_through_as_many_as_sales_can_take(capacity: float, fit: int) -> None:
    line = for_capacity(card(curve=steep()), capacity, monthly=1010)

    assert (line.fit, line.leads_a_month is not None and line.leads_a_month <= capacity) == (fit, True)


def test_how_many_leads_come_in_is_known_from_the_data() -> None:
    assert for_capacity(card(curve=steep(), leads_a_month=202.0), 101, monthly=None).fit == 51


@pytest.mark.parametrize(
    ("capacity", "monthly", "says"),
    [
        pytest.param(5, 1010, "even the leads with a fit of 100 are more than 5 a month", id="too many"),
        pytest.param(
            5,
            None,
            "the training data have no dates, so they do not say how many leads come in a month: add --volume "
            "'900 per month'",
            id="no dates",
        ),
    ],
)
def test_a_line_that_cannot_be_drawn_says_why(capacity: float, monthly: float | None, says: str) -> None:
    with pytest.raises(ThresholdError) as refused:
        for_capacity(card(curve=steep(), leads_a_month=None), capacity, monthly)

    assert str(refused.value) == says


def test_a_line_for_a_precision_is_the_lowest_that_reaches_it() -> None:
    line = for_precision(card(curve=steep()), 0.5, monthly=None)

    assert (line.fit, line.precision >= 0.5, line.captured) == (19, True, 1.0)


def test_a_precision_out_of_reach_names_the_best_there_is() -> None:
    few = Curve(leads=(100,) * FITS, converted=(30,) * FITS)

    with pytest.raises(ThresholdError, match=r"^no line reaches a precision of 0\.6; the best is 0\.300, from a fit"):
        for_precision(card(curve=few), 0.6, monthly=None)


def test_a_line_above_everyone_selects_nobody() -> None:
    line = threshold_at(Curve(leads=(5,) + (0,) * 100, converted=(2,) + (0,) * 100), 100, monthly=10)

    assert (line.share, line.precision, line.captured, line.interval) == (0.0, 0.0, 0.0, (0.0, 1.0))


@given(leads=st.integers(1, 5000), data=st.data())
def test_an_interval_holds_its_share_within_nought_and_one(leads: int, data: st.DataObject) -> None:
    converted = data.draw(st.integers(0, leads))

    low, high = share_interval(converted, leads)

    assert 0 <= low <= converted / leads + 1e-12
    assert converted / leads - 1e-12 <= high <= 1
