"""How much a sweep takes on, and what it makes of a lead that has rested."""

from datetime import timedelta

import pytest

from api.serving import read_served
from api.worker.sweeping import Pace, recycle
from store.sweep import BATCH, sweep
from tests.api.builders import HOT, NOW, House


@pytest.mark.parametrize(
    ("most", "done", "seconds", "more", "then"),
    [
        (20, 20, 0.1, True, 20),
        (20, 20, 0.4, True, 5),
        (20, 20, 4.0, True, 5),
        (20, 20, 0.05, True, 40),
        (20, 20, 0.001, True, BATCH),
        (20, 1, 0.02, False, 5),
        (20, 0, 0.001, False, 20),
    ],
)
def test_a_sweep_takes_on_what_takes_a_tenth_of_a_second(
    most: int, done: int, seconds: float, more: bool, then: int
) -> None:
    pace = Pace(most=most)

    assert (pace.heard(done, seconds), pace.most) == (more, then)


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
