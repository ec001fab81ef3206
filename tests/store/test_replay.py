"""Kept decisions come back as they were, to be taken again."""

from datetime import timedelta

from scoring.lead import Activity
from store.database import Database
from store.leads import add_activity
from store.replay import decided, decision_ids
from tests.builders import NOW
from tests.store.builders import arrive, playbook

HOUR = timedelta(hours=1)


def test_the_newest_decisions_come_lead_by_lead(database: Database) -> None:
    """Each lead's own from the oldest on."""
    compiled = playbook("Ana")
    for name, hours in (("ann", 0), ("bob", 1), ("ann", 2), ("cid", 3)):
        arrive(database, compiled, name, NOW + hours * HOUR)

    with database.read() as tx:
        every, newest = decision_ids(tx), decision_ids(tx, most=3)
        recent = decision_ids(tx, since=NOW + HOUR)
        found = [*decided(tx, [decision for _, decision in every])]

    assert [one.lead.email for one in found] == [f"{name}@{name}.example" for name in ("ann", "ann", "bob", "cid")]
    assert [one.at - NOW for one in found] == [0 * HOUR, 2 * HOUR, HOUR, 3 * HOUR]
    assert every == tuple((one.lead_id, one.id) for one in found)
    assert newest == recent == tuple(pair for pair in every if pair != every[0])
    assert (found[0].assumed.probability, found[0].assumed.fit) == (0.5, 80.0)


def test_a_decision_knows_only_what_was_known_then(database: Database) -> None:
    """Not what the lead had done before and was told of later."""
    recorded = arrive(database, playbook("Ana"), "ann")
    early, late = (Activity(kind=kind, at=NOW - HOUR) for kind in ("early", "late"))
    with database.begin() as tx:
        add_activity(tx, recorded.lead_id, early, NOW)
        add_activity(tx, recorded.lead_id, late, NOW + HOUR)

    with database.read() as tx:
        (found,) = decided(tx, [recorded.decision_id])

    assert found.activities == (early,)
