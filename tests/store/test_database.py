"""Transactions, URLs and migrations."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Insert, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from store.database import Database, Transaction, connect, default_url, upgrade
from store.errors import DatabaseUrlError
from store.revision import next_revision, revision
from store.tables import absences, activities, in_force, metadata

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(database: Database) -> None:
    """Alembic's own comparison finds nothing to change."""
    with database.read() as tx:
        differences = compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)

    assert differences == []


def test_the_migrations_name_indexes_and_constraints_as_the_code_does(tmp_path: Path) -> None:
    """Partial conditions and names, which the comparison above does not look at, are the same text."""
    migrated, made = connect(default_url(tmp_path)), connect(f"sqlite:///{tmp_path / 'made.db'}")
    upgrade(migrated)
    with made.begin() as tx:
        metadata.create_all(tx)

    statements = [_statements(database) for database in (migrated, made)]
    migrated.close()
    made.close()

    assert statements[0] == statements[1]


def test_upgrading_again_changes_nothing(database: Database) -> None:
    """The one row of what is in force is not made twice."""
    upgrade(database)

    with database.read() as tx:
        assert tx.execute(select(in_force.c.id, in_force.c.revision, in_force.c.playbook)).all() == [(1, 0, None)]


def test_a_new_file_in_use_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite refuses to change the file's mode while another process begins to write, so it is asked again."""
    other = sqlite3.connect(tmp_path / "leadline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("store.database.sleep", lambda _: other.execute("COMMIT"))
    database = connect(default_url(tmp_path))

    upgrade(database)

    with database.read() as tx:
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
    other.close()


def test_what_raises_leaves_nothing_written(database: Database) -> None:
    """A block that raises is rolled back whole."""
    row = insert(absences).values(id="1", rep="Ana", starts_at=NOON, ends_at=NOON)

    with pytest.raises(IntegrityError), database.begin() as tx:
        _twice(tx, row)

    with database.read() as tx:
        assert tx.execute(select(absences)).all() == []


def test_a_closed_database_closes_connections_that_are_at_work_once_they_are_done(database: Database) -> None:
    """Also those that are opened later; none is left to whoever collects what is forgotten."""
    with database.read() as tx:
        database.close()
        at_work = tx.connection.driver_connection
        assert tx.execute(select(in_force.c.id)).all() == [(1,)]
    with database.read() as tx:
        later = tx.connection.driver_connection

    assert [_is_closed(each) for each in (at_work, later)] == [True, True]


def test_a_reader_refuses_to_write(database: Database) -> None:
    """The same on both databases, so a write in the wrong place never hides behind SQLite."""
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.read() as tx:
        next_revision(tx)


def test_a_connection_that_read_may_write_afterwards(database: Database) -> None:
    """Connections are shared between readers and writers."""
    for _ in range(3):
        with database.read() as tx:
            before = revision(tx)
        with database.begin() as tx:
            next_revision(tx)
        with database.read() as tx:
            assert revision(tx) == before + 1


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    """What is committed in between is not seen, and the writer does not wait for the reader."""
    with database.read() as reader:
        before = revision(reader)
        with database.begin() as writer:
            next_revision(writer)

        assert revision(reader) == before


def test_foreign_keys_are_kept(database: Database) -> None:
    """A row that points at nothing is refused, also by SQLite."""
    row = {"id": "1", "lead_id": "nobody", "kind": "visit", "at": NOON, "received_at": NOON}

    with pytest.raises(IntegrityError), database.begin() as tx:
        tx.execute(insert(activities).values(row))


def test_an_instant_comes_back_in_utc(database: Database) -> None:
    """To the microsecond, whatever zone it was given in."""
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    with database.begin() as tx:
        tx.execute(insert(absences).values(id="1", rep="Ana", starts_at=berlin, ends_at=NOON))

    with database.read() as tx:
        kept = tx.execute(select(absences.c.starts_at, absences.c.ends_at)).one()

    assert [(at, at.tzinfo) for at in kept] == [(NOON, UTC), (NOON, UTC)]


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    """Nobody can know what it means."""
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="has no time zone; pass an aware datetime"), database.begin() as tx:
        tx.execute(insert(absences).values(id="1", rep="Ana", starts_at=naive, ends_at=NOON))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "the database URL cannot be read; expected"),
        ("mysql://host/name", "the database URL names mysql; expected"),
        ("sqlite://", "the database URL names no file, and memory keeps nothing; expected"),
        ("sqlite:///:memory:", "the database URL names no file, and memory keeps nothing; expected"),
    ],
)
def test_a_url_of_another_kind_is_refused(url: str, message: str) -> None:
    """With what was found and what was expected."""
    with pytest.raises(DatabaseUrlError) as refused:
        connect(url)

    assert str(refused.value) == f"{message} sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_one_driver(scheme: str) -> None:
    """However the URL is spelt."""
    assert connect(f"{scheme}://host/name").engine.driver == "psycopg"


def _statements(database: Database) -> set[tuple[str, ...]]:
    """Returns what made each table and index, without Alembic's own; SQLite puts an added column behind the rest."""
    schema = Table("sqlite_master", MetaData(), autoload_with=database.engine)
    with database.read() as tx:
        rows = tx.execute(select(schema.c.sql).where(schema.c.sql.is_not(None)))
        return {_parts(row.sql) for row in rows if "alembic_version" not in row.sql}


def _parts(statement: str) -> tuple[str, ...]:
    """Returns a statement taken apart at its commas, the parts in order."""
    head, _, body = statement.partition("(")
    return head, *sorted(part.strip() for part in body.strip().removesuffix(")").split(","))


def _twice(tx: Transaction, row: Insert) -> None:
    """Writes a row that can only be written once."""
    tx.execute(row)
    tx.execute(row)


def test_an_error_carries_no_contact_data(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised, database.begin() as tx:
        tx.execute(text("SELECT :email FROM nowhere"), {"email": "ann@big.example"})

    assert "ann@big.example" not in str(raised.value)


def _is_closed(connection: Any) -> bool:
    """Whether a driver's connection takes nothing any more."""
    try:
        connection.execute("SELECT 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return True
    return False
