"""Jobs in a worker: DBOS sees to it that each that was begun is ended, by whichever worker lives.

Each turn of a job runs in a process of its own, so that training keeps no clock waiting and can be cancelled at once.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import TypeVar, get_args

from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api.scratch import clear_away
from api.serving import Serving
from api.worker.durable import config, forget_ended, unended, was_at_work
from api.worker.loop import SECONDS_WITHOUT_DATABASE, attempt
from api.worker.nights import NIGHTLY, begin_night, last_night
from api.worker.slots import Hold, held, slot
from store.database import Database, Transaction
from store.digests import add_digests
from store.errors import LostJobError
from store.jobs import (
    Job,
    JobKind,
    begin_job,
    drop_job,
    fail_job,
    find_job,
    put_back,
    queued_jobs,
    running_jobs,
)
from store.locks import hold
from store.rejects import KEPT_FOR
from store.sweep import database_time

# Jobs of one kind take turns in a worker, those of different kinds run side by side: no diff waits for a training.
QUEUES: Mapping[str, str] = MappingProxyType({kind: f"jobs-{kind}" for kind in get_args(JobKind)})
LAUNCHING = 0
SECONDS_BETWEEN_LOOKS = 0.5
LOOKS_BETWEEN_ROUNDS = 10
SECONDS_BETWEEN_WATCHES = 0.3
SECONDS_TO_END_TURNS = 5
# A job that found no database so often is not begun again.
MOST_TURNS = 50
LOOKS_BETWEEN_TIDYINGS = 7_200
QUARTER_HOURLY = "*/15 * * * *"

Kept = TypeVar("Kept")


class JobKeeper:
    """Begins the jobs that wait, begins those again whose worker died, and asks for those of the schedule."""

    def __init__(self, database: Database, serving: Serving, place: Path) -> None:
        self._database = database
        self._serving = serving
        self._place = place
        self._stopping = Event()
        self._enqueued: set[str] = set()
        self._has_begun = False

    def work(self, stopping: Event) -> None:
        """Keeps jobs going until the event is set; one that runs then is put back for another worker."""
        self._stopping = stopping
        with slot(self._database) as (number, hold), self._launched(number) as turn:
            attempt(self._make_up)
            looks = 0
            while not stopping.wait(SECONDS_BETWEEN_LOOKS):
                attempt(lambda: self._begin_waiting(turn))
                if looks % LOOKS_BETWEEN_TIDYINGS == 0:
                    attempt(self._tidy)
                looks += 1
                if looks % LOOKS_BETWEEN_ROUNDS == 0:
                    attempt(lambda: self._take_over(hold))

    @contextmanager
    def _launched(self, number: int) -> Iterator[Callable[[str], None]]:
        """Has DBOS at work under the executor id of the slot: what its last holder left begins again at once."""
        DBOS(config=config(self._database, number))

        @DBOS.step(name="run")
        def step(job_id: str) -> None:
            self._run(job_id)
            clear_away(self._place)  # a turn that was killed has left the file of its import there

        @DBOS.workflow(name="turn")
        def turn(job_id: str) -> None:
            step(job_id)

        @DBOS.workflow(name="nightly")
        def nightly(at: datetime, context: object) -> None:
            night = datetime.fromisoformat(str(at))  # it comes out of JSON as text
            self._surely(lambda tx: begin_night(tx, night, database_time(tx)))

        @DBOS.workflow(name="digests")
        def digests(at: datetime, context: object) -> None:
            attempt(self._digest)

        with self._alone():
            DBOS.launch()
            for queue in QUEUES.values():
                DBOS.register_queue(queue, worker_concurrency=1, on_conflict="always_update")
            DBOS.apply_schedules(
                [
                    {"schedule_name": "nightly", "workflow_fn": nightly, "schedule": NIGHTLY},
                    {"schedule_name": "digests", "workflow_fn": digests, "schedule": QUARTER_HOURLY},
                ]
            )
        yield turn
        # It looks after a second whether turns have ended, and need not where none was begun.
        DBOS.destroy(workflow_completion_timeout_sec=SECONDS_TO_END_TURNS if self._has_begun else 0)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Waits until no other worker launches DBOS: two that make its tables at once would fail."""
        while not self._stopping.is_set():
            with held(self._database, LAUNCHING) as mine:
                if mine:
                    yield
                    return
            self._stopping.wait(SECONDS_BETWEEN_WATCHES)
        raise SystemExit

    def _begin_waiting(self, turn: Callable[[str], None]) -> bool:
        """Has the jobs that wait begun; a turn is begun once, whatever number of workers see that it waits."""
        with self._database.read() as tx:
            waiting = queued_jobs(tx)
        for job in waiting:
            workflow_id = _next_turn(job)
            if workflow_id not in self._enqueued:
                with SetWorkflowID(workflow_id):
                    DBOS.enqueue_workflow(QUEUES[job.kind], turn, job.id)
                self._enqueued.add(workflow_id)
        return False

    def _take_over(self, hold: Hold) -> bool:
        """Has those turns begun again whose worker is dead, and those jobs put back that nobody works at.

        A worker that stops may also end a turn before its job is begun; that job waits, for a turn that is over.
        """
        hold()
        for workflow in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            number = int(str(workflow.executor_id).rpartition("-")[2])
            with held(self._database, number) as dead:
                if dead:
                    get_logger().warning("taking over", workflow=workflow.workflow_id, slot=number)
                    DBOS.resume_workflow(workflow.workflow_id, queue_name=workflow.queue_name)
        with self._database.read() as tx:
            waiting = [job for job in queued_jobs(tx) if _next_turn(job) in self._enqueued]
            open_jobs = [*running_jobs(tx), *waiting]
        at_work = {workflow_id.rpartition("-")[0] for workflow_id in unended("turn")}
        for job in open_jobs:
            if job.id not in at_work:
                self._say(lambda tx, job=job: put_back(tx, job))  # type: ignore[misc]  # bound for this round
        return False

    def _make_up(self) -> bool:
        """Asks for what the last night should have done, where a worker was at work before it and none during it."""
        with self._database.read() as tx:
            now = database_time(tx)
        night = last_night(now)
        if was_at_work(night):
            with self._database.begin() as tx:
                begin_night(tx, night, now)
        return False

    def _tidy(self) -> bool:
        """Lets go what DBOS keeps of what ended long ago; our jobs stay."""
        with self._database.read() as tx:
            now = database_time(tx)
        forget_ended(now - KEPT_FOR)
        return False

    def _digest(self) -> bool:
        """Tells the managers of those teams whose day has begun how they stand."""
        playbook = self._serving.current().playbook.playbook
        with self._database.begin() as tx:
            hold(tx, "digests")
            add_digests(tx, playbook, database_time(tx))
        return False

    def _run(self, job_id: str) -> None:
        """Runs a turn of a job to its end, unless it is cancelled or this worker stops."""
        job = self._surely(lambda tx: begin_job(tx, job_id, database_time(tx)))
        if job is None:
            return
        self._has_begun = True
        if job.cancelling:
            self._say(lambda tx: drop_job(tx, job, database_time(tx)))
            return
        words = (sys.executable, "-m", "api.jobs", job.id, str(job.turn))
        # Its standard input is a pipe that only this process holds: the turn ends with this worker, even by SIGKILL.
        with subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True) as process:
            while process.poll() is None:
                if self._stopping.wait(SECONDS_BETWEEN_WATCHES):
                    process.kill()
                    self._say(lambda tx: put_back(tx, job))
                    return
                if self._is_cancelled(job_id):
                    process.kill()
                    self._say(lambda tx: drop_job(tx, job, database_time(tx)))
                    return
        if process.returncode == os.EX_TEMPFAIL and job.turn < MOST_TURNS:
            self._stopping.wait(SECONDS_WITHOUT_DATABASE)
            self._say(lambda tx: put_back(tx, job))
            return
        why = f"its process ended with status {process.returncode}; the worker's log may say more"
        self._say(lambda tx: fail_job(tx, job, why, database_time(tx)))

    def _surely(self, change: Callable[[Transaction], Kept]) -> Kept | None:
        """Changes what is kept, however long the database is away, and returns what came of it; None at the end."""
        while not self._stopping.is_set():
            try:
                with self._database.begin() as tx:
                    return change(tx)
            except OperationalError as error:
                get_logger().error("database", what=str(error.orig))
                self._stopping.wait(SECONDS_WITHOUT_DATABASE)
        return None

    def _is_cancelled(self, job_id: str) -> bool:
        try:
            with self._database.read() as tx:
                return find_job(tx, job_id).cancelling
        except OperationalError:
            return False

    def _say(self, change: Callable[[Transaction], None]) -> None:
        """Keeps how a turn ended, unless that is known already; without a database, a later round sees to it."""
        try:
            with self._database.begin() as tx:
                change(tx)
        except LostJobError:
            return
        except OperationalError as error:
            get_logger().error("database", what=str(error.orig))


def _next_turn(job: Job) -> str:
    """The id of the workflow that does the turn a job waits for."""
    return f"{job.id}-{job.turn + 1}"
