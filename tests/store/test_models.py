"""Model versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models.version import ModelError, ModelVersion
from store.database import Database, Transaction
from store.errors import ConflictError, UnknownVersionError
from store.models import (
    add_version,
    champion,
    champion_name,
    list_versions,
    next_version_name,
    promote,
    promotion_history,
    roll_back,
    version,
)
from store.revision import revision
from store.tables import events, model_versions, promotions
from tests.builders import NOW, scorecard
from tests.models.builders import card

CARD = card()


def test_a_version_comes_back_as_it_was_kept(database: Database) -> None:
    """Its scorecard to the bit; it begins as a candidate."""
    with database.begin() as tx:
        add_version(tx, replace(trained("2026-03-06.1"), state="champion"))

        assert version(tx, "2026-03-06.1") == trained("2026-03-06.1")
        assert champion(tx) is None


def test_the_promoted_version_serves_and_the_one_before_retires(database: Database) -> None:
    """There is one champion at a time."""
    with database.begin() as tx:
        for name in ("2026-03-06.1", "2026-03-06.2", "2026-03-06.3"):
            add_version(tx, trained(name))
        promote(tx, "2026-03-06.1", by="Omar", because="first", now=NOW)
        promote(tx, "2026-03-06.2", by="Omar", because="better", now=NOW)

        states = [(kept.name, kept.state) for kept in list_versions(tx)]
        serving = champion(tx)

    assert states == [("2026-03-06.3", "candidate"), ("2026-03-06.2", "champion"), ("2026-03-06.1", "retired")]
    assert serving == replace(trained("2026-03-06.2"), state="champion")


def test_a_version_that_another_leadline_kept_is_told_with_its_remedy(database: Database) -> None:
    """One sentence, not the list of what its document lacks."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        document = dict(tx.execute(select(model_versions.c.document)).scalar_one())
        del document["by"]
        tx.execute(update(model_versions).values(document=document))

        with pytest.raises(ModelError) as refused:
            version(tx, "2026-03-06.1")

    assert str(refused.value) == (
        "model 2026-03-06.1 was kept by another version of Leadline, which this one cannot read: train again with "
        "`leadline train`, then `leadline models promote VERSION`"
    )


def test_every_promotion_is_kept(database: Database) -> None:
    """Who, when and why; also going back."""
    later = [NOW + timedelta(days=days) for days in range(3)]
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        add_version(tx, trained("2026-03-06.2"))
        for at, name in zip(later, ("2026-03-06.1", "2026-03-06.2", "2026-03-06.1"), strict=True):
            promote(tx, name, by="Omar", because=f"on day {at.day}", now=at)

        rows = tx.execute(select(promotions).order_by(promotions.c.id)).all()

    assert [(row.name, row.at, row.author, row.because) for row in rows] == [
        ("2026-03-06.1", later[0], "Omar", "on day 6"),
        ("2026-03-06.2", later[1], "Omar", "on day 7"),
        ("2026-03-06.1", later[2], "Omar", "on day 8"),
    ]


def test_promoting_the_champion_leaves_it_champion(database: Database) -> None:
    """And alone."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        promote(tx, "2026-03-06.1", by="Omar", because="first", now=NOW)
        promote(tx, "2026-03-06.1", by="Omar", because="again", now=NOW)

        assert [kept.state for kept in list_versions(tx)] == ["champion"]


def test_a_version_is_never_overwritten(database: Database) -> None:
    """Decisions name it."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))

        with pytest.raises(ConflictError) as refused:
            add_version(tx, trained("2026-03-06.1"))

    assert str(refused.value) == "model 2026-03-06.1 is kept already; versions are never overwritten"


def test_an_unknown_version_cannot_be_promoted(database: Database) -> None:
    """The champion stays."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        promote(tx, "2026-03-06.1", by="Omar", because="first", now=NOW)

        with pytest.raises(UnknownVersionError) as refused:
            promote(tx, "2026-03-06.9", by="Omar", because="typo", now=NOW)

        assert champion(tx) == replace(trained("2026-03-06.1"), state="champion")
    assert str(refused.value) == "model 2026-03-06.9 is not kept; `leadline models list` lists those that are"


def test_a_version_changed_in_the_database_is_refused(database: Database) -> None:
    """Its seal does not match."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        document = tx.execute(select(model_versions.c.document)).scalar_one()
        tx.execute(update(model_versions).values(document={**document, "by": "someone else"}))

        with pytest.raises(ModelError, match="the document was changed"):
            version(tx, "2026-03-06.1")


def test_versions_of_a_day_are_numbered(database: Database) -> None:
    """From one each day, past nine."""
    with database.begin() as tx:
        names = []
        for _ in range(11):
            names.append(next_version_name(tx, NOW))
            add_version(tx, trained(names[-1]))

        assert names == [f"2026-03-06.{number}" for number in range(1, 12)]
        assert next_version_name(tx, NOW + timedelta(days=1)) == "2026-03-07.1"


def test_promoting_tells_replicas(database: Database) -> None:
    """By the revision."""
    with database.begin() as tx:
        add_version(tx, trained("2026-03-06.1"))
        before = revision(tx)
        promote(tx, "2026-03-06.1", by="Omar", because="first", now=NOW)

        assert revision(tx) > before


def test_each_way_back_leads_one_step_further(database: Database) -> None:
    """Never forward again to what was just taken back; a new promotion starts from there."""
    with database.begin() as tx:
        serve(tx, "2026-03-06.1", "2026-03-06.2", "2026-03-06.3")
        went = [roll_back(tx, by="Omar", because="worse", now=NOW) for _ in range(2)]
        serve(tx, "2026-03-06.4")
        went.append(roll_back(tx, by="Omar", because="worse", now=NOW))

        assert went == ["2026-03-06.2", "2026-03-06.1", "2026-03-06.1"]
        assert champion_name(tx) == "2026-03-06.1"
        assert [each.rolled_back for each in promotion_history(tx)] == [False] * 3 + [True] * 2 + [False, True]


def test_there_is_no_way_back_from_the_first(database: Database) -> None:
    """It goes on serving."""
    with database.begin() as tx:
        serve(tx, "2026-03-06.1")

        with pytest.raises(ConflictError) as refused:
            roll_back(tx, by="Omar", because="worse", now=NOW)

        assert champion_name(tx) == "2026-03-06.1"
    assert str(refused.value) == "no other version served before; `leadline models list` lists those that are kept"


def test_the_outside_is_told_of_a_promotion(database: Database) -> None:
    """In the transaction that promotes; it concerns no lead."""
    with database.begin() as tx:
        serve(tx, "2026-03-06.1", "2026-03-06.2")
        told = tx.execute(select(events).order_by(events.c.id)).all()

    assert [(row.kind, row.lead_id, row.payload["version"], row.payload["before"]) for row in told] == [
        ("model.promoted", None, "2026-03-06.1", None),
        ("model.promoted", None, "2026-03-06.2", "2026-03-06.1"),
    ]


def serve(tx: Transaction, *names: str) -> None:
    """Keeps new versions and promotes them one after the other."""
    for name in names:
        add_version(tx, trained(name))
        promote(tx, name, by="Omar", because="better", now=NOW)


def trained(name: str) -> ModelVersion:
    """A version as training hands it over; higher numbers are made later."""
    made = datetime(2026, 3, 6, 9, int(name.rpartition(".")[2]), tzinfo=UTC)
    return ModelVersion(name=name, state="candidate", created_at=made, scorecard=scorecard(version=name), card=CARD)
