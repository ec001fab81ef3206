"""Keys that open the doors."""

from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import select

from store.database import Database
from store.keys import Key, KeyKind, create_key, find_key, list_keys, revoke_key
from store.revision import revision
from store.tables import keys
from tests.builders import NOW

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize("kind", get_args(KeyKind))
def test_a_key_opens_its_door(database: Database, kind: KeyKind) -> None:
    """Its text begins with its kind."""
    with database.begin() as tx:
        text = create_key(tx, kind, "main", NOW)

    with database.read() as tx:
        found = find_key(tx, text)
    assert text.startswith(f"{kind}_")
    assert found is not None
    assert (found.kind, found.name, found.created_at, found.revoked_at) == (kind, "main", NOW, None)


@pytest.mark.parametrize("kind", [kind for kind in get_args(KeyKind) if kind != "form"])
def test_a_secret_key_is_kept_as_a_hash_alone(database: Database, kind: KeyKind) -> None:
    """Nothing in its row holds the text."""
    with database.begin() as tx:
        text = create_key(tx, kind, "main", NOW)
        row = tx.execute(select(keys)).one()

    assert text.removeprefix(f"{kind}_") not in repr(row)


def test_a_forms_key_can_be_shown_again(database: Database) -> None:
    """It stands in public pages anyway."""
    with database.begin() as tx:
        text = create_key(tx, "form", "contact", NOW)

        assert [key.text for key in list_keys(tx)] == [text]


def test_an_unknown_key_opens_nothing(database: Database) -> None:
    """Nor does part of one."""
    with database.begin() as tx:
        text = create_key(tx, "crm", "main", NOW)

        assert find_key(tx, text[:-1]) is None


def test_a_revoked_key_is_still_known_as_revoked(database: Database) -> None:
    """So the door can say why; revoking again changes nothing."""
    with database.begin() as tx:
        text = create_key(tx, "crm", "main", NOW)
        key = _found(find_key(tx, text))

        assert revoke_key(tx, key.id, LATER)
        assert not revoke_key(tx, key.id, LATER + timedelta(days=1))
        assert not revoke_key(tx, "nothing", LATER)
        assert _found(find_key(tx, text)).revoked_at == LATER


def test_keys_are_listed_oldest_first(database: Database) -> None:
    """Revoked ones too."""
    with database.begin() as tx:
        for days, name in enumerate(("one", "two", "three")):
            create_key(tx, "crm", name, NOW + timedelta(days=days))

        assert [key.name for key in list_keys(tx)] == ["one", "two", "three"]


def test_making_and_revoking_a_key_tells_replicas(database: Database) -> None:
    """A revoked key must not go on opening doors that remember it."""
    with database.begin() as tx:
        before = revision(tx)
        key = _found(find_key(tx, create_key(tx, "crm", "main", NOW)))
        made = revision(tx)
        revoke_key(tx, key.id, LATER)

        assert before < made < revision(tx)


def _found(key: Key | None) -> Key:
    """Returns a key that must be there."""
    assert key is not None
    return key
