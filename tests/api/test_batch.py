"""Bulk scoring: to the bit what each lead would get alone, whatever its cells, its model and its playbook."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from api.batch.decide import decide_all
from routing.decide import decide
from routing.document import decision_document
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.facts import Facts
from scoring.parts import PART_KINDS, Part
from scoring.scorecard import CategoryFeature, NumberFeature, Scorecard, appraise
from tests.builders import scorecard
from tests.scoring.strategies import scorecards
from training.appraise import appraise_all
from training.rows import lead_of_row
from training.sample import sample_rows
from training.table import Cell, Stretch

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
RULES = """
  - {name: big, because: Big ones, when: {employees: {at_least: 100}}, then: {add: 30, set: {segment: big}}}
  - {name: in-segment, because: Of the segment, when: {segment: big}, then: {add: -0.04}}
  - {name: likely, because: Likely, when: {fit: {at_least: 50}}, then: {add: 60, qualify: true}}
  - {name: out, because: No students, when: {email_kind: free}, then: {disqualify: student}}
  - {name: nothing, because: Says nothing, when: {has_phone: true}, then: {tag: [phone, hot]}}
"""
SAMPLE = compile_playbook(read_playbook(sample_playbook(), number=1))


def playbook() -> Compiled:
    """The sample playbook with rules that chain, disqualify, and drive the score beyond its limits."""
    text = sample_playbook()
    start, end = text.index("\nrules:") + 7, text.index("\nroutes:")
    return compile_playbook(read_playbook(f"{text[:start]}{RULES}{text[end:]}", number=1))


HARD = playbook()

cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "Select", "N/A", " Webinar ", "demo_request", "flyer", "99", "1e3", "1e999", "true", '"']
    ),
    st.sampled_from(["2026-03-01", "2026-11-23T22:00:00-08:00", "01.03.2026", "soon"]),
    st.text(max_size=5),
    st.integers(),
    st.sampled_from([0, 1, 1.0, -0.0, True, False, 2**53 + 1, 10**400]),
    st.floats(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.sampled_from(["a", 1, True, 1.5]), max_size=2).map(tuple),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["ann@big.example", "BOB@gmail.com", "info@x.example", "no address", "", None]),
        "phone": st.sampled_from(["+49 30 23125070", "030 23125070", "12", "", None, 4930]),
        "country": st.sampled_from(["DE", "Germany", "na", "Atlantis", "US", "", None]),
        "title": st.sampled_from(["CTO", "Sales Manager", "student", "", None]),
        "message": st.text(max_size=4),
        "consent": st.sampled_from(["yes", "perhaps", True, "", None]),
        "created_at": st.sampled_from(["2026-11-20T08:00:00+02:00", "yesterday", "", None]),
        "seniority": cells,
        "score": cells,
        "source": cells,
        "employees": cells,
        "segment": cells,
        "x": cells,
    },
)


def stretch_of(rows: Sequence[dict[str, Cell]]) -> Stretch:
    """The rows as a file has them: every row has every column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    return Stretch(lines=range(2, 2 + len(rows)), cells=columns, bad_rows=())


def check_alike(stretch: Stretch, card: Scorecard, book: Compiled) -> None:
    """Asserts that bulk scoring says of each row what `decide` says of it alone."""
    many = decide_all(stretch, card, book, NOW)
    unread = 0
    for row in range(len(stretch.lines)):
        read = lead_of_row({name: column[row] for name, column in stretch.cells.items()}, NOW)
        alone = decide(read.lead, (), card, book, NOW)
        unread += bool(read.problems)
        assert (
            many.probability[row],
            many.fit[row],
            many.score[row],
            many.grade[row],
            many.qualified[row],
            many.reasons[row],
        ) == (
            alone.probability,
            alone.fit,
            alone.score,
            alone.grade,
            alone.qualified,
            orjson.dumps(decision_document(alone)["reasons"]).decode(),
        )
    assert many.unread == unread


def test_sample_leads_are_scored_as_each_would_be_alone() -> None:
    check_alike(stretch_of([dict(row) for row in sample_rows(400, 3)]), scorecard(), SAMPLE)


@settings(max_examples=60)
@given(st.lists(fields, min_size=1, max_size=6))
def test_whatever_the_cells_bulk_is_as_alone(rows: list[dict[str, Cell]]) -> None:
    check_alike(stretch_of(rows), scorecard(), HARD)


@settings(max_examples=40)
@given(
    scorecards(), st.lists(st.dictionaries(st.sampled_from(["f0", "f1", "f2", "f3"]), cells), min_size=1, max_size=5)
)
def test_whatever_the_model_bulk_is_as_alone(card: Scorecard, rows: list[dict[str, Cell]]) -> None:
    check_alike(stretch_of(rows), card, HARD)


@settings(max_examples=40)
@given(st.lists(fields, min_size=1, max_size=4), st.sampled_from(["x", "message", "created_at"]))
def test_parts_are_read_in_bulk_as_alone(rows: list[dict[str, Cell]], of: str) -> None:
    parts = tuple(Part(name=f"{of}.{kind}", of=of, kind=kind, written="%d.%m.%Y") for kind in PART_KINDS)
    features = tuple(
        CategoryFeature(name=part.name, levels=("sun", "mon"), grouped=(), unseen=2, values=(1.0, -1.0, 0.25))
        if part.kind == "weekday"
        else NumberFeature(name=part.name, edges=(2.0, 7.0), values=(1.0, -0.5, 0.75, 0.1))
        for part in parts
    )

    check_alike(stretch_of(rows), scorecard(features=features, pairs=(), parts=parts), HARD)


def test_a_stretch_without_leads_is_no_trouble() -> None:
    assert decide_all(stretch_of([]), scorecard(), HARD, NOW).reasons == []


@given(scorecards(), st.lists(st.floats(allow_nan=False), min_size=1, max_size=8))
def test_floats_fall_into_the_cells_that_bisection_finds(card: Scorecard, numbers: list[float]) -> None:
    values = [numbers for _ in card.features]
    many = appraise_all(card, values, len(numbers))
    alone = [appraise(card, Facts(values={feature.name: number for feature in card.features})) for number in numbers]

    assert many.log_odds.tolist() == [each.log_odds for each in alone]
    assert np.array_equal(
        many.shares, np.array([[one.fit for one in each.attributes] for each in alone]).reshape(many.shares.shape)
    )
