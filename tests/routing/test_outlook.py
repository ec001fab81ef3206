"""What is still to come: what comes anyway, and what campaigns bring on top of that, each lead once."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.agreement import measure_delivery
from routing.campaigns import Campaign
from routing.handing import Handing
from routing.hours import midnight
from routing.outlook import NOTHING_PLANNED, Bringing, Came, Outlook, ahead_of, once, outlook_of
from routing.periods import named_stretch
from routing.projection import COVERED, pace_of
from rules.playbook import Delivery
from tests.routing.builders import utc
from tests.routing.handings import daily, handing

NOVEMBER = named_stretch("2026-11", "UTC")
START = NOVEMBER.start
MIDDLE = utc("2026-11-16T00:00")
DAY = timedelta(days=1)
# Ten leads a day for ten weeks, of whom all are handed to sales.
ANYWAY = daily(START - 56 * DAY, 71, 10)
BERLIN = "Europe/Berlin"


def winter(first: int, last: int, leads: int = 200, **over: Any) -> Campaign:
    """A campaign from one day of November to another."""
    days = {"starts_on": date(2026, 11, 1) + (first - 1) * DAY, "ends_on": date(2026, 11, 1) + (last - 1) * DAY}
    about = {"id": "1", "name": "Winter", "expected_leads": leads, "author": "test", "planned_at": START}
    return Campaign(**{**about, **days, **over})


def came(leads: Sequence[Handing]) -> list[Came]:
    """Leads when they came in."""
    return [Came(lead_id=one.lead_id, at=one.handed_at, campaign=one.campaign) for one in leads]


def foreseen(leads: list[Handing], *planned: Campaign, now: datetime = MIDDLE) -> float:
    """How many are still to come in November."""
    return ahead_of(leads, outlook_of(planned, came(leads), "UTC", now), NOVEMBER, now).coming.mean


def test_without_campaigns_leads_come_as_they_came() -> None:
    ahead = ahead_of(ANYWAY, NOTHING_PLANNED, NOVEMBER, MIDDLE)

    pace = pace_of([one.handed_at for one in ANYWAY], NOVEMBER, MIDDLE)
    assert (ahead.pace, ahead.coming.mean, ahead.by_campaign) == (
        pace,
        pace.rate * pace.between(MIDDLE, NOVEMBER.end),
        {},
    )


def test_a_planned_campaign_comes_on_top_of_what_comes_anyway() -> None:
    """Fifteen days of ten leads, and the two hundred of the campaign, who all become leads as all do."""
    delivery = Delivery(count=480, of=None, per="month")
    outlook = outlook_of([winter(18, 25)], came(ANYWAY), "UTC", MIDDLE)

    without = measure_delivery(delivery, ANYWAY, NOVEMBER, MIDDLE)
    found = measure_delivery(delivery, ANYWAY, NOVEMBER, MIDDLE, outlook)

    assert (without.state, found.state) == ("in danger", "on course")
    assert found.projection.value - without.projection.value == pytest.approx(200, rel=0.02)
    assert found.campaigns["Winter"] == pytest.approx(200, rel=0.01)
    assert found.text.endswith(", with 200 that campaigns still bring")


def test_a_running_campaign_is_counted_once() -> None:
    """It has brought a hundred of two hundred in its first half; what comes anyway is still ten a day."""
    its = daily(START + 10 * DAY, 5, 20, campaign="Winter")

    assert foreseen([*ANYWAY, *its]) == pytest.approx(150, rel=0.01)
    assert 150 + 50 < foreseen([*ANYWAY, *its], winter(11, 20)) < 150 + 100


def test_what_a_campaign_brought_that_is_over_does_not_come_again() -> None:
    its = daily(START, 10, 20, campaign="Winter")

    assert foreseen([*ANYWAY, *its], winter(1, 10)) == pytest.approx(foreseen(ANYWAY), rel=0.01)


@pytest.mark.parametrize(("first", "last"), [(1, 15), (31, 60)])
def test_a_campaign_outside_what_is_left_of_the_period_brings_nothing_more(first: int, last: int) -> None:
    assert foreseen(ANYWAY, winter(first, last)) == foreseen(ANYWAY)


@given(
    leads=st.integers(0, 5000),
    first=st.integers(16, 30),
    days=st.integers(0, 40),
    brought=st.integers(0, 40),
    deadline=st.booleans(),
)
def test_a_campaign_never_lowers_what_is_expected_and_never_makes_it_surer(
    leads: int, first: int, days: int, brought: int, deadline: bool
) -> None:
    """Nor does it bring more than was planned, before it has brought more."""
    its = [handing(MIDDLE - DAY, campaign="Winter") for _ in range(brought)]
    plan = winter(first, first + days, leads, deadline=deadline)
    outlook = outlook_of([plan], came([*ANYWAY, *its]), "UTC", MIDDLE)

    ahead = ahead_of([*ANYWAY, *its], outlook, NOVEMBER, MIDDLE)
    anyway = ahead_of(ANYWAY, NOTHING_PLANNED, NOVEMBER, MIDDLE)

    assert 0 <= ahead.coming.mean - anyway.coming.mean <= leads + 1e-9
    assert ahead.coming.variance >= anyway.coming.variance - 1e-9
    assert sum(ahead.by_campaign.values()) == pytest.approx(ahead.coming.mean - anyway.coming.mean)


@given(cuts=st.lists(st.integers(0, 40 * 24 * 60), min_size=2, max_size=6).map(sorted))
def test_splitting_a_stretch_of_time_changes_nothing_of_what_a_campaign_brings(cuts: list[int]) -> None:
    """Also over the day of twenty-five hours."""
    first = date(2026, 10, 10)
    campaign = Bringing(name="Fair", by_day={first + step * DAY: 7.0 + step for step in range(20)}, doubt=0.05, came=0)
    at = [midnight(first, BERLIN) + timedelta(minutes=cut) for cut in cuts]

    parts = sum(campaign.between(start, end, BERLIN) for start, end in pairwise(at))

    assert parts == pytest.approx(campaign.between(at[0], at[-1], BERLIN))
    assert campaign.between(midnight(first, BERLIN), midnight(first + 20 * DAY, BERLIN), BERLIN) == pytest.approx(330)


def test_a_campaign_brings_leads_of_a_kind_as_all_do_until_its_own_say_otherwise() -> None:
    """Half of all who come are handed to sales, none of the forty that came by Winter."""
    people = [Came(lead_id=str(number), at=MIDDLE - DAY, campaign=None) for number in range(100)]
    its = [Came(lead_id=f"w{number}", at=MIDDLE - DAY, campaign="Winter") for number in range(40)]
    told: Counter[str | None] = Counter({None: 50})
    shares = []
    for some in (people, [*people, *its]):
        outlook = outlook_of([winter(10, 20)], some, "UTC", MIDDLE)
        shares.append(outlook.share(outlook.campaigns[0], told).mean)

    assert shares[0] == pytest.approx(0.5, abs=0.01)
    assert shares[1] < 0.15


def test_where_nothing_is_known_the_share_is_anything() -> None:
    share = Outlook().share(Bringing(name="Winter", by_day={}, doubt=0.05, came=0), Counter())

    assert (share.mean, share.variance) == (0.5, 0.125)


def test_a_person_counts_once_for_each_campaign_and_without_one_only_who_came_by_none() -> None:
    said = [("ann", None), ("ann", "Winter"), ("ann", "WINTER"), ("ann", "fair"), ("bob", None), ("bob", None)]
    people = once([Came(lead_id=lead_id, at=MIDDLE, campaign=campaign) for lead_id, campaign in said])

    assert [(one.lead_id, one.campaign) for one in people] == [("ann", "Winter"), ("ann", "fair"), ("bob", None)]


def test_the_interval_holds_nine_of_ten_months_with_campaigns() -> None:
    """Of 120 months made by chance: six leads a day anyway, of whom half are handed to sales, a campaign
    that runs and one that is planned, which bring a fifth more or less than was planned, as chance will have it.
    """
    chance, held = Random(11), 0
    plans = (winter(8, 21, 300), winter(20, 28, 150, id="2", name="Fair"))
    for _ in range(120):
        people = [Came(lead_id=str(number), at=at, campaign=None) for number, at in enumerate(_any_month(chance))]
        for plan in plans:
            people += _by_campaign(plan, chance)
        leads = [handing(one.at, campaign=one.campaign) for one in people if chance.random() < 0.5]
        known, so_far = [one for one in leads if one.handed_at < MIDDLE], [one for one in people if one.at < MIDDLE]
        found = measure_delivery(
            Delivery(count=1, of=None, per="month"), known, NOVEMBER, MIDDLE, outlook_of(plans, so_far, "UTC", MIDDLE)
        )
        held += found.projection.low <= sum(one.handed_at >= START for one in leads) <= found.projection.high

    assert COVERED - 0.05 <= held / 120 < 1


def _any_month(chance: Random) -> list[datetime]:
    return [START + (86 * chance.random() - 56) * DAY for _ in range(6 * 86)]


def _by_campaign(plan: Campaign, chance: Random) -> list[Came]:
    """Who came by a campaign whose plan was right but for a gamma-distributed factor."""
    outlook = outlook_of([plan], [], "UTC", START - DAY)
    factor = chance.gammavariate(20, 1 / 20)
    found = []
    for day, leads in outlook.campaigns[0].by_day.items():
        many = sum(chance.random() < leads * factor / 200 for _ in range(200))
        found += [midnight(day, "UTC") + chance.random() * DAY for _ in range(many)]
    return [Came(lead_id=f"{plan.id} {number}", at=at, campaign=plan.name) for number, at in enumerate(found)]
