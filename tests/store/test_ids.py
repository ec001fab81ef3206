"""Ids sort by the time of their making."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from store.ids import new_id, sortable_id
from tests.builders import NOW

INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made UTC


@given(at=INSTANTS, randomness=st.binary(min_size=8, max_size=8))
def test_an_id_is_a_uuid_of_version_7(at: datetime, randomness: bytes) -> None:
    """As other tools read it, to the millisecond."""
    made = UUID(sortable_id(at, randomness))

    milliseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert (made.version, made.variant, made.int >> 80) == (7, "specified in RFC 4122", milliseconds)


@given(at=INSTANTS, later=st.integers(1, 10**9), one=st.binary(min_size=8, max_size=8))
def test_later_ids_sort_behind_earlier_ones(at: datetime, later: int, one: bytes) -> None:
    """Whatever their randomness, to the microsecond."""
    first = sortable_id(at, b"\xff" * 8)

    assert sortable_id(at + timedelta(microseconds=later), one) > first


def test_ids_of_one_instant_come_in_order() -> None:
    """So rows written together keep their order."""
    ids = [new_id(NOW) for _ in range(50)]

    assert ids == sorted(set(ids))
