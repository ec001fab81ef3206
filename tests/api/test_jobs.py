"""Jobs: their doors, and real workers that do them, die at them and take them over."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from api.job_documents import JOB, JOBS, NO_WORKER, SEARCHES
from api.rescoring import rescore
from api.serving import read_served
from api.worker.nights import begin_night, last_night
from store.jobs import add_job, begin_job, find_job, queued_jobs, tell_progress
from store.models import list_versions
from tests.api.builders import COLD, HOT, NOW, Answered, House, Run, printed
from tests.api.test_worker import working
from tests.api.waiting import until
from training.sample import sample_csv, sample_rows
from training.search import Search

CSV = sample_csv(sample_rows(800, 1))
NOWHERE = "019ac0de-0000-7000-8000-000000000000"


def train(house: House, **fields: str) -> Answered:
    """Asks for training on a file."""
    data: dict[str, Any] = {"file": (io.BytesIO(CSV.encode()), "leads.csv"), **fields}
    return house.client.post("/v1/models/train", data=data, headers=house.bearer("analyst"))


def seen(house: House, job_id: str) -> dict[str, Any]:
    """The job as its door shows it."""
    found: dict[str, Any] = house.get(f"/v1/jobs/{job_id}", kind="analyst").json
    return found


def test_training_on_a_file_survives_the_death_of_its_worker(each_house: House, tmp_path: Path) -> None:
    """Another worker that lives takes it over; there is one version in the end."""
    job = train(each_house, label="converted", search="none").json
    with working(each_house, tmp_path) as first:
        until(lambda: seen(each_house, job["id"])["progress"] > 0)
        with working(each_house, tmp_path):
            first.kill()
            until(lambda: seen(each_house, job["id"])["ended_at"] is not None)

    ended = seen(each_house, job["id"])
    with each_house.database.read() as tx:
        versions = [each.name for each in list_versions(tx) if each.state == "candidate"]
    assert (ended["state"], ended["progress"], ended["error"]) == ("done", 1.0, None)
    assert versions == [ended["result"]["version"]]


def test_a_job_that_runs_is_cancelled_and_one_that_cannot_be_done_says_why(house: House, tmp_path: Path) -> None:
    cancelled = train(house, label="converted", search="thorough").json
    failing = train(house, label="convertible").json

    with working(house, tmp_path):
        until(lambda: seen(house, cancelled["id"])["state"] == "running")
        answer = house.post(f"/v1/jobs/{cancelled['id']}/cancel", None, kind="analyst")
        until(lambda: seen(house, failing["id"])["ended_at"] is not None)

    failed = seen(house, failing["id"])
    assert (answer.status_code, JOB.validate(answer.json)) == (202, {})
    assert seen(house, cancelled["id"])["state"] == "cancelled"
    assert (failed["state"], "convertible" in failed["error"]) == ("failed", True)
    assert house.post(f"/v1/jobs/{failing['id']}/cancel", None, kind="analyst").status_code == 409


def test_training_is_asked_for_and_watched(house: House) -> None:
    answer = house.post("/v1/models/train", {"drop": ["title"]}, kind="analyst")
    listed = house.get("/v1/jobs?limit=1", kind="ops").json

    assert (answer.status_code, answer.json["state"], answer.json["kind"]) == (202, "queued", "train")
    assert house.get(answer.headers["Location"], kind="ops").json == answer.json
    assert JOBS.validate(listed) == {}
    shown = {name: value for name, value in answer.json.items() if name not in ("params", "result")}
    assert (listed["jobs"], listed["cursor"]) == ([shown], None)


def test_a_job_whose_worker_died_says_that_none_runs(house: House) -> None:
    job = house.post("/v1/models/train", {}, kind="analyst").json
    with house.database.begin() as tx:
        begin_job(tx, job["id"], NOW)
        told = find_job(tx, job["id"])
        tell_progress(tx, told, 0.4, "fitting")

    shown, listed = seen(house, job["id"]), house.get("/v1/jobs", kind="ops").json["jobs"][0]

    assert [(each["state"], each["progress"], each["doing"]) for each in (shown, listed)] == [
        ("running", 0.4, NO_WORKER)
    ] * 2


def test_the_searches_to_choose_from_are_those_that_there_are() -> None:
    assert get_args(Search) == SEARCHES


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"label": "won"}, "label"),
        ({"search": "wide"}, "search"),
        ({"drop": "title"}, "drop"),
        ({"seed": -1}, "seed"),
        ({"mature_days": "soon"}, "mature_days"),
        ({"labels": "won"}, "labels"),
    ],
)
def test_training_that_makes_no_sense_is_refused(house: House, sent: dict[str, object], field: str) -> None:
    answer = house.post("/v1/models/train", sent, kind="analyst")

    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])


def test_a_file_needs_a_label_and_a_name_that_says_its_kind(house: House) -> None:
    data = {"file": (io.BytesIO(b"x"), "leads.xlsx")}
    answer = house.client.post("/v1/models/train", data=data, headers=house.bearer("analyst"))

    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, ["label", "file"])


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        (f"/v1/jobs/{NOWHERE}", "analyst", 404),
        ("/v1/jobs/%00", "analyst", 404),
        ("/v1/jobs?limit=many", "ops", 422),
        ("/v1/jobs", "crm", 403),
    ],
)
def test_what_is_not_there_is_a_clear_answer(each_house: House, path: str, kind: str, status: int) -> None:
    assert each_house.get(path, kind=kind).status_code == status


def test_leads_are_scored_again_and_only_what_changed_is_kept(house: House) -> None:
    """What a lead did a year ago counts for nothing now; a lead that did nothing stays as it is."""
    hot, cold = (house.post("/v1/leads", lead).json["lead_id"] for lead in (HOT, COLD))
    activity = {"kind": "demo_request", "at": NOW.replace(year=NOW.year - 1).isoformat()}
    fresh = {"kind": "demo_request", "at": NOW.isoformat()}
    before = house.post(f"/v1/leads/{cold}/activities", [activity, fresh]).json
    with house.database.begin() as tx:
        served = read_served(tx)
        turns = [begin_job(tx, add_job(tx, "rescore", asked_by="test", now=NOW).id, NOW) for _ in range(2)]

    first, second = (rescore(house.database, served, turn) for turn in turns if turn)

    now = house.get(f"/v1/leads/{cold}").json["decision"]
    assert (first["seen"], second) == (2, {"seen": 2, "changed": 0, "handed_out": 0})
    assert now["engagement"] <= before["engagement"]
    assert house.get(f"/v1/leads/{hot}").json["state"] == "assigned"


def test_jobs_are_watched_at_the_command_line_as_well(run: Run, home: Path) -> None:
    asked = printed(run("jobs", "rescore", "--json"))

    assert [each["id"] for each in printed(run("jobs", "list", "--json"))] == [asked["id"]]
    assert printed(run("jobs", "cancel", asked["id"], "--json"))["state"] == "cancelled"
    assert "cancelled" in run("jobs", "show", asked["id"]).output
    assert "is cancelled already" in run("jobs", "cancel", asked["id"]).output


def test_a_night_that_was_missed_is_made_up_for_once_and_only_the_last_one(house: House) -> None:
    """Whoever was down from Friday to Monday morning scores all leads again on Monday."""
    last = NOW.replace(hour=2, minute=0)
    with house.database.begin() as tx:
        for night in (last - timedelta(days=2), last - timedelta(days=1), last, last):
            begin_night(tx, night, NOW)
        waiting = queued_jobs(tx)

    assert [(job.kind, job.key) for job in waiting] == [("rescore", f"rescore {last:%Y-%m-%d}")]


@pytest.mark.parametrize(("hour", "days"), [(1, 1), (2, 0), (3, 0)])
def test_the_last_night_began_at_two(hour: int, days: int) -> None:
    now = NOW.replace(hour=hour, minute=0)

    assert last_night(now) == now.replace(hour=2) - timedelta(days=days)
