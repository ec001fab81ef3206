from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.attributes import BUILT_IN, DERIVED, SCORED, STANDARD, Kind, coerce
from scoring.lead import Lead, Value
from tests.scoring.strategies import values

NOON = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("as written", "text", "as written"),
        (" kept ", "text", " kept "),
        (1200, "text", "1200"),
        (1200.0, "text", "1200"),
        (-0.5, "text", "-0.5"),
        (1e22, "text", "1e+22"),
        (float("nan"), "text", None),
        (True, "text", "true"),
        (False, "text", "false"),
        (NOON, "text", "2026-03-06T12:00:00+00:00"),
        (("one",), "text", "one"),
        (("one", "two"), "text", None),
        ((), "text", None),
        ("1200", "number", 1200.0),
        (" -3.5e2 ", "number", -350.0),
        (".5", "number", 0.5),
        ("1,200", "number", None),
        ("1_200", "number", None),
        ("nan", "number", None),
        ("inf", "number", None),
        ("²", "number", None),
        ("", "number", None),
        (2**53 + 1, "number", 2**53 + 1),
        (float("inf"), "number", float("inf")),
        (float("nan"), "number", None),
        (True, "number", None),
        (NOON, "number", None),
        (("12",), "number", 12.0),
        ((1, 2), "number", None),
        ("Yes", "flag", True),
        (" on ", "flag", True),
        ("1", "flag", True),
        ("FALSE", "flag", False),
        ("off", "flag", False),
        ("maybe", "flag", None),
        (1, "flag", True),
        (0.0, "flag", False),
        (2, "flag", None),
        (True, "flag", True),
        (NOON, "flag", None),
        ("2026-03-06T12:00:00Z", "time", NOON),
        ("2026-03-06T13:00:00+01:00", "time", datetime(2026, 3, 6, 13, 0, tzinfo=BERLIN)),
        ("2026-03-06 12:00", "time", NOON),
        ("2026-03-06", "time", datetime(2026, 3, 6, tzinfo=UTC)),
        (datetime(2026, 3, 6, 12, 0), "time", NOON),  # noqa: DTZ001 - what comes without a zone is under test
        ("Friday", "time", None),
        (1_772_798_400, "time", None),
        ("one", "list", ("one",)),
        (3, "list", (3,)),
        (("a", "b"), "list", ("a", "b")),
        ((), "list", ()),
        (NOON, "list", ("2026-03-06T12:00:00+00:00",)),
    ],
)
def test_a_value_takes_the_kind_of_its_attribute_or_clashes(value: Value, kind: Kind, expected: Value | None) -> None:
    found = coerce(value, kind)

    assert (found, type(found)) == (expected, type(expected))


def test_an_integer_too_long_to_be_written_is_no_text() -> None:
    assert coerce(10**5000, "text") is None


@given(value=values, kind=st.sampled_from(get_args(Kind)))
def test_coercing_never_raises_and_gives_the_type_of_the_kind(value: Value, kind: Kind) -> None:
    types = {"text": str, "number": int | float, "flag": bool, "time": datetime, "list": tuple}

    found = coerce(value, kind)

    assert found is None or isinstance(found, types[kind])


@given(value=values, kind=st.sampled_from(get_args(Kind)))
def test_a_value_that_has_its_kind_keeps_it(value: Value, kind: Kind) -> None:
    once = coerce(value, kind)

    assert once is None or coerce(once, kind) == once


@given(st.datetimes(timezones=st.sampled_from([UTC, BERLIN])))
def test_a_time_written_and_read_is_the_same_instant(at: datetime) -> None:
    written = coerce(at, "text")

    assert written is not None
    assert coerce(written, "time") == at


def test_the_standard_attributes_are_the_fields_of_a_lead() -> None:
    assert list(STANDARD) == [name for name in Lead.__slots__ if name not in ("created_at", "attributes")] + [
        "created_at"
    ]


def test_no_name_is_built_in_twice() -> None:
    assert len(BUILT_IN) == len(STANDARD) + len(DERIVED) + len(SCORED)
