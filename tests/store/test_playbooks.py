"""Published playbooks."""

from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from store.database import Database
from store.errors import ConflictError, StaleEditError, UnknownVersionError
from store.playbooks import (
    Publication,
    active_playbook,
    playbook_cases,
    playbook_history,
    playbook_text,
    playbook_versions_below,
    publish,
    published_before,
    put_into_force,
)
from store.revision import revision
from store.tables import events
from tests.builders import NOW

LATER, LATEST = NOW + timedelta(days=1), NOW + timedelta(days=2)


def test_before_the_first_there_is_none(database: Database) -> None:
    """A new database has no playbook."""
    with database.read() as tx:
        assert (active_playbook(tx), playbook_history(tx)) == (None, ())


def test_the_published_playbook_is_in_force_to_the_letter(database: Database) -> None:
    """With comments, line ends and characters as they were."""
    text = "# Größe\r\nversion: 1\n\n"

    with database.begin() as tx:
        number = publish(tx, text, by="Mara", because="first", now=NOW)

    with database.read() as tx:
        assert active_playbook(tx) == (number, text) == (1, text)


def test_every_coming_into_force_is_kept(database: Database) -> None:
    """Publishing and going back alike, newest first; old texts stay."""
    with database.begin() as tx:
        publish(tx, "one", cases="its cases", by="Mara", because="first", now=NOW)
        publish(tx, "two", by="Omar", because="better", now=LATER, edited=1)
        put_into_force(tx, 1, by="Mara", because="it was not", now=LATEST)

    with database.read() as tx:
        assert (active_playbook(tx), playbook_text(tx, 2)) == ((1, "one"), "two")
        assert (playbook_cases(tx, 1), playbook_cases(tx, 2)) == ("its cases", None)
        assert playbook_history(tx) == (
            Publication(number=1, at=LATEST, by="Mara", because="it was not", tested=True),
            Publication(number=2, at=LATER, by="Omar", because="better", tested=False),
            Publication(number=1, at=NOW, by="Mara", because="first", tested=True),
        )


def test_a_number_is_never_given_twice(database: Database) -> None:
    """Also after going back to an older version."""
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)
        publish(tx, "two", by="Mara", because="second", now=NOW)
        put_into_force(tx, 1, by="Mara", because="back", now=NOW)

        assert publish(tx, "three", by="Mara", because="third", now=NOW) == 3


def test_an_edit_of_what_is_no_longer_in_force_is_refused(database: Database) -> None:
    """So that nobody's edit is overwritten unseen, and nothing is written."""
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)
        publish(tx, "two", by="Omar", because="second", now=NOW, edited=1)

    with pytest.raises(ConflictError) as refused, database.begin() as tx:
        publish(tx, "three", by="Mara", because="third", now=NOW, edited=1)

    assert str(refused.value) == "playbook 1 was edited, but 2 is in force now; read it and edit that"
    with database.read() as tx:
        assert active_playbook(tx) == (2, "two")


def test_a_first_edit_is_refused_where_somebody_was_first(database: Database) -> None:
    """And one of a version that never was."""
    with pytest.raises(StaleEditError) as missing, database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW, edited=3)
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW, edited=0)
    with pytest.raises(StaleEditError) as late, database.begin() as tx:
        publish(tx, "two", by="Omar", because="first", now=NOW, edited=0)

    assert str(missing.value) == "playbook 3 was edited, but none is in force"
    assert str(late.value) == "a first playbook was written, but 1 is in force now; read it and edit that"


def test_going_back_again_leads_further_back(database: Database) -> None:
    """Not to the version that was left behind."""
    with database.begin() as tx:
        before = [published_before(tx)]
        for text in ("one", "two", "three"):
            publish(tx, text, by="Mara", because="better", now=NOW)
        for _ in range(2):
            before.append(published_before(tx))
            put_into_force(tx, before[-1] or 0, by="Mara", because="it was not", now=NOW)

        assert [*before, published_before(tx)] == [None, 2, 1, None]


def test_the_outside_is_told_in_the_same_transaction(database: Database) -> None:
    """Of publishing and going back alike; of what was rolled back, nothing."""
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)
        publish(tx, "two", by="Omar", because="better", now=NOW)
        put_into_force(tx, 1, by="Mara", because="it was not", now=NOW)
    with suppress(ConflictError), database.begin() as tx:
        publish(tx, "three", by="Omar", because="lost", now=NOW)
        put_into_force(tx, 3, by="Omar", because="twice", now=NOW)

    with database.read() as tx:
        told = tx.execute(select(events.c.kind, events.c.lead_id, events.c.payload).order_by(events.c.id)).all()
    assert {(kind, lead_id) for kind, lead_id, _ in told} == {("playbook.published", None)}
    assert [(each["playbook"], each["replaces"], each["by"], each["because"]) for *_, each in told] == [
        (1, None, "Mara", "first"),
        (2, 1, "Omar", "better"),
        (1, 2, "Mara", "it was not"),
    ]


def test_versions_are_listed_newest_first_with_their_publications(database: Database) -> None:
    """A page at a time."""
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)
        publish(tx, "two", by="Omar", because="better", now=LATER)
        put_into_force(tx, 1, by="Mara", because="it was not", now=LATEST)

    with database.read() as tx:
        (second,) = playbook_versions_below(tx, None, limit=1)
        (first,) = playbook_versions_below(tx, 2, limit=5)
    assert (second.number, second.by, second.active, len(second.publications)) == (2, "Omar", False, 1)
    assert (first.number, first.active, [each.at for each in first.publications]) == (1, True, [NOW, LATEST])


def test_an_unknown_version_cannot_come_into_force(database: Database) -> None:
    """The one in force stays."""
    with pytest.raises(UnknownVersionError) as refused, database.begin() as tx:
        put_into_force(tx, 7, by="Mara", because="seven", now=NOW)

    assert str(refused.value) == "playbook 7 is not kept; `leadline playbook history` lists those that are"


def test_publishing_tells_replicas(database: Database) -> None:
    """By a revision that one cheap query reads."""
    with database.read() as tx:
        before = revision(tx)
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)

    with database.read() as tx:
        assert revision(tx) > before


def test_publishing_at_the_same_time_gives_each_its_own_number(database: Database) -> None:
    """And of those who edited the same version, one wins."""
    with database.begin() as tx:
        publish(tx, "one", by="Mara", because="first", now=NOW)
    numbers: list[int] = []
    threads = [Thread(target=published, args=(database, 1 if edits else None, numbers)) for edits in (1, 1, 0, 0, 0)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(numbers) in (3, 4)  # who edited version 1 comes too late when another went first
    assert sorted(numbers) == list(range(2, 2 + len(numbers)))


def published(database: Database, edited: int | None, numbers: list[int]) -> None:
    """Publishes and notes the number, or nothing when it was refused."""
    with suppress(ConflictError), database.begin() as tx:
        number = publish(tx, "text", by="Mara", because="edit", now=NOW, edited=edited)
        numbers.append(number)
