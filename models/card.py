"""The card of a model version: what it learned from, how it was fitted, how well it does; reports are made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from scoring.document import Place

FAMILIES = ("served", "logistic", "additive", "unrestricted")
METRICS = ("roc_auc", "pr_auc", "log_loss", "brier", "lift_top_decile", "calibration_error")
# Leads are counted at and above each whole fit, 0 to 100.
FITS = 101


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnCard:
    """A column that the model learned from; `levels` counts its categories, 0 for a number."""

    name: str
    kind: Literal["number", "category"]
    levels: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """Some leads: how many, how many of them converted, and the mean probability that they were given."""

    leads: int
    converted: int
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FamilyCard:
    """One family on the held-out leads.

    `setting` says how it was fitted; `intervals` holds the lower and upper end (95 %) of each of METRICS; `tenths` the
    leads in tenths by log-odds, the best first; `bins` in tenths by probability, the least probable first.
    """

    setting: str
    intervals: Mapping[str, tuple[float, float]]
    tenths: tuple[Count, ...]
    bins: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonCard:
    """A value that is often among the three strongest reasons of a held-out lead.

    `share` of the held-out leads have it there, where it adds `log_odds` on average.
    """

    name: str
    value: str
    log_odds: float
    share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """How many held-out leads have at least a fit of 0, 1, ... 100, and how many of these converted."""

    leads: tuple[int, ...]
    converted: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupCard:
    """The held-out leads with one value of a column that fairness is reported by, over all and by their fit."""

    name: str
    all: Count
    curve: Curve


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCard:
    """What a version was trained on and what came of it.

    `metrics` holds METRICS by family, all on held-out rows; `max_difference` is the largest |scorecard - estimators|
    in log-odds; `strongest` the attributes by mean |log-odds|, `strongest_pairs` likewise what two add together;
    `checksum` is the sha256 of the data's bytes;
    `curve` is of the held-out leads; `leads_a_month` is known where the data have dates; `monotone` holds + or -.
    """

    rows: int
    positives: int
    columns: tuple[ColumnCard, ...]
    left_out: Mapping[str, str]
    split: str
    tested: Count
    metrics: Mapping[str, Mapping[str, float]]
    families: Mapping[str, FamilyCard]
    served: Literal["pairwise", "additive"]
    monotone: Mapping[str, str]
    max_difference: float
    tables: int
    leakage: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    checksum: str
    seed: int
    libraries: Mapping[str, str]
    strongest: tuple[tuple[str, float], ...]
    strongest_pairs: tuple[tuple[str, str, float], ...]
    reasons: tuple[ReasonCard, ...]
    curve: Curve
    leads_a_month: float | None
    fairness: Mapping[str, tuple[GroupCard, ...]]


def card_to_json(card: ModelCard) -> dict[str, object]:
    """Return the card as plain dicts, lists, text and numbers."""
    return {
        "rows": card.rows,
        "positives": card.positives,
        "columns": [{"name": each.name, "kind": each.kind, "levels": each.levels} for each in card.columns],
        "left_out": dict(card.left_out),
        "split": card.split,
        "tested": _count_to_json(card.tested),
        "metrics": {family: dict(metrics) for family, metrics in card.metrics.items()},
        "families": {family: _family_to_json(each) for family, each in card.families.items()},
        "served": card.served,
        "monotone": dict(card.monotone),
        "max_difference": card.max_difference,
        "tables": card.tables,
        "leakage": [{"column": column, "evidence": evidence} for column, evidence in card.leakage],
        "notes": list(card.notes),
        "warnings": list(card.warnings),
        "checksum": card.checksum,
        "seed": card.seed,
        "libraries": dict(card.libraries),
        "strongest": [{"name": name, "log_odds": log_odds} for name, log_odds in card.strongest],
        "strongest_pairs": [
            {"first": first, "second": second, "log_odds": log_odds} for first, second, log_odds in card.strongest_pairs
        ],
        "reasons": [
            {"name": each.name, "value": each.value, "log_odds": each.log_odds, "share": each.share}
            for each in card.reasons
        ],
        "curve": _curve_to_json(card.curve),
        "leads_a_month": card.leads_a_month,
        "fairness": {column: [_group_to_json(each) for each in groups] for column, groups in card.fairness.items()},
    }


def card_in(place: Place) -> ModelCard:
    """Return the card at a place of a document; what it should not be is noted there."""
    leakage, strongest, pairs = place.field("leakage"), place.field("strongest"), place.field("strongest_pairs")
    monthly = place.field("leads_a_month")
    return ModelCard(
        rows=place.field("rows").index(),
        positives=place.field("positives").index(),
        columns=tuple(_column(each) for each in place.field("columns").items()),
        left_out=_texts_by_name(place.field("left_out")),
        split=place.field("split").text(),
        tested=_count(place.field("tested")),
        metrics={family: _metrics(place.field("metrics").field(family)) for family in FAMILIES},
        families={family: _family(place.field("families").field(family)) for family in FAMILIES},
        served=cast(Literal["pairwise", "additive"], place.field("served").choice("pairwise", "additive")),
        monotone=_texts_by_name(place.field("monotone")),
        max_difference=place.field("max_difference").number(),
        tables=place.field("tables").index(),
        leakage=tuple((each.field("column").text(), each.field("evidence").text()) for each in leakage.items()),
        notes=place.field("notes").texts(),
        warnings=place.field("warnings").texts(),
        checksum=place.field("checksum").text(),
        seed=place.field("seed").index(),
        libraries=_texts_by_name(place.field("libraries")),
        strongest=tuple((each.field("name").text(), each.field("log_odds").number()) for each in strongest.items()),
        strongest_pairs=tuple(
            (each.field("first").text(), each.field("second").text(), each.field("log_odds").number())
            for each in pairs.items()
        ),
        reasons=tuple(_reason(each) for each in place.field("reasons").items()),
        curve=_curve(place.field("curve")),
        leads_a_month=None if monthly.value is None else monthly.number(),
        fairness={
            column: tuple(_group(each) for each in inside.items())
            for column, inside in _fields(place.field("fairness"))
        },
    )


def _count_to_json(count: Count) -> dict[str, object]:
    return {"leads": count.leads, "converted": count.converted, "probability": count.probability}


def _family_to_json(family: FamilyCard) -> dict[str, object]:
    return {
        "setting": family.setting,
        "intervals": {metric: list(ends) for metric, ends in family.intervals.items()},
        "tenths": [_count_to_json(each) for each in family.tenths],
        "bins": [_count_to_json(each) for each in family.bins],
    }


def _curve_to_json(curve: Curve) -> dict[str, object]:
    return {"leads": list(curve.leads), "converted": list(curve.converted)}


def _group_to_json(group: GroupCard) -> dict[str, object]:
    return {"name": group.name, "all": _count_to_json(group.all), "curve": _curve_to_json(group.curve)}


def _column(place: Place) -> ColumnCard:
    kind = cast(Literal["number", "category"], place.field("kind").choice("number", "category"))
    return ColumnCard(name=place.field("name").text(), kind=kind, levels=place.field("levels").index())


def _metrics(place: Place) -> dict[str, float]:
    return {metric: place.field(metric).number() for metric in METRICS}


def _count(place: Place) -> Count:
    return Count(
        leads=place.field("leads").index(),
        converted=place.field("converted").index(),
        probability=place.field("probability").number(1),
    )


def _family(place: Place) -> FamilyCard:
    return FamilyCard(
        setting=place.field("setting").text(),
        intervals={metric: _ends(place.field("intervals").field(metric)) for metric in METRICS},
        tenths=tuple(_count(each) for each in place.field("tenths").items()),
        bins=tuple(_count(each) for each in place.field("bins").items()),
    )


def _ends(place: Place) -> tuple[float, float]:
    ends = place.rising(strictly=False)
    place.hold(len(ends), 2, "numbers, the lower and the upper end")
    return (ends[0], ends[1]) if len(ends) == 2 else (0.0, 0.0)


def _reason(place: Place) -> ReasonCard:
    return ReasonCard(
        name=place.field("name").text(),
        value=place.field("value").text(),
        log_odds=place.field("log_odds").number(),
        share=place.field("share").number(1),
    )


def _curve(place: Place) -> Curve:
    leads, converted = place.field("leads"), place.field("converted")
    found = Curve(leads=leads.indexes(), converted=converted.indexes())
    leads.hold(len(found.leads), FITS, "counts, one for each fit from 0 to 100")
    converted.hold(len(found.converted), FITS, "counts, one for each fit from 0 to 100")
    return found


def _group(place: Place) -> GroupCard:
    return GroupCard(
        name=place.field("name").text(), all=_count(place.field("all")), curve=_curve(place.field("curve"))
    )


def _texts_by_name(place: Place) -> dict[str, str]:
    return {name: inside.text() for name, inside in _fields(place)}


def _fields(place: Place) -> list[tuple[str, Place]]:
    """The fields of an object whose names are free."""
    if not isinstance(place.value, dict):
        place.refuse("must be an object")
        return []
    return [(str(name), place.field(str(name))) for name in place.value]
