"""How fast sales answers."""

from datetime import timedelta

from routing.response import delay_of, responses
from tests.builders import NOW
from tests.routing.handings import BROKEN, OPEN, handing

MINUTE = timedelta(minutes=1)


def test_delays_are_quantiles_by_nearest_rank() -> None:
    delay = delay_of([None, *(minutes * MINUTE for minutes in range(10, 0, -1))])

    assert delay is not None
    assert (delay.median, delay.p90, delay.most) == (5 * MINUTE, 9 * MINUTE, 10 * MINUTE)


def test_without_waits_there_is_no_delay() -> None:
    assert delay_of([None]) is None


def test_leads_are_told_by_team_sla_and_the_rep_who_was_late() -> None:
    rows = responses(
        [
            handing(received_at=NOW - MINUTE, response=5 * MINUTE, waited=60 * MINUTE),
            handing(duties=BROKEN, rep="Cleo", late_reps={"respond": "Ben"}, sla="standard"),
            handing(duties=OPEN, rep=None, team="americas"),
        ]
    )

    assert [(row.by, row.value, row.handed, row.in_time, row.late, row.open, row.share) for row in rows] == [
        ("all", "all", 3, 1, 1, 1, 0.5),
        ("team", "americas", 1, 0, 0, 1, None),
        ("team", "inbound", 2, 1, 1, 0, 0.5),
        ("sla", "hot", 2, 1, 0, 1, 1.0),
        ("sla", "standard", 1, 0, 1, 0, 0.0),
        ("rep", "(the queue)", 1, 0, 0, 1, None),
        ("rep", "Ana", 1, 1, 0, 0, 1.0),
        ("rep", "Ben", 1, 0, 1, 0, 0.0),
    ]
    assert rows[0].system is not None
    assert rows[0].system.most == MINUTE
    assert rows[0].working is not None
    assert rows[0].working.median == 5 * MINUTE
    assert rows[0].waited is not None
    assert rows[0].waited.median == 60 * MINUTE


def test_no_lead_makes_no_row() -> None:
    assert responses([]) == ()
