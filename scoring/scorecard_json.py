"""A scorecard as a JSON document, written as it is and read with suspicion."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from scoring.document import Place
from scoring.lookup import folded
from scoring.parts import PART_KINDS, WRITTEN, Part, PartKind
from scoring.scorecard import Calibration, CategoryFeature, Feature, NumberFeature, PairTable, Scorecard

# No honest table holds log-odds beyond this, and sums of lesser ones stay finite.
LARGEST = 1e6
# The message stops after so many problems; the error keeps them all.
SHOWN = 20

Read = TypeVar("Read")


class ScorecardError(ValueError):
    """A document that is no scorecard; the message has a line for each problem: `features[3].edges: must rise`."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = [*problems[:SHOWN], *([f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else [])]
        super().__init__("\n".join(shown))
        self.problems = tuple(problems)


def scorecard_to_json(scorecard: Scorecard) -> dict[str, object]:
    """The scorecard as plain dicts, lists, text and numbers; read back it is equal to the bit."""
    document: dict[str, object] = {
        "version": scorecard.version,
        "intercept": scorecard.intercept,
        "features": [_feature_to_json(feature) for feature in scorecard.features],
        "pairs": [_pair_to_json(pair) for pair in scorecard.pairs],
        "calibration": _calibration_to_json(scorecard.calibration),
        "reference": list(scorecard.reference),
    }
    if scorecard.parts:
        document["parts"] = [
            {"name": part.name, "of": part.of, "kind": part.kind, "written": part.written} for part in scorecard.parts
        ]
    return document


def scorecard_from_json(document: object) -> Scorecard:
    """The scorecard in a parsed JSON document.

    Raises: ScorecardError with every problem, where anything is missing, unknown, of the wrong type or length,
    out of order or out of range.
    """
    problems: list[str] = []
    whole = Place(value=document, problems=problems)
    whole.only("version", "intercept", "features", "pairs", "calibration", "reference", "parts")
    version, intercept = whole.field("version").text(), whole.field("intercept").number(LARGEST)
    features = _features(whole.field("features"))
    pairs = [_pair(place, features) for place in whole.field("pairs").items()]
    calibration = _calibration(whole.field("calibration"))
    reference = _reference(whole.field("reference"))
    parts = _parts(whole.field("parts"), features or ()) if whole.has("parts") else ()
    if problems or features is None:
        raise ScorecardError(problems)
    return Scorecard(
        version=version,
        intercept=intercept,
        features=features,
        pairs=tuple(pairs),
        calibration=calibration,
        reference=reference,
        parts=parts,
    )


def _feature_to_json(feature: Feature) -> dict[str, object]:
    if isinstance(feature, NumberFeature):
        return {
            "kind": "number",
            "name": feature.name,
            "edges": list(feature.edges),
            "values": list(feature.values),
        }
    return {
        "kind": "category",
        "name": feature.name,
        "levels": list(feature.levels),
        "grouped": list(feature.grouped),
        "unseen": feature.unseen,
        "values": list(feature.values),
    }


def _pair_to_json(pair: PairTable) -> dict[str, object]:
    return {
        "first": pair.first,
        "second": pair.second,
        "rows": list(pair.rows),
        "columns": list(pair.columns),
        "values": list(pair.values),
    }


def _calibration_to_json(calibration: Calibration) -> dict[str, object]:
    if calibration.kind == "sigmoid":
        return {"kind": "sigmoid", "slope": calibration.slope, "offset": calibration.offset}
    return {"kind": "isotonic", "points": list(calibration.points), "levels": list(calibration.levels)}


def _features(place: Place) -> tuple[Feature, ...] | None:
    """The features; None where one is not sound, so that pairs are not judged by what it is not."""
    kinds: dict[str, Callable[[Place], Feature]] = {"number": _number, "category": _category}
    read = ((one, _reader(one, kinds)) for one in place.items())
    found = [reader(one) for one, reader in read if reader is not None]
    _refuse_repeats(place, [feature.name for feature in found])
    return tuple(found) if place.sound() else None


def _reader(place: Place, kinds: Mapping[str, Callable[[Place], Read]]) -> Callable[[Place], Read] | None:
    """What reads this kind of thing; None where it is no kind of them."""
    if not place.missing and not isinstance(place.value, dict):
        place.refuse("must be an object")
    return kinds.get(place.field("kind").choice(*kinds))


def _number(place: Place) -> NumberFeature:
    place.only("kind", "name", "edges", "values")
    edges = place.field("edges").rising(strictly=True)
    values = place.field("values").numbers(LARGEST)
    if place.sound():
        place.field("values").hold(len(values), len(edges) + 2, "numbers, one for each cell and one for missing")
    return NumberFeature(name=place.field("name").text(), edges=edges, values=values)


def _category(place: Place) -> CategoryFeature:
    place.only("kind", "name", "levels", "grouped", "unseen", "values")
    levels, grouped = place.field("levels").texts(), place.field("grouped").texts()
    unseen, values = place.field("unseen").index(), place.field("values").numbers(LARGEST)
    if place.sound():
        _refuse_repeats(place.field("levels"), [*levels, *grouped])
        # Cell len(levels) is the rare cell where there is one, else the missing cell.
        rare = bool(grouped) or len(values) == len(levels) + 2
        if unseen != len(levels):
            place.field("unseen").refuse(f"must be {len(levels)}, the cell after the levels' own")
        expected, of = len(levels) + 1 + rare, "numbers, one for each level, the rare ones if any, and missing"
        place.field("values").hold(len(values), expected, of)
    return CategoryFeature(
        name=place.field("name").text(), levels=levels, grouped=grouped, unseen=unseen, values=values
    )


def _pair(place: Place, features: Sequence[Feature] | None) -> PairTable:
    place.only("first", "second", "rows", "columns", "values")
    pair = PairTable(
        first=place.field("first").index(),
        second=place.field("second").index(),
        rows=place.field("rows").indexes(),
        columns=place.field("columns").indexes(),
        values=place.field("values").numbers(LARGEST),
    )
    if place.sound() and features is not None:
        _fit_pair(place, pair, features)
    return pair


def _fit_pair(place: Place, pair: PairTable, features: Sequence[Feature]) -> None:
    """Note where a sound pair does not go with the features."""
    for side, index, cells in (("first", pair.first, "rows"), ("second", pair.second, "columns")):
        if index >= len(features):
            place.field(side).refuse(f"must be below {len(features)}, the number of features")
        else:
            feature, found = features[index], pair.rows if side == "first" else pair.columns
            place.field(cells).hold(len(found), len(feature.values), f"indexes, one for each cell of {feature.name}")
    if pair.first == pair.second:
        place.field("second").refuse("must be another feature than first")
    if place.sound():
        size = (max(pair.rows) + 1) * (max(pair.columns) + 1)
        place.field("values").hold(len(pair.values), size, "numbers, one for each row and column")


def _calibration(place: Place) -> Calibration:
    """The calibration, some calibration where it is not sound."""
    kinds: dict[str, Callable[[Place], Calibration]] = {"sigmoid": _sigmoid, "isotonic": _isotonic}
    reader = _reader(place, kinds)
    return reader(place) if reader else Calibration(kind="sigmoid")


def _sigmoid(place: Place) -> Calibration:
    place.only("kind", "slope", "offset")
    slope = place.field("slope")
    found = Calibration(kind="sigmoid", slope=slope.number(LARGEST), offset=place.field("offset").number(LARGEST))
    if found.slope < 0:
        slope.refuse("must not be negative: probability must not fall as log-odds rise")
    return found


def _isotonic(place: Place) -> Calibration:
    place.only("kind", "points", "levels")
    points, levels = place.field("points"), place.field("levels")
    found = Calibration(kind="isotonic", points=points.rising(strictly=True), levels=levels.rising(strictly=False))
    if not found.points:
        points.refuse("must hold at least one")
    levels.hold(len(found.levels), len(found.points), "probabilities, one for each point")
    if levels.sound() and not all(0 <= level <= 1 for level in found.levels):
        levels.refuse("must be probabilities, from 0 to 1")
    return found


def _parts(place: Place, features: Sequence[Feature]) -> tuple[Part, ...]:
    parts = tuple(_part(each) for each in place.items())
    if place.sound():
        known, names = {feature.name for feature in features}, [part.name for part in parts]
        _refuse_repeats(place, names)
        for name in sorted(set(names) - known):
            place.refuse(f"must name features; there is no feature {name!r}")
    return parts


def _part(place: Place) -> Part:
    place.only("name", "of", "kind", "written")
    kind = cast(PartKind, place.field("kind").choice(*PART_KINDS))
    written = place.field("written").choice("", *WRITTEN)
    return Part(name=place.field("name").text(), of=place.field("of").text(), kind=kind, written=written)


def _reference(place: Place) -> tuple[float, ...]:
    reference = place.rising(strictly=False)
    if len(reference) < 2 and place.sound():
        place.refuse("must hold at least the lowest and the highest log-odds")
    return reference


def _refuse_repeats(place: Place, names: Sequence[str]) -> None:
    counts = Counter(folded(name) for name in names)
    repeated = [name for name, count in counts.items() if name and count > 1]
    if repeated:
        place.refuse(f"must differ but for case and outer spaces; repeated: {', '.join(repeated)}")
