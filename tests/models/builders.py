"""Model versions made by hand."""

from datetime import UTC, datetime
from typing import Any

from models.card import FAMILIES, FITS, METRICS, ColumnCard, Count, Curve, FamilyCard, GroupCard, ModelCard, ReasonCard
from models.version import ModelVersion
from tests.builders import scorecard


def count(leads: int = 100, converted: int = 18, probability: float = 0.2) -> Count:
    """Some leads."""
    return Count(leads=leads, converted=converted, probability=probability)


def curve(leads: int = 1000, converted: int = 180) -> Curve:
    """Leads spread evenly over fit, who convert the better their fit."""
    shares = [(FITS - 1 - fit) / (FITS - 1) for fit in range(FITS)]
    return Curve(
        leads=tuple(round(leads * share) for share in shares),
        converted=tuple(round(converted * share**0.7) for share in shares),
    )


def family(**over: Any) -> FamilyCard:
    """A family's card."""
    given: dict[str, Any] = {
        "setting": "120 trees of 8 leaves",
        "intervals": dict.fromkeys(METRICS, (0.45, 0.55)),
        "tenths": tuple(count(converted=60 - 6 * place) for place in range(10)),
        "bins": tuple(count(converted=6 * place, probability=0.06 * place) for place in range(10)),
    }
    return FamilyCard(**{**given, **over})


def card(**over: Any) -> ModelCard:
    """The card of a small model."""
    given: dict[str, Any] = {
        "rows": 1000,
        "positives": 180,
        "columns": (
            ColumnCard(name="employees", kind="number", levels=0),
            ColumnCard(name="source", kind="category", levels=2),
            ColumnCard(name="email_kind", kind="category", levels=3),
        ),
        "left_out": {"email": "identifies the person"},
        "split": "5 folds, rows with equal attributes on one side",
        "tested": count(leads=1000, converted=180),
        "metrics": {name: dict.fromkeys(METRICS, 0.5) for name in FAMILIES},
        "families": {name: family() for name in FAMILIES},
        "served": "pairwise",
        "monotone": {"employees": "+"},
        "max_difference": 1e-15,
        "tables": 4,
        "leakage": (("Tags", "alone it reaches 0.92"),),
        "notes": ("one column at a time does as well",),
        "warnings": ("few rows",),
        "checksum": "0" * 64,
        "seed": 7,
        "libraries": {"scikit-learn": "1.9.1"},
        "strongest": (("employees", 0.8),),
        "strongest_pairs": (("employees", "source", 0.05),),
        "reasons": (ReasonCard(name="source", value="referral", log_odds=0.9, share=0.3),),
        "curve": curve(),
        "leads_a_month": 250.0,
        "fairness": {"region": (GroupCard(name="north", all=count(), curve=curve(100, 18)),)},
    }
    return ModelCard(**{**given, **over})


def version(name: str = "2026-03-01.1", **over: Any) -> ModelVersion:
    """A candidate with the hand-made scorecard."""
    given: dict[str, Any] = {
        "name": name,
        "state": "candidate",
        "created_at": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        "scorecard": scorecard(version=name),
        "card": card(),
    }
    return ModelVersion(**{**given, **over})
