"""The reasons of many leads as JSON: what `score_of` says of each, apportioned and written column by column."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from api.batch.columns import Values
from routing.document import value_document
from rules.verdict import Fired
from scoring.reasons import STANDING_EDGES, STANDINGS, attribute_text
from scoring.scorecard import Scorecard
from training.appraise import PLAIN, memo_of

Floats = NDArray[np.float64]
Tenths = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class RulePoints:
    """A rule that gives points, and which leads it gives them to."""

    rule: Fired
    fires: Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Reasons:
    """The parts of scores in points, one element a lead; `attributes` of shape (leads, features).

    `order` has the features of each lead from the strongest on. Where nothing is held back `limit` is 0.
    """

    fit: Sequence[float]
    base: Floats
    attributes: Floats
    order: Tenths
    rules: Sequence[RulePoints]
    limit: Floats
    score: Floats


def as_it_is(text: str) -> str:
    """The text."""
    return text


def doubled(text: str) -> str:
    """The text with its quotes as CSV has them inside a quoted cell."""
    return text.replace('"', '""')


def reasons_json(
    reasons: Reasons, scorecard: Scorecard, values: Sequence[Values], gains: Floats, quote: Callable[[str], str]
) -> list[str]:
    """The reasons of each lead, to the letter as a decision's document has them, each part through `quote`."""
    tenths = apportioned_all(reasons)
    features = reasons.attributes.shape[1]
    attributes = np.empty_like(tenths[:, 1 : 1 + features])
    np.put_along_axis(attributes, reasons.order, tenths[:, 1 : 1 + features], axis=1)
    written = [
        _attribute(feature.name, values[number], gains[:, number], attributes[:, number], quote)
        for number, feature in enumerate(scorecard.features)
    ]
    bases = [quote(_base(features, fit, tenth)) for fit, tenth in zip(reasons.fit, tenths[:, 0].tolist(), strict=True)]
    later = [_rule(each.rule, tenths[:, 1 + features + number], quote) for number, each in enumerate(reasons.rules)]
    later.append(_limit(reasons.limit, tenths[:, -1], quote))
    after = ["".join(parts) for parts in zip(*later, strict=True)]
    if not written:
        return [f"[{base}{rest}]" for base, rest in zip(bases, after, strict=True)]
    ranked = np.take_along_axis(np.column_stack(written), reasons.order, axis=1).tolist()
    return [f"[{base}{''.join(row)}{rest}]" for base, row, rest in zip(bases, ranked, after, strict=True)]


def apportioned_all(reasons: Reasons) -> Tenths:
    """The parts of each lead in tenths that add up to its score: `scoring.reasons.apportioned` of each.

    Columns are the base, the attributes from the strongest on, the rules and the limit.
    """
    rules = [np.where(each.fires, each.rule.effects.add, 0.0) for each in reasons.rules]
    ranked = np.take_along_axis(reasons.attributes, reasons.order, axis=1)
    tenths = 10 * np.column_stack([reasons.base, ranked, *rules, reasons.limit])
    there = np.ones(tenths.shape, dtype=np.bool_)
    for number, each in enumerate(reasons.rules):
        there[:, 1 + ranked.shape[1] + number] = each.fires
    there[:, -1] = reasons.limit != 0
    whole = np.floor(tenths)
    rising = np.argsort(np.where(there, whole - tenths, np.inf), axis=1, kind="stable")
    left = np.rint(10 * reasons.score).astype(np.int64) - np.where(there, whole, 0).sum(axis=1).astype(np.int64)
    each, some = np.divmod(left, there.sum(axis=1))
    more = np.zeros(tenths.shape, dtype=np.int64)
    np.put_along_axis(more, rising, (np.arange(tenths.shape[1]) < some[:, None]).astype(np.int64), axis=1)
    return np.where(there, whole.astype(np.int64) + more + each[:, None], 0)


def _base(features: int, fit: float, tenths: int) -> str:
    """What an average lead starts from, or what its fit gives where the model has no attributes."""
    name, text = ("average lead", "an average lead starts at") if features else ("fit", f"fit {fit:g} gives")
    return _reason("base", name, tenths, f"{text} {tenths / 10:.1f} points")


def _attribute(
    name: str, values: Values, gains: Floats, tenths: Tenths, quote: Callable[[str], str]
) -> NDArray[np.object_]:
    """An attribute's reason for each lead, with the comma before it; what is alike is written once."""
    kinds = set(map(type, values)) - {type(None)}
    plain = len(kinds) < 2 and kinds <= set(PLAIN)
    numbers: dict[object, int] = {}
    codes = np.array([numbers.setdefault(value if plain else id(value), len(numbers)) for value in values])
    standings = np.searchsorted(np.array(STANDING_EDGES), gains, side="right")
    lowest = int(tenths.min(initial=0))
    span = int(tenths.max(initial=0)) - lowest + 1
    said = codes * len(STANDINGS) + standings
    _, first, place = np.unique(said * span + (tenths - lowest), return_index=True, return_inverse=True)
    start = quote(f',{{"kind":"attribute","name":{_json(name)},"value":')
    points = quote(',"points":')
    around: dict[int, tuple[str, str]] = {}
    texts: list[str] = []
    for row, key, tenth in zip(first.tolist(), said[first].tolist(), tenths[first].tolist(), strict=True):
        if key not in around:
            value = values[row]
            after = f',"text":{_json(attribute_text(name, value, float(gains[row])))}}}'
            around[key] = f"{start}{quote(_json(value_document(value)))}{points}", quote(after)
        before, after = around[key]
        texts.append(f"{before}{tenth / 10!r}{after}")
    return np.array(texts, dtype=object)[place]


def _rule(rule: Fired, tenths: Tenths, quote: Callable[[str], str]) -> Iterator[str]:
    """A rule's reason for each lead, blank where it gives nothing."""

    def written(tenth: int) -> str:
        return quote("," + _reason("rule", rule.name, tenth, rule.because)) if tenth else ""

    return iter(memo_of(written, tenths.tolist()))


def _limit(limit: Floats, tenths: Tenths, quote: Callable[[str], str]) -> Iterator[str]:
    """What the limits of the score took or gave, for each lead, blank where that is nothing."""
    for points, tenth in zip(limit.tolist(), tenths.tolist(), strict=True):
        text = f"score stops at {100 if points < 0 else 0}"
        yield quote("," + _reason("limit", "score", tenth, text)) if tenth else ""


def _reason(kind: str, name: str, tenths: int, text: str) -> str:
    return _json({"kind": kind, "name": name, "value": None, "points": tenths / 10, "text": text})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
