"""The analyst's doors: versions listed, shown, promoted and taken back."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from threading import Event
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from api import serving
from api.model_documents import MODELS, SERVING, WHOLE_MODEL
from models.version import ModelVersion
from scoring.scorecard import NumberFeature, appraise
from store.database import Database
from store.models import add_version, promote
from store.tables import model_versions
from tests.api.builders import NOW, House, model
from tests.builders import facts

FIRST, SECOND = "2026-03-01.1", "2026-11-24.1"
FLIPS = 20
OF_NAME = select(model_versions.c.document).where(model_versions.c.name == bindparam("of"))
WEBINAR: Mapping[str, Any] = {"source": "webinar", "employees": 40}


def reading(name: str, attribute: str) -> ModelVersion:
    """A version that also reads an attribute."""
    made = model(name)
    also = NumberFeature(name=attribute, edges=(), values=(0.1, 0.0))
    return replace(made, scorecard=replace(made.scorecard, features=(*made.scorecard.features, also)))


def keep(house: House, *versions: ModelVersion) -> None:
    """Keeps versions as candidates."""
    with house.database.begin() as tx:
        for each in versions:
            add_version(tx, each)


def age(database: Database, name: str) -> None:
    """Lets a version be one that an older Leadline kept."""
    with database.begin() as tx:
        document = dict(tx.execute(OF_NAME, {"of": name}).scalar_one())
        del document["by"]
        tx.execute(update(model_versions).where(model_versions.c.name == name).values(document=document))


def test_versions_are_listed_newest_first(each_house: House) -> None:
    keep(each_house, replace(model(SECOND), created_at=NOW + timedelta(hours=1), by="Ada", parent=FIRST))

    answer = each_house.get("/v1/models", kind="analyst").json

    assert MODELS.validate(answer) == {}
    assert [(each["version"], each["state"], each["by"], each["parent"]) for each in answer["models"]] == [
        (SECOND, "candidate", "Ada", FIRST),
        (FIRST, "champion", "unknown", None),
    ]


def test_a_version_that_another_leadline_kept_is_listed_with_its_remedy_and_keeps_no_other_back(
    each_house: House,
) -> None:
    keep(each_house, model(SECOND))
    age(each_house.database, SECOND)

    answer = each_house.get("/v1/models", kind="analyst").json
    alone = [
        each_house.get(f"/v1/models/{SECOND}", kind="analyst"),
        each_house.post(f"/v1/models/{SECOND}/promote", {"force": True, "because": "why not"}, kind="analyst"),
    ]

    assert MODELS.validate(answer) == {}
    assert {each["version"]: (each["rows"], (each["problem"] or "")[-54:]) for each in answer["models"]} == {
        SECOND: (None, "eadline train`, then `leadline models promote VERSION`"),
        FIRST: (1000, ""),
    }
    assert [(each.status_code, SECOND in each.json["detail"]) for each in alone] == [(409, True)] * 2


def test_a_version_is_shown_with_its_card_and_promotions(each_house: House) -> None:
    answer = each_house.get(f"/v1/models/{FIRST}", kind="analyst").json

    assert WHOLE_MODEL.validate(answer) == {}
    assert (answer["card"]["rows"], [each["because"] for each in answer["promotions"]]) == (1000, ["test"])


def test_a_promoted_version_serves_within_two_seconds(each_house: House) -> None:
    keep(each_house, model(SECOND))

    answer = each_house.post(f"/v1/models/{SECOND}/promote", {"because": "newer"}, kind="analyst")
    again = each_house.get(f"/v1/models/{SECOND}", kind="analyst").json

    assert (answer.status_code, SERVING.validate(answer.json)) == (200, {})
    assert (answer.json["before"], again["state"], again["promotions"][0]["by"]) == (FIRST, "champion", "test")


def test_a_version_that_reads_what_leads_cannot_bring_is_refused(each_house: House) -> None:
    keep(each_house, reading(SECOND, "shoe_size"))

    refused = each_house.post(f"/v1/models/{SECOND}/promote", {}, kind="analyst")

    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert refused.json["errors"] == [
        {
            "field": "",
            "message": "the playbook in force does not declare 'shoe_size', which the model reads; "
            "add it under attributes, as {type: number}",
        }
    ]
    assert each_house.get(f"/v1/models/{FIRST}", kind="analyst").json["state"] == "champion"


def test_force_overrules_with_a_reason_alone(each_house: House) -> None:
    keep(each_house, reading(SECOND, "shoe_size"))
    path = f"/v1/models/{SECOND}/promote"

    silent = each_house.post(path, {"force": True}, kind="analyst")
    forced = each_house.post(path, {"force": True, "because": "declared tomorrow"}, kind="analyst")

    assert (silent.status_code, silent.json["errors"][0]["field"]) == (422, "because")
    assert (forced.status_code, len(forced.json["overruled"])) == (200, 1)


def test_a_rollback_makes_the_version_before_serve(each_house: House) -> None:
    keep(each_house, model(SECOND))
    each_house.post(f"/v1/models/{SECOND}/promote", {}, kind="analyst")

    back = each_house.post("/v1/models/rollback", {"because": "worse"}, kind="analyst")
    further = each_house.post("/v1/models/rollback", {}, kind="analyst")

    assert (back.json["version"], back.json["before"], further.status_code) == (FIRST, SECOND, 409)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/models/1.0/promote", {}, 404),
        ("/v1/models/1.0/promote", {"forse": True}, 422),
        ("/v1/models/1.0/promote", {"force": "yes"}, 422),
        ("/v1/models/1.0/promote", [], 422),
        ("/v1/models/rollback", {"because": 7}, 422),
        ("/v1/models/%00/promote", {}, 404),
    ],
)
def test_what_cannot_be_done_is_a_problem(each_house: House, path: str, body: object, status: int) -> None:
    assert each_house.post(path, body, kind="analyst").status_code == status


@pytest.mark.parametrize("kind", ["crm", "form", "ops"])
def test_models_are_the_analyst_s(house: House, kind: str) -> None:
    assert house.get("/v1/models", kind=kind).status_code == 403


def test_each_decision_is_of_one_version_while_promotions_flip(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Probability and fit are what the version that the decision names says, whatever is promoted meanwhile."""
    first, second = model(FIRST).scorecard, replace(model(SECOND).scorecard, intercept=0.5)
    keep(each_house, replace(model(SECOND), scorecard=second))
    monkeypatch.setattr(serving, "LOOK_EVERY", 0.0)
    said = {each.version: appraise(each, facts(**WEBINAR, email_kind="company")) for each in (first, second)}
    expected = {(name, appraisal.probability, appraisal.fit) for name, appraisal in said.items()}
    decided: set[tuple[str, float, float]] = set()
    flipped = Event()

    def post(number: int) -> None:
        while not flipped.is_set():
            sent = {"email": f"ann@a{number}.example", "source": "webinar", "attributes": {"employees": 40}}
            answer = each_house.post("/v1/leads", sent).json
            decided.add((answer["model"], answer["probability"], answer["fit"]))

    with ThreadPoolExecutor(3) as senders:
        sent = [senders.submit(post, number) for number in range(3)]
        for flips, name in enumerate(cycle((SECOND, FIRST))):
            with each_house.database.begin() as tx:
                promote(tx, name, by="test", because="flip", now=NOW)
            if (flips >= FLIPS and len(decided) > 1) or any(each.done() for each in sent):
                break
        flipped.set()
        for each in sent:
            each.result()

    assert decided == expected
