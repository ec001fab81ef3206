"""The agreement measured by the worker: its figures, and word of a promise in danger."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from api.serving import read_active_playbook
from api.worker.agreeing import EVERY, measure_once
from routing.periods import stretch_of
from store.agreements import keep_measured, last_measured
from store.reports.agreement import agreement_report
from store.tables import events
from tests.api.builders import House
from tests.api.test_reports import sell

SHARE = 'leadline_agreement_so_far{of="SLA hot",per="month",promise="respond",side="sales"}'
PROMISED = 'leadline_agreement_promised{of="SLA hot",per="month",promise="respond",side="sales"}'


def told(house: House) -> list[tuple[str, str, str]]:
    """Which promises the outside was told of."""
    rows = select(events.c.payload).where(events.c.kind == "agreement.endangered").order_by(events.c.id)
    with house.database.read() as tx:
        payloads = [row.payload for row in tx.execute(rows)]
    return [(one["side"], one["promise"], one["state"]) for one in payloads if one["of"] in ("SLA hot", "all SLAs")]


def measure(house: House) -> bool:
    """Measures by the house's clock."""
    return measure_once(house.database, house.clock.now)


def test_metrics_show_the_agreement_as_it_was_last_measured(each_house: House) -> None:
    silent = each_house.client.get("/metrics").text
    sell(each_house, 4)
    measure(each_house)

    lines = each_house.client.get("/metrics").text.splitlines()

    assert "leadline_agreement" not in silent
    assert f"{SHARE} 0.5" in lines
    assert f"{PROMISED} 0.95" in lines


def test_it_is_measured_once_in_five_minutes_by_however_many_workers(house: House) -> None:
    measured = [measure(house), measure(house)]
    house.clock.forward(EVERY)

    assert [*measured, measure(house)] == [True, False, True]


def test_a_promise_that_gets_into_danger_is_told_once(each_house: House) -> None:
    """Two of six answered too late, where 95 % were promised."""
    sell(each_house, 2)
    measure(each_house)
    each_house.clock.forward(timedelta(days=1))
    sell(each_house, 4, first=2)
    before = told(each_house)

    for _ in range(3):
        each_house.clock.forward(EVERY)
        measure(each_house)

    assert before == []
    assert told(each_house).count(("sales", "respond", "in danger")) == 1


def test_what_was_measured_later_stays_when_two_measure_at_once(each_house: House) -> None:
    """The slower of them keeps nothing and tells nobody."""
    sell(each_house, 4)
    earlier = each_house.clock.now
    with each_house.database.read() as tx:
        playbook = read_active_playbook(tx).playbook
        report = agreement_report(tx, playbook, stretch_of(earlier, "month", "UTC"), earlier)
    each_house.clock.forward(timedelta(seconds=1))
    measure(each_house)
    before = told(each_house)

    missed = replace(report, sales=tuple(replace(each, state="missed") for each in report.sales))
    with each_house.database.begin() as tx:
        keep_measured(tx, missed, earlier)
        kept = last_measured(tx)

    assert kept is not None
    assert (kept.at, told(each_house)) == (each_house.clock.now, before)
