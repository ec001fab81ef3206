"""A candidate scores live decisions in silence."""

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select

from api import shadowing
from api.shadowing import BATCH, differing, shadow_once
from api.worker.figures import WorkFigures
from api.worker.shadowing import shadow_forever
from routing.decide import decide
from store.errors import ConflictError, UnknownVersionError
from store.models import add_version, promote, version
from store.shadow import end_shadow, keep_shadow_scores, left_for, running_shadow, start_shadow
from store.tables import decisions, model_versions, shadow_scores
from tests.api.builders import COLD, HOT, House, Run, model, printed

FIRST, SECOND = "2026-03-01.1", "2026-11-24.1"


def keep_candidate(house: House, intercept: float) -> None:
    """Keeps a candidate that differs by its intercept, and lets it score in silence."""
    made = model(SECOND)
    with house.database.begin() as tx:
        add_version(tx, replace(made, scorecard=replace(made.scorecard, intercept=intercept)))
        start_shadow(tx, SECOND, by="test", now=house.clock())


def rows(house: House) -> list[Any]:
    """What the shadow said, in the order of the decisions."""
    with house.database.read() as tx:
        return list(tx.execute(select(shadow_scores).order_by(shadow_scores.c.decision_id)))


def test_a_shadow_says_what_it_would_have_decided(each_house: House) -> None:
    """With what the lead had done by then, though it has done more since."""
    before = each_house.post("/v1/leads", COLD).json
    each_house.clock.forward(timedelta(minutes=1))
    keep_candidate(each_house, 1.0)
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    each_house.clock.forward(timedelta(hours=1))
    each_house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"})

    said = shadow_once(each_house.database)

    with each_house.database.read() as tx:
        made = [row for row in tx.execute(select(decisions).order_by(decisions.c.id)) if row.id != before["id"]]
    assert [each.decision_id for each in said] == [row.id for row in made]
    kept = rows(each_house)
    assert all(each.probability > row.document["probability"] for each, row in zip(kept, made, strict=True))
    assert kept[0].score < kept[1].score


def test_a_shadow_of_the_same_tables_agrees_in_everything(each_house: House) -> None:
    keep_candidate(each_house, -1.0)
    answers = [each_house.post("/v1/leads", each).json for each in (HOT, COLD)]

    shadow_once(each_house.database)

    assert [(row.probability, row.fit, row.score, row.grade, row.qualified) for row in rows(each_house)] == [
        tuple(answer[name] for name in ("probability", "fit", "score", "grade", "qualified")) for answer in answers
    ]


def test_nobody_outside_sees_what_a_shadow_says(house: House) -> None:
    keep_candidate(house, 3.0)
    answer = house.post("/v1/leads", COLD).json
    before = house.get(f"/v1/leads/{answer['lead_id']}").data, house.get(f"/v1/leads/{answer['lead_id']}/timeline").data

    shadow_once(house.database)

    after = house.get(f"/v1/leads/{answer['lead_id']}").data, house.get(f"/v1/leads/{answer['lead_id']}/timeline").data
    assert (answer["model"], before) == (FIRST, after)


def test_each_decision_is_scored_once_though_two_workers_do_it(each_house: House) -> None:
    keep_candidate(each_house, 1.0)
    each_house.post("/v1/leads", HOT)
    with each_house.database.read() as tx:
        shadow = running_shadow(tx)
        assert shadow is not None
        assert len(left_for(tx, shadow, BATCH)) == 1

    said = shadow_once(each_house.database)
    with each_house.database.begin() as tx:
        keep_shadow_scores(tx, SECOND, said)

    assert (len(rows(each_house)), shadow_once(each_house.database)) == (1, ())


def test_a_decision_that_is_kept_late_is_not_missed(house: House) -> None:
    """Its id is older than that of one that has been scored: another server was slower to commit."""
    keep_candidate(house, 1.0)
    late = house.clock.now + timedelta(minutes=1)
    house.clock.forward(timedelta(minutes=5))
    house.post("/v1/leads", HOT)
    shadow_once(house.database)
    house.clock.now = late
    house.post("/v1/leads", COLD)

    assert len(shadow_once(house.database)) == 1


def test_a_fault_of_the_shadow_is_kept_and_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_candidate(house, 1.0)
    for each in (COLD, HOT):
        house.post("/v1/leads", each)

    def failing(lead: Any, *rest: Any) -> Any:
        if lead.email == COLD["email"]:
            raise ZeroDivisionError("no good")
        return decide(lead, *rest)

    monkeypatch.setattr(shadowing, "decide", failing)
    shadow_once(house.database)

    assert [row.error for row in rows(house)] == ["ZeroDivisionError: no good", None]
    with house.database.read() as tx:
        found = differing(tx, version(tx, SECOND), version(tx, FIRST))
    assert found is not None
    assert (found.failed, found.said.decisions) == (1, 1)


def test_a_shadow_that_cannot_be_read_stops_itself_alone(house: House) -> None:
    keep_candidate(house, 1.0)
    house.post("/v1/leads", HOT)
    with house.database.begin() as tx:
        mine = model_versions.c.name == SECOND
        tx.execute(model_versions.update().where(mine).values(document={"format": 1}))
    registry, stopping = CollectorRegistry(), Event()
    loop = Thread(target=shadow_forever, args=(house.database, WorkFigures(registry), stopping))
    loop.start()
    while not registry.get_sample_value("leadline_shadow_decisions_total", {"outcome": "stopped"}):
        assert loop.is_alive()
    stopping.set()
    loop.join()

    assert house.post("/v1/leads", COLD).status_code == 201


def test_one_shadow_at_a_time_and_none_that_serves(each_house: House) -> None:
    keep_candidate(each_house, 1.0)
    with each_house.database.begin() as tx:
        add_version(tx, model("2026-11-24.2"))
        start_shadow(tx, "2026-11-24.2", by="test", now=each_house.clock())
        running = running_shadow(tx)
        with pytest.raises(ConflictError, match="serves"):
            start_shadow(tx, FIRST, by="test", now=each_house.clock())
        with pytest.raises(UnknownVersionError):
            start_shadow(tx, "1.0", by="test", now=each_house.clock())

        assert running is not None
        assert (running.name, end_shadow(tx, each_house.clock()), running_shadow(tx)) == (
            "2026-11-24.2",
            "2026-11-24.2",
            None,
        )


def test_a_shadow_that_is_promoted_is_one_no_more(each_house: House) -> None:
    keep_candidate(each_house, 1.0)
    with each_house.database.begin() as tx:
        promote(tx, SECOND, by="test", because="good", now=each_house.clock())

        assert running_shadow(tx) is None


def test_what_shadows_said_outlives_a_person(each_house: House) -> None:
    """It is tied to no decision, and says nothing of whose it was."""
    keep_candidate(each_house, 1.0)
    each_house.post("/v1/leads", HOT)
    shadow_once(each_house.database)

    assert not any(key.column.table.name == "decisions" for key in shadow_scores.foreign_keys)
    with each_house.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(shadow_scores)).scalar_one() == 1


def test_a_comparison_shows_where_they_differ(run: Run, house: House) -> None:
    keep_candidate(house, 3.0)
    for number in range(12):
        house.post("/v1/leads", {**COLD, "email": f"bob@c{number}.example", "attributes": {"employees": number * 50}})
    shadow_once(house.database)

    said = printed(run("models", "compare", FIRST, SECOND, "--json"))["shadow"]
    shown = run("models", "compare", SECOND, FIRST).stdout

    assert (said["serving"], said["shadow"], said["decisions"], said["failed"]) == (FIRST, SECOND, 12, 0)
    assert said["qualified_by_shadow_alone"] > 0 == said["qualified_by_serving_alone"]
    assert (len(said["largest"]), len(said["largest"][0]["attributes"])) == (10, 3)
    assert "@" not in shown
    assert f"In silence beside {FIRST}, {SECOND} saw 12 of its decisions" in shown


def test_a_shadow_is_started_and_ended_by_its_verb(run: Run, house: House) -> None:
    with house.database.begin() as tx:
        add_version(tx, model(SECOND))

    assert run("models", "shadow").output == "No version scores in silence.\n"
    assert run("models", "shadow", SECOND).output.startswith(f"Model {SECOND} scores in silence since ")
    assert printed(run("models", "shadow", "--json"))["shadow"] == SECOND
    assert run("models", "shadow", SECOND, "--off").exit_code == 2
    assert run("models", "shadow", "--off").output == "No version scores in silence.\n"
