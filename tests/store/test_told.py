"""The facts of a kept decision, read back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
import pytest

from routing.decide import decide
from routing.document import decision_document
from rules.case import Assumed
from store.lead_json import lead_to_json
from store.told import Told
from tests.builders import NOW, lead
from tests.routing.builders import compiled

BOOK = compiled()
LEADS: list[Mapping[str, Any]] = [
    {"email": "ann@big.example", "source": "demo_request", "attributes": {"employees": "4000", "note": "x"}},
    {
        "email": "bob@gmail.com",
        "title": "VP Sales",
        "country": "NO",
        "message": "Hello",
        "attributes": {"segment": "a"},
    },
    {"phone": "+493012345678", "attributes": {"employees": "many", "seniority": "owner", "grade": "Z"}},
    {"external_id": "7", "created_at": NOW - timedelta(days=400)},
]


@pytest.mark.parametrize("said", LEADS)
@pytest.mark.parametrize("fit", [10.0, 95.0])
def test_they_are_those_that_the_decision_was_taken_by(said: Mapping[str, Any], fit: float) -> None:
    """All together, and each looked at by itself, what is missing included."""
    given = lead(**said)
    decision = decide(given, (), None, BOOK, NOW, assume=Assumed(probability=0.6, fit=fit))
    written, document = (orjson.dumps(each).decode() for each in (lead_to_json(given), decision_document(decision)))

    one_by_one, together = (Told(written, document, BOOK.playbook.attributes) for _ in range(2))

    names = [*decision.facts.values, "nothing", "title", "segment"]
    assert {name: one_by_one.get(name) for name in names} == {name: decision.facts.values.get(name) for name in names}
    assert (dict(together), len(together)) == (dict(decision.facts.values), len(decision.facts.values))
