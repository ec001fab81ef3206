"""A version is judged before it serves."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from api.comparing import compared, compared_on_outcomes, keep_beside
from models.version import ModelError
from store.models import add_version, champion_name, version
from store.tables import model_versions
from tests.api.builders import House, Run, model, printed
from tests.api.rows import keep_rows

FIRST, SECOND = "2026-03-01.1", "2026-11-24.1"
PROMOTE = f"/v1/models/{SECOND}/promote"


def keep(house: House) -> None:
    """Keeps a candidate."""
    with house.database.begin() as tx:
        add_version(tx, model(SECOND))


def test_a_version_that_is_significantly_worse_is_refused(house: House) -> None:
    keep(house)
    keep_rows(house.app.extensions["leadline"].settings.home, {FIRST: 0.1, SECOND: 2.0})

    refused = house.post(PROMOTE, {}, kind="analyst")
    forced = house.post(PROMOTE, {"force": True, "because": "the old one is unfair"}, kind="analyst")

    reasons = [error["message"] for error in refused.json["errors"]]
    assert (refused.status_code, forced.status_code) == (409, 200)
    assert [reason.partition(":")[0] for reason in reasons] == [
        f"ROC-AUC is significantly worse than that of {FIRST}, which serves",
        f"log loss is significantly worse than that of {FIRST}, which serves",
    ]
    assert forced.json["overruled"] == reasons


def test_what_was_found_in_training_judges_where_the_rows_are_not(house: House, tmp_path: Path) -> None:
    keep(house)
    keep_rows(tmp_path / "trainer", {FIRST: 0.1, SECOND: 2.0})
    with house.database.read() as tx:
        candidate = version(tx, SECOND)
        found = compared(tx, tmp_path / "trainer", version(tx, FIRST), candidate)

    keep_beside(house.database, tmp_path / "trainer", FIRST, candidate)

    with house.database.read() as tx:
        assert compared(tx, tmp_path, version(tx, FIRST), candidate) == found
    assert house.post(PROMOTE, {}, kind="analyst").status_code == 409


def test_a_version_that_cannot_be_read_any_more_does_not_stand_in_the_way(house: House) -> None:
    keep(house)
    with house.database.begin() as tx:
        tx.execute(update(model_versions).where(model_versions.c.name == FIRST).values(document={}))

    answer = house.post(PROMOTE, {}, kind="analyst")

    assert answer.status_code == 200
    assert any(f"model {FIRST} was kept by another version of Leadline" in note for note in answer.json["notes"])


def test_nothing_is_kept_of_too_few_rows(house: House, tmp_path: Path) -> None:
    keep(house)
    with house.database.read() as tx:
        candidate = version(tx, SECOND)

    keep_beside(house.database, tmp_path, FIRST, candidate)

    assert house.post(PROMOTE, {}, kind="analyst").status_code == 200


def test_a_version_that_is_better_or_as_good_is_not(house: House) -> None:
    keep(house)
    keep_rows(house.app.extensions["leadline"].settings.home, {FIRST: 0.5, SECOND: 0.5})

    assert house.post(PROMOTE, {}, kind="analyst").json["notes"] == []


def test_where_nothing_can_be_compared_that_is_said(house: House) -> None:
    keep(house)

    [note] = house.post(PROMOTE, {}, kind="analyst").json["notes"]

    assert note.startswith(f"{FIRST} and {SECOND} cannot be compared: the rows that ")
    assert "outcomes came back" in note


def test_a_broken_file_of_rows_does_not_stop_a_promotion(house: House) -> None:
    keep(house)
    keep_rows(house.app.extensions["leadline"].settings.home, {FIRST: 0.5, SECOND: 0.5})
    file = house.app.extensions["leadline"].settings.home / "models" / f"{SECOND}.heldout.jsonl"
    file.write_text("{", encoding="utf-8")

    [note] = house.post(PROMOTE, {}, kind="analyst").json["notes"]

    assert f"{SECOND}.heldout.jsonl:1: is no JSON" in note
    with house.database.read() as tx:
        assert champion_name(tx) == SECOND


def test_outcomes_of_leads_decided_since_both_were_trained_compare_them(each_house: House) -> None:
    keep(each_house)
    each_house.clock.forward(timedelta(hours=1))
    for number in range(45):
        sent = {"email": f"ann@a{number}.example", "source": "demo_request", "attributes": {"employees": 4000}}
        lead_id = each_house.post("/v1/leads", sent).json["lead_id"]
        if number < 44:
            lost = {"outcome": "lost", "reason": "no decision"}
            each_house.post(f"/v1/leads/{lead_id}/outcome", {"outcome": "won"} if number % 2 else lost)

    with each_house.database.read() as tx:
        found = compared_on_outcomes(tx, version(tx, FIRST), version(tx, SECOND))

    assert (found.comparison.rows, found.comparison.positives, found.doubts) == (44, 22, ())


def test_too_few_outcomes_compare_nothing(house: House) -> None:
    keep(house)

    with house.database.read() as tx, pytest.raises(ModelError, match="0 outcomes came back"):
        compared_on_outcomes(tx, version(tx, FIRST), version(tx, SECOND))


def test_versions_are_compared_on_the_rows_kept_with_them(run: Run, house: House, home: Path) -> None:
    keep(house)
    keep_rows(home, {FIRST: 0.1, SECOND: 2.0})

    said = printed(run("models", "compare", FIRST, SECOND, "--json"))
    shown = run("models", "compare", SECOND, FIRST)

    assert (said["rows"], said["metrics"]["roc_auc"]["second_is"], said["doubts"]) == (600, "worse", [])
    assert said["metrics"]["roc_auc"]["interval"][1] < said["metrics"]["roc_auc"]["difference"] / 2 < 0
    assert "600 rows of the data that both were trained on, each unseen" in shown.stdout
    assert "better" in shown.stdout


def test_versions_are_compared_on_a_file(run: Run, house: House, home: Path, tmp_path: Path) -> None:
    keep(house)
    lines = (f"{10 ** (number % 5)},{'webinar' if number % 3 else 'demo_request'},{number % 2}" for number in range(99))
    (tmp_path / "leads.csv").write_text("\n".join(["employees,source,won", *lines]), encoding="utf-8")

    said = printed(run("models", "compare", FIRST, SECOND, "--on", tmp_path / "leads.csv", "--label", "won", "--json"))

    assert (said["rows"], said["positives"], len(said["doubts"])) == (99, 49, 4)
    assert said["doubts"][3] == f"no row has email_kind, which {SECOND} reads: scored as missing"
    assert said["metrics"]["log_loss"]["difference"] == 0.0


@pytest.mark.parametrize(("words", "status"), [(("--label", "won"), 2), (("--outcomes",), 1), ((), 1)])
def test_what_cannot_be_compared_is_a_clear_error(
    run: Run, house: House, home: Path, words: tuple[str, ...], status: int
) -> None:
    keep(house)

    assert run("models", "compare", FIRST, SECOND, *words).exit_code == status
