"""Imports as jobs: their doors, and real workers that do them and die at them."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api.job_documents import JOB
from api.jobs.desk import Desk
from api.jobs.kinds import perform
from api.settings import Settings
from store.jobs import begin_job
from store.rejects import KEPT_FOR, forget_rejects
from store.tables import leads, submissions
from tests.api.builders import NOW, Answered, House, Run, printed
from tests.api.test_jobs import seen
from tests.api.test_worker import working
from tests.api.waiting import until

HEADER = "email,country,employees\n"
FEW = HEADER + "ann@big.example,DE,4000\n,NO,5\nbob@mailinator.com,DE,1,bob\n"


def sent(house: House, text: str, kind: str = "crm", media: str = "text/csv", **headers: str) -> Answered:
    """What the door says of a file."""
    headers = {**house.bearer(kind), "Content-Type": media, **headers}
    return house.client.post("/v1/leads/import", data=text.encode(), headers=headers)


def many(count: int) -> str:
    """A file of so many leads, with a row that holds none behind each hundredth."""
    rows = (f"ann@big{n}.example,DE,{n}\n" + (",NO,\n" if n % 100 == 0 else "") for n in range(1, count + 1))
    return HEADER + "".join(rows)


def done(house: House, job_id: str, home: Path) -> Any:
    """What comes of a job, done here and now."""
    url = house.database.engine.url.render_as_string(hide_password=False)
    with house.database.begin() as tx:
        turn = begin_job(tx, job_id, NOW)
    assert turn is not None
    perform(Desk(settings=Settings(home=home, database_url=url), database=house.database, job=turn))
    return house.get(f"/v1/jobs/{job_id}").json["result"]


def kept(house: House) -> tuple[int, int]:
    """How many leads and submissions are kept."""
    with house.database.read() as tx:
        return tx.execute(
            select(
                select(func.count()).select_from(leads).scalar_subquery(),
                select(func.count()).select_from(submissions).scalar_subquery(),
            )
        ).one()


def erase(house: House, email: str) -> None:
    """Erases the person of an address."""
    with house.database.read() as tx:
        lead_id = tx.execute(select(leads.c.id).where(leads.c.email == email)).scalar_one()
    assert house.client.delete(f"/v1/leads/{lead_id}", headers=house.bearer("admin")).status_code == 204


def known(house: House, email: str) -> bool:
    """Whether somebody of an address is known."""
    with house.database.read() as tx:
        return tx.execute(select(leads.c.id).where(leads.c.email == email)).one_or_none() is not None


def test_an_import_survives_the_death_of_its_worker(each_house: House, tmp_path: Path) -> None:
    """Another that starts in its slot goes on where it was; no row is lost or doubled.

    Who is erased meanwhile does not come back by a later row.
    """
    job = sent(each_house, many(1_000) + "ann@big1.example,DE,1\n").json["id"]
    with working(each_house, tmp_path) as first:
        until(lambda: seen(each_house, job)["progress"] > 0)
        first.kill()
        first.wait()
    halfway = seen(each_house, job)["result"]["leads"]
    erase(each_house, "ann@big1.example")
    with working(each_house, tmp_path):
        until(lambda: seen(each_house, job)["ended_at"] is not None)

    ended = seen(each_house, job)
    rejects = each_house.get(f"/v1/jobs/{job}/rejects").text.splitlines()
    assert 0 < halfway < 1_000
    assert [ended["state"], *(ended["result"][name] for name in ("leads", "rejected", "erased"))] == [
        *("done", 1_000, 10, 1)
    ]
    assert (kept(each_house), len(rejects), known(each_house, "ann@big1.example")) == ((1_000, 1_000), 11, False)


def test_who_is_erased_is_left_out_of_a_file_that_waits_and_comes_by_one_sent_later(
    each_house: House, tmp_path: Path
) -> None:
    """Nor do rejected rows name them."""
    for email in ("ann@big.example", "bob@mailinator.com"):
        each_house.post("/v1/leads", {"email": email})
    waiting = sent(each_house, FEW).json["id"]
    for email in ("ann@big.example", "bob@mailinator.com"):
        erase(each_house, email)
    later = sent(each_house, FEW).json["id"]

    results = [done(each_house, waiting, tmp_path)]
    gone, rejects = known(each_house, "ann@big.example"), each_house.get(f"/v1/jobs/{waiting}/rejects").text
    results.append(done(each_house, later, tmp_path))

    assert [(each["leads"], each["rejected"], each["erased"]) for each in results] == [(0, 2, 1), (1, 2, 0)]
    assert (gone, known(each_house, "ann@big.example")) == (False, True)
    assert ("bob@" in rejects, len(rejects.splitlines())) == (False, 2)
    assert "bob@" in each_house.get(f"/v1/jobs/{later}/rejects").text


def test_what_is_imported_and_rejected_is_told(each_house: House, tmp_path: Path) -> None:
    asked = sent(each_house, FEW)

    result = done(each_house, asked.json["id"], tmp_path)

    told = list(csv.reader(io.StringIO(each_house.get(f"/v1/jobs/{asked.json['id']}/rejects").text)))
    assert (asked.status_code, JOB.validate(asked.json)) == (202, {})
    assert result == {"leads": 1, "routed": 1, "unread": 0, "rejected": 2, "erased": 0}
    assert told[0] == ["line", "problem", "email", "country", "employees"]
    assert [(line, cells) for line, _, *cells in told[1:]] == [
        ("3", ["", "NO", "5"]),
        ("4", ["bob@mailinator.com", "DE", "1", "bob"]),
    ]


def test_a_file_is_taken_in_once_under_an_idempotency_key(house: House) -> None:
    texts = (FEW, FEW, HEADER + "a@b.example,,")
    first, again, other = (sent(house, text, **{"Idempotency-Key": "k"}) for text in texts)

    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert again.json == first.json


@pytest.mark.parametrize(
    ("text", "media", "status"),
    [
        ("", "text/csv", 422),
        ("Email,country\na@b.example,DE\n", "text/csv", 422),
        ("[]", "application/x-ndjson", 422),
        ("no parquet", "application/vnd.apache.parquet", 422),
        (FEW, "text/html", 415),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(house: House, text: str, media: str, status: int) -> None:
    assert sent(house, text, media=media).status_code == status
    assert house.get("/v1/jobs", kind="ops").json["jobs"] == []


def test_a_crm_sees_its_imports_and_no_other_job(house: House) -> None:
    imported, diff = sent(house, FEW).json["id"], house.post("/v1/models/train", {}, kind="analyst").json["id"]

    assert [house.get(f"/v1/jobs/{job}").status_code for job in (imported, diff)] == [200, 404]
    assert house.post(f"/v1/jobs/{diff}/cancel", None).status_code == 404
    assert house.get(f"/v1/jobs/{diff}/rejects", kind="ops").status_code == 404


def test_rejects_go_with_a_person_and_with_time(each_house: House, tmp_path: Path) -> None:
    """Bob's row was not taken in, and he came otherwise."""
    job = sent(each_house, FEW).json["id"]
    done(each_house, job, tmp_path)
    bob = each_house.post("/v1/leads", {"email": "bob@mailinator.com"}).json["lead_id"]

    each_house.client.delete(f"/v1/leads/{bob}", headers=each_house.bearer("admin"))

    left = each_house.get(f"/v1/jobs/{job}/rejects").text
    with each_house.database.begin() as tx:
        forgotten = forget_rejects(tx, NOW.replace(year=NOW.year + 1) + KEPT_FOR)
    assert ("bob@" in left, len(left.splitlines()), forgotten) == (False, 2, 1)


def test_a_file_is_handed_to_a_worker_at_the_command_line(run: Run, home: Path) -> None:
    (home / "old.csv").write_text(FEW)

    job = printed(run("leads", "import", home / "old.csv", "--background", "--json"))

    assert (job["kind"], job["state"]) == ("import", "queued")
    assert run("jobs", "rejects", job["id"]).output == "line,problem,email,country,employees\n"
    assert run("leads", "import", home / "old.csv", "--wait").exit_code == 2
