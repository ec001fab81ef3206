"""Jobs, on both databases."""

from datetime import timedelta

import pytest

from store.database import Database
from store.errors import JobEndedError, LostJobError, UnknownJobError
from store.jobs import (
    Job,
    add_file,
    add_job,
    add_job_once,
    begin_job,
    cancel_job,
    cursor_of,
    drop_job,
    end_job,
    file_of,
    find_job,
    list_jobs,
    params_of,
    put_back,
    queued_jobs,
    running_jobs,
    tell_progress,
    texts_of,
)
from tests.builders import NOW

LATER = NOW + timedelta(minutes=1)


def asked(database: Database) -> Job:
    """A job that was asked for."""
    with database.begin() as tx:
        return add_job(tx, "rescore", asked_by="ops", now=NOW, params={"limit": 7})


def begun(database: Database, job: Job) -> Job:
    """A turn of a job."""
    with database.begin() as tx:
        turn = begin_job(tx, job.id, NOW)
    assert turn is not None
    return turn


def test_a_job_waits_runs_and_ends(database: Database) -> None:
    job = asked(database)
    with database.begin() as tx:
        waiting = queued_jobs(tx)
        turn = begin_job(tx, job.id, NOW)
        assert turn is not None
        running = running_jobs(tx)
        tell_progress(tx, turn, 0.4, "scoring", {"after": "x"}, {"seen": 3})
        halfway, so_far, cursor = find_job(tx, job.id), texts_of(tx, job), cursor_of(tx, job)
        end_job(tx, turn, {"seen": 7}, LATER)
        ended, whole = find_job(tx, job.id), texts_of(tx, job)
        params = params_of(tx, job)

    assert ([each.id for each in waiting], [each.id for each in running]) == ([job.id], [job.id])
    assert (halfway.progress, halfway.doing, cursor) == (0.4, "scoring", {"after": "x"})
    assert (ended.state, ended.progress, ended.ended_at) == ("done", 1.0, LATER)
    assert (params, so_far, whole) == ({"limit": 7}, ('{"limit":7}', '{"seen":3}'), ('{"limit":7}', '{"seen":7}'))


def test_a_job_of_a_key_is_asked_for_once(database: Database) -> None:
    with database.begin() as tx:
        first, again, other = (
            add_job_once(tx, "rescore", f"rescore 2026-03-{day}", asked_by="ops", now=NOW) for day in ("06", "06", "07")
        )
        kept = list_jobs(tx, limit=10)

    assert (again, {job.id for job in (first, other) if job}) == (None, {job.id for job in kept})


def test_only_the_last_turn_of_a_job_may_speak(database: Database) -> None:
    job = asked(database)
    first, second = begun(database, job), begun(database, job)

    with database.begin() as tx, pytest.raises(LostJobError, match=f"turn 1 of job {job.id} is over"):
        end_job(tx, first, {}, LATER)
    with database.begin() as tx:
        end_job(tx, second, {}, LATER)
        assert begin_job(tx, job.id, LATER) is None


def test_a_job_put_back_waits_again_with_its_cursor(database: Database) -> None:
    job = asked(database)
    turn = begun(database, job)
    with database.begin() as tx:
        tell_progress(tx, turn, 0.5, "scoring", 42)
        tell_progress(tx, turn, 0.6, "scoring on")
        put_back(tx, turn)
        (waiting,) = queued_jobs(tx)
        cursor = cursor_of(tx, waiting)

    assert (waiting.turn, cursor) == (2, 42)


def test_a_turn_is_as_far_as_it_goes_on_from(database: Database) -> None:
    from_the_start, going_on = asked(database), asked(database)

    for job, cursor in ((from_the_start, None), (going_on, {"after": "x"})):
        turn = begun(database, job)
        with database.begin() as tx:
            tell_progress(tx, turn, 0.4, "scoring", cursor)
    again = [begun(database, job) for job in (from_the_start, going_on)]

    assert [(turn.progress, turn.doing) for turn in again] == [(0.0, None), (0.4, None)]


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_is_told(database: Database) -> None:
    waiting, running = asked(database), asked(database)
    turn = begun(database, running)

    with database.begin() as tx:
        at_once = cancel_job(tx, waiting.id, LATER)
        told = cancel_job(tx, running.id, LATER)
        drop_job(tx, turn, LATER)
        dropped = find_job(tx, running.id)

    assert (at_once.state, at_once.ended_at) == ("cancelled", LATER)
    assert (told.state, told.cancelling) == ("running", True)
    assert (dropped.state, dropped.ended_at) == ("cancelled", LATER)


def test_what_has_ended_cannot_be_cancelled(database: Database) -> None:
    job = asked(database)
    turn = begun(database, job)
    with database.begin() as tx:
        end_job(tx, turn, {}, NOW)

    with (
        database.begin() as tx,
        pytest.raises(JobEndedError, match=f"^job {job.id} is done already; only a queued or"),
    ):
        cancel_job(tx, job.id, LATER)
    with database.begin() as tx, pytest.raises(UnknownJobError):
        cancel_job(tx, "none", LATER)


def test_a_file_goes_when_its_job_ends(database: Database) -> None:
    ended, cancelled = asked(database), asked(database)
    turn = begun(database, ended)

    with database.begin() as tx:
        for job in (ended, cancelled):
            add_file(tx, job, "leads.csv", b"a,b\n")
        sent = file_of(tx, ended)
        end_job(tx, turn, {}, LATER)
        cancel_job(tx, cancelled.id, LATER)
        left = [file_of(tx, job) for job in (ended, cancelled)]

    assert (sent, left) == (("leads.csv", b"a,b\n"), [None, None])
