"""Leads, facts and a scorecard made by hand, for the tests of every room."""

from datetime import UTC, datetime
from typing import Any

from scoring.facts import Facts
from scoring.lead import Lead, Value
from scoring.scorecard import Calibration, CategoryFeature, NumberFeature, PairTable, Scorecard

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def lead(**over: Any) -> Lead:
    """Ann of a company in Germany, a minute before NOW, with the given fields instead."""
    given: dict[str, Any] = {
        "created_at": datetime(2026, 3, 6, 11, 59, tzinfo=UTC),
        "email": "ann@big.example",
        "country": "DE",
    }
    return Lead(**{**given, **over})


def facts(**values: Value) -> Facts:
    """Facts with these values and nothing else."""
    return Facts(values=values)


def scorecard(**over: Any) -> Scorecard:
    """A small model: employees (-1 to 2), source (-0.5 to 1), e-mail kind (-1 to 0.25) and one pair.

    An average lead has log-odds -1; the population's log-odds lie evenly from -4 to 2.
    """
    given: dict[str, Any] = {
        "version": "2026-03-01.1",
        "intercept": -1.0,
        "features": (
            NumberFeature(name="employees", edges=(10.0, 100.0, 1000.0), values=(-1.0, 0.0, 0.5, 2.0, -0.25)),
            CategoryFeature(
                name="source",
                levels=("demo_request", "webinar"),
                grouped=("Flyer", "Radio"),
                unseen=2,
                values=(1.0, 0.25, -0.5, 0.0),
            ),
            CategoryFeature(
                name="email_kind",
                levels=("company", "free", "disposable"),
                grouped=(),
                unseen=3,
                values=(0.25, -0.25, -1.0, 0.0),
            ),
        ),
        "pairs": (
            PairTable(
                first=0,
                second=1,
                rows=(0, 0, 0, 1, 0),
                columns=(0, 1, 1, 1),
                values=(-0.25, 0.0, 0.5, 0.0),
            ),
        ),
        "calibration": Calibration(kind="sigmoid", slope=1.0, offset=0.0),
        "reference": tuple(-4.0 + 0.06 * step for step in range(101)),
    }
    return Scorecard(**{**given, **over})
