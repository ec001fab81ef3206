"""Any value, any facts and any scorecard, for the laws."""

from collections.abc import Sequence
from datetime import UTC

from hypothesis import strategies as st

from scoring.facts import Facts
from scoring.lead import Scalar, Value
from scoring.scorecard import Calibration, CategoryFeature, Feature, NumberFeature, PairTable, Scorecard

log_odds = st.floats(-8, 8)
LEVELS = ("demo", "Webinar", "ads", "x y", "straße", "1200", "true", "3.5")

scalars: st.SearchStrategy[Scalar] = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", " ", " DEMO ", "webinar", "STRASSE", "1200", "-3.5e2", "1e999", "nan", "0x10", "yes", "²"]),
    st.integers(),
    st.sampled_from([0, 1, -1, 2**53 + 1, 10**400, -(10**400)]),
    st.floats(),
    st.booleans(),
)
times = st.datetimes(timezones=st.just(UTC))
values: st.SearchStrategy[Value] = st.one_of(scalars, times, st.lists(scalars, max_size=3).map(tuple))


@st.composite
def number_features(draw: st.DrawFn, name: str) -> NumberFeature:
    edges = sorted(draw(st.sets(st.floats(allow_nan=False, allow_infinity=False), max_size=5)))
    cells = draw(st.lists(log_odds, min_size=len(edges) + 2, max_size=len(edges) + 2))
    return NumberFeature(name=name, edges=tuple(edges), values=tuple(cells))


@st.composite
def category_features(draw: st.DrawFn, name: str) -> CategoryFeature:
    names = draw(st.lists(st.sampled_from(LEVELS), unique=True, max_size=6))
    cut = draw(st.integers(0, len(names)))
    levels, grouped = tuple(names[:cut]), tuple(names[cut:])
    size = len(levels) + 1 + bool(grouped)
    cells = draw(st.lists(log_odds, min_size=size, max_size=size))
    return CategoryFeature(name=name, levels=levels, grouped=grouped, unseen=len(levels), values=tuple(cells))


@st.composite
def pair_tables(draw: st.DrawFn, features: Sequence[Feature]) -> PairTable:
    first, second = draw(st.permutations(range(len(features))))[:2]
    rows = draw(_cells(len(features[first].values)))
    columns = draw(_cells(len(features[second].values)))
    size = (max(rows) + 1) * (max(columns) + 1)
    table = draw(st.lists(log_odds, min_size=size, max_size=size))
    return PairTable(first=first, second=second, rows=rows, columns=columns, values=tuple(table))


def _cells(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, 2), min_size=count, max_size=count).map(tuple)


@st.composite
def isotonic(draw: st.DrawFn) -> Calibration:
    points = sorted(draw(st.sets(log_odds, min_size=1, max_size=6)))
    levels = sorted(draw(st.lists(st.floats(0, 1), min_size=len(points), max_size=len(points))))
    return Calibration(kind="isotonic", points=tuple(points), levels=tuple(levels))


calibrations = st.one_of(
    isotonic(),
    st.builds(Calibration, kind=st.just("sigmoid"), slope=st.floats(0, 50), offset=st.floats(-50, 50)),
)
references = st.lists(log_odds, min_size=2, max_size=12).map(sorted).map(tuple)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    count = draw(st.integers(0, 4))
    features = tuple(
        draw(st.one_of(number_features(name=f"f{index}"), category_features(name=f"f{index}")))
        for index in range(count)
    )
    pairs = draw(st.lists(pair_tables(features), max_size=3)) if count > 1 else []
    return Scorecard(
        version="2026-03-01.1",
        intercept=draw(log_odds),
        features=features,
        pairs=tuple(pairs),
        calibration=draw(calibrations),
        reference=draw(references),
    )


facts_of_any_lead = st.dictionaries(st.sampled_from(["f0", "f1", "f2", "f3"]), values).map(
    lambda known: Facts(values=known)
)
