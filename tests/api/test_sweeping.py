"""How much a sweep takes on, and what it makes of a lead that has rested."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select, update

from api.metrics import Metrics
from api.serving import Serving, read_served
from api.worker import loop
from api.worker.figures import WorkFigures
from api.worker.sweeping import Pace, recycle, sweep_once
from store.sweep import BATCH, sweep
from store.tables import due_work
from tests.api.builders import HOT, NOW, House


@pytest.mark.parametrize(
    ("most", "done", "seconds", "more", "then"),
    [
        (40, 40, 0.1, True, 40),
        (40, 40, 0.4, True, 25),
        (40, 40, 4.0, True, 25),
        (40, 40, 0.05, True, 80),
        (40, 40, 0.001, True, BATCH),
        (40, 1, 0.02, False, 25),
        (40, 0, 0.001, False, 40),
    ],
)
def test_a_sweep_takes_on_what_takes_a_tenth_of_a_second(
    most: int, done: int, seconds: float, more: bool, then: int
) -> None:
    pace = Pace(most=most)

    assert (pace.heard(done, seconds), pace.most) == (more, then)


def test_others_are_told_for_as_long_as_there_is_something_due(house: House) -> None:
    """A sweep takes on all but one piece of it, the next one the last."""
    house.post("/v1/leads", HOT)
    with house.database.begin() as tx:
        tx.execute(update(due_work).values(due_at=NOW))
        due = len(tx.execute(select(due_work.c.id)).all())
    serving, idle, told = Serving(house.database, Metrics()), Event(), list[tuple[bool, bool]]()
    while not told or told[-1][0]:
        pace = Pace(most=due - 1)
        told.append((sweep_once(house.database, serving, WorkFigures(CollectorRegistry()), pace, idle), idle.is_set()))

    assert told == [(True, False), (False, True)]


def test_what_gives_way_goes_on_once_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SECONDS_TO_GIVE_WAY", 60.0)
    idle, happened = Event(), list[str]()

    def mail() -> bool:
        happened.append("mail")
        return False

    mailing = Thread(target=loop.after(idle, mail))
    mailing.start()
    happened.append("clock")
    idle.set()
    mailing.join()

    assert happened == ["clock", "mail"]


def test_the_timeline_tells_that_a_lead_came_back_after_its_rest(each_house: House) -> None:
    """Who gave it up and why, then how it is scored and who has it now."""
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    rejected = each_house.post(f"/v1/leads/{lead_id}/reject", {"reason": "bad timing"}).json
    with each_house.database.read() as tx:
        served = read_served(tx)

    sweep(
        each_house.database,
        served.playbook,
        lambda tx, found, at: recycle(tx, found, served, at),
        NOW + timedelta(days=90),
    )

    entries = each_house.get(f"/v1/leads/{lead_id}/timeline").json["entries"]
    assert [entry["kind"] for entry in entries[-4:]] == ["lead.recycled", "lead.scored", "assignment", "lead.assigned"]
    assert {name: entries[-4][name] for name in ("rep", "outcome", "reason", "rested_since")} == {
        "rep": rejected["assignment"]["rep"],
        "outcome": "rejected",
        "reason": "bad timing",
        "rested_since": rejected["assignment"]["ended_at"],
    }
