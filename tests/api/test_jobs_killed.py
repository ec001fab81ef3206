"""Jobs whose worker is killed in the midst of them, and an import that is cancelled there."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from store.jobs import add_job
from store.tables import decisions, leads
from tests.api.builders import NOW, House
from tests.api.test_jobs import seen
from tests.api.test_jobs_diff import arrived, asked
from tests.api.test_jobs_diff import done as done_here
from tests.api.test_jobs_import import kept, many, sent
from tests.api.test_worker import SECONDS, url_of, working
from tests.api.waiting import until
from tests.databases import hang_up

KNOWN, ROWS = 60, 400


def ended(house: House, jobs: Sequence[str]) -> bool:
    """Whether all of the jobs have ended."""
    return all(seen(house, job)["ended_at"] is not None for job in jobs)


def stale(house: House) -> list[str]:
    """The ids of leads whose score has come to be wrong."""
    ids = arrived(house, *(f"known{number}" for number in range(KNOWN)))
    with house.database.begin() as tx:
        tx.execute(update(leads).values(score=1.0))
    return ids


def decided(house: House, ids: Sequence[str]) -> int:
    """How many decisions were taken about the leads."""
    about = decisions.c.lead_id.in_(ids)
    with house.database.read() as tx:
        return tx.execute(select(func.count()).select_from(decisions).where(about)).scalar_one()


def put_down(home: Path) -> list[Path]:
    """What processes have put down for as long as they need it: the file of an import among it."""
    return list((home / "scratch").iterdir())


def test_another_worker_that_lives_takes_over_all_that_a_dead_one_had_begun(each_house: House, tmp_path: Path) -> None:
    """It comes to what an undisturbed run comes to, and nothing is done twice."""
    ids = stale(each_house)
    alone, diff = (asked(each_house, "?background=true").json["id"] for _ in range(2))
    undisturbed = done_here(each_house, alone, tmp_path)
    taken_in = sent(each_house, many(ROWS)).json["id"]
    with each_house.database.begin() as tx:
        rescored = add_job(tx, "rescore", asked_by="test", now=NOW).id

    with working(each_house, tmp_path) as first:
        until(lambda: all(seen(each_house, job)["progress"] > 0 for job in (taken_in, rescored)))
        with working(each_house, tmp_path):
            first.kill()
            first.wait()
            halfway = seen(each_house, taken_in)["progress"]
            until(lambda: ended(each_house, (diff, taken_in, rescored)) and not put_down(tmp_path))

    results = [seen(each_house, job)["result"] for job in (diff, taken_in, rescored)]
    assert 0 < halfway < 1
    assert results[0] == undisturbed
    assert (results[1]["leads"], results[1]["rejected"]) == (ROWS, ROWS // 100)
    assert kept(each_house) == (KNOWN + ROWS, KNOWN + ROWS)
    assert (results[2]["changed"], results[2]["handed_out"], decided(each_house, ids)) == (KNOWN, 0, 2 * KNOWN)


def test_an_import_that_is_cancelled_keeps_what_is_in_and_says_how_much(house: House, tmp_path: Path) -> None:
    job = sent(house, many(ROWS)).json["id"]
    with working(house, tmp_path):
        until(lambda: seen(house, job)["progress"] > 0)
        house.post(f"/v1/jobs/{job}/cancel", None)
        until(lambda: ended(house, [job]) and not put_down(tmp_path))

    cancelled = seen(house, job)
    rejects = house.get(f"/v1/jobs/{job}/rejects").text.splitlines()[1:]
    count = cancelled["result"]["leads"]
    assert (cancelled["state"], 0 < count < ROWS) == ("cancelled", True)
    assert (kept(house), len(rejects)) == ((count, count), cancelled["result"]["rejected"])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_import_goes_on_once_the_database_is_back(each_house: House, tmp_path: Path) -> None:
    job = sent(each_house, many(ROWS)).json["id"]
    with working(each_house, tmp_path):
        until(lambda: seen(each_house, job)["progress"] > 0)
        hang_up(url_of(each_house))
        until(lambda: ended(each_house, [job]))

    done = seen(each_house, job)
    assert (done["state"], done["error"], kept(each_house)) == ("done", None, (ROWS, ROWS))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_that_is_told_to_stop_puts_its_job_back_and_its_turn_is_over(
    each_house: House, tmp_path: Path
) -> None:
    job = sent(each_house, many(ROWS)).json["id"]
    with working(each_house, tmp_path) as process:
        until(lambda: seen(each_house, job)["progress"] > 0)
        process.terminate()
        _, said = process.communicate(timeout=SECONDS)

    assert (seen(each_house, job)["state"], said.decode()) == ("queued", "The worker has stopped.\n")
