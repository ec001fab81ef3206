"""Any kept decision can be taken again, to the same bytes, by the versions that it names."""

from dataclasses import replace
from datetime import timedelta

import orjson
from sqlalchemy import Text, select, type_coerce

from api.desk import EXTENSION, Desk
from routing.decide import decide
from routing.decision import Decision
from routing.document import decision_document, decision_from_document
from routing.promise import promise
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from store.assignments import Assignment, assignments_of
from store.database import Transaction
from store.models import version
from store.playbooks import playbook_text, publish
from store.replay import decided, decision_ids
from store.tables import decisions
from tests.api.builders import COLD, HOT, House, house_on

LATER = sample_playbook().replace("respond_within: 15m", "respond_within: 45m")
KEPT = select(decisions.c.model, decisions.c.playbook, decisions.c.document, type_coerce(decisions.c.document, Text))


def live(house: House) -> None:
    """Leads come, act, come again, are held, wait in a queue; the playbook changes in between."""
    for number in range(4):
        house.post("/v1/leads", {**HOT, "email": f"ann{number}@big{number}.example"})
    lead_id = house.post("/v1/leads", COLD).json["lead_id"]
    house.clock.forward(timedelta(minutes=7, microseconds=3))
    house.post(f"/v1/leads/{lead_id}/activities", [{"kind": "pricing_page"}, {"kind": "demo_request"}])
    with house.database.begin() as tx:
        publish(tx, LATER, by="test", because="test", now=house.clock())
    later = house_on(house.database, house.keys, desk(house).settings.home)
    later.clock.forward(timedelta(days=2))
    odd = {"big": 2**70, "when": "2026-11-24", "ratio": 1e-7, "list": ["a", 1], "ünï": "«»"}
    later.post("/v1/leads", {**HOT, "attributes": {**HOT["attributes"], **odd}})
    later.post("/v1/leads", {**HOT, "email": "zoe@far.example", "country": "US"})
    desk(later).database.close()


def desk(house: House) -> Desk:
    """What the doors of a house share."""
    found: Desk = house.app.extensions[EXTENSION]
    return found


def taken_again(tx: Transaction, decision_id: str) -> tuple[bytes, bytes]:
    """A decision's document as it is kept, and as the versions that it names make it again.

    Whose turn it was depended on what others had got by then, so who has the lead and why is taken from what is kept,
    and for a lead that somebody had already so is the promise that ran.
    """
    row = tx.execute(KEPT.where(decisions.c.id == decision_id)).one()
    (one,) = decided(tx, [decision_id])
    book = compile_playbook(read_playbook(playbook_text(tx, row.playbook), number=row.playbook))
    again = decide(one.lead, one.activities, version(tx, row.model).scorecard, book, one.at)
    told = decision_from_document(row.document)
    handed = [each for each in assignments_of(tx, one.lead_id) if each.decision_id == decision_id]
    kept = _handed_out(again, handed[0], book) if handed else replace(again, route=told.route, sla=told.sla)
    document = {"id": decision_id, "lead_id": one.lead_id, **decision_document(kept)}
    return orjson.dumps(document), row[-1].encode()


def _handed_out(again: Decision, handed: Assignment, book: Compiled) -> Decision:
    """The decision with the rep who got the lead; the promise counts in their calendar."""
    assert again.route is not None
    assert again.sla is not None
    playbook, team = book.playbook, book.playbook.teams[again.route.team]
    calendar = next((rep.calendar for rep in team.reps if rep.name == handed.rep and rep.calendar), team.calendar)
    sla = playbook.slas[again.sla.name]
    counted = promise(sla, None if sla.clock == "always" else playbook.calendars[calendar], again.decided_at)
    return replace(again, route=replace(again.route, rep=handed.rep, why=handed.why["text"]), sla=counted)


def test_a_kept_decision_is_taken_again_to_the_same_bytes(each_house: House) -> None:
    live(each_house)

    with each_house.database.read() as tx:
        ids = [decision for _, decision in decision_ids(tx)]
        pairs = [taken_again(tx, decision) for decision in ids]

    assert len(pairs) == 8
    assert [again for again, _ in pairs] == [kept for _, kept in pairs]
    assert {orjson.loads(kept)["playbook"] for _, kept in pairs} == {1, 2}
