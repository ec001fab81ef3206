from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Facts, facts_of
from scoring.lead import Value
from scoring.parts import OF_A_DATE, OF_A_TEXT, PART_KINDS, WRITTEN, Part, PartKind, instant_of, read_part, with_parts
from scoring.scorecard import NumberFeature, appraise
from scoring.scorecard_json import ScorecardError, scorecard_from_json, scorecard_to_json
from tests.builders import NOW, lead, scorecard
from tests.scoring.strategies import values

MONTH = Part(name="signup.month", of="signup", kind="month")
BY_MONTH = NumberFeature(name="signup.month", edges=(6.0,), values=(1.0, -1.0, 0.0))


def part(kind: PartKind, written: str = "") -> Part:
    return Part(name=f"x.{kind}", of="x", kind=kind, written=written)


@pytest.mark.parametrize(
    ("kind", "value", "written", "expected"),
    [
        ("month", "2026-03-01", "", 3),
        ("weekday", "2026-03-01", "", "sun"),
        ("hour", "2026-03-01T23:30:00-05:00", "", 23),
        ("hour", datetime(2026, 3, 1, 4, tzinfo=UTC), "", 4),
        ("month", "01.03.2026", "%d.%m.%Y", 3),
        ("month", "3/1/2026 14:05", "%m/%d/%Y %H:%M", 3),
        ("month", "2026-03-01", "%d.%m.%Y", 3),
        ("month", "01.03.2026", "", None),
        ("month", "soon", "%d.%m.%Y", None),
        ("month", 7, "", None),
        ("age_days", "2026-03-05", "", 1),
        ("age_days", "2026-03-07", "", -1),
        ("age_days", "2026-03-06T11:59:00Z", "", 0),
        ("length", "  two words ", "", 9),
        ("words", "  two words ", "", 2),
        ("length", "x" * 20_000, "", 10_000),
        ("words", ("a", "b"), "", None),
    ],
)
def test_parts_of_dates_and_texts(kind: PartKind, value: Value, written: str, expected: Value | None) -> None:
    known = {"x": value, "created_at": datetime(2026, 3, 6, 11, 59, tzinfo=UTC)}

    assert read_part(part(kind, written), known) == expected


def test_what_is_missing_has_no_parts() -> None:
    assert [read_part(part(kind), {"created_at": NOW}) for kind in PART_KINDS] == [None] * len(PART_KINDS)


@given(st.sampled_from(WRITTEN), st.dates(date(2000, 1, 1), date(2049, 1, 1)))
def test_every_way_to_write_a_date_is_read_back_to_its_day(written: str, at: date) -> None:
    found = instant_of(at.strftime(written), written)

    assert found is not None
    assert (found.date(), found.tzinfo) == (at, UTC)


@given(values, st.sampled_from(OF_A_DATE + OF_A_TEXT), st.sampled_from(("", *WRITTEN)))
def test_any_value_has_a_part_or_none(value: Value, kind: PartKind, written: str) -> None:
    created = datetime(2026, 3, 6, tzinfo=timezone(timedelta(hours=14)))

    assert isinstance(read_part(part(kind, written), {"x": value, "created_at": created}), int | str | None)


def test_a_served_lead_is_appraised_by_its_parts() -> None:
    card = scorecard(features=(BY_MONTH,), pairs=(), parts=(MONTH,))
    spring = facts_of(lead(attributes={"signup": "2026-03-01"}), {})

    assert appraise(card, with_parts(spring, card.parts)).log_odds == 0.0
    assert appraise(card, with_parts(Facts(values={}), card.parts)).log_odds == -1.0


def test_parts_travel_with_the_scorecard() -> None:
    card = scorecard(features=(BY_MONTH,), pairs=(), parts=(MONTH,))

    assert scorecard_from_json(scorecard_to_json(card)) == card


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "year"}, "parts[0].kind: must be month or weekday or hour or age_days or length or words"),
        ({"name": "signup.hour"}, "parts: must name features; there is no feature 'signup.hour'"),
        ({"more": 1}, "parts[0]: has an unknown field 'more'; it may have name, of, kind, written"),
    ],
)
def test_a_part_that_is_none_is_refused(change: dict[str, object], says: str) -> None:
    document = scorecard_to_json(scorecard(features=(BY_MONTH,), pairs=(), parts=(MONTH,)))
    document["parts"] = [{"name": "signup.month", "of": "signup", "kind": "month", "written": "", **change}]

    with pytest.raises(ScorecardError) as refused:
        scorecard_from_json(document)

    assert str(refused.value) == says


def test_a_part_written_as_nobody_writes_dates_is_refused() -> None:
    document = scorecard_to_json(scorecard(features=(BY_MONTH,), pairs=(), parts=(MONTH,)))
    document["parts"] = [{"name": "signup.month", "of": "signup", "kind": "month", "written": "%j"}]

    with pytest.raises(ScorecardError, match=r"parts\[0\]\.written: must be "):
        scorecard_from_json(document)
