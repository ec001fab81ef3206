"""What is being served: the active scorecard and playbook, kept up with the store, the last good ones kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.errors import NotReadyError
from api.metrics import Metrics
from models.version import ModelError
from rules.compile import Compiled, compile_playbook
from rules.engine import with_networks
from rules.problems import PlaybookError
from rules.read import read_playbook
from scoring.scorecard import Scorecard
from store.database import Database, Transaction
from store.models import champion
from store.playbooks import active_playbook
from store.revision import revision

LOOK_EVERY = 1.0
# For so long after a look that found nothing new, the last good version answers while a newer one is being read.
MOST_STALE = 2.0
PLAYBOOK_FILE = "playbook.yaml"

NO_PLAYBOOK = (
    "no playbook is published; `leadline init --sample` publishes the sample, `leadline playbook publish FILE` your own"
)
NO_MODEL = "no model is promoted; `leadline train FILE --label COLUMN`, then `leadline models promote VERSION`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What decides: one model and one playbook, as they were at one revision of the store."""

    scorecard: Scorecard
    playbook: Compiled
    revision: int


def read_served(tx: Transaction, known: Compiled | None = None) -> Served:
    """What the store says is in force; the playbook already known is not compiled again.

    Raises: NotReadyError where something is missing, PlaybookError and ModelError where something is broken.
    """
    version = champion(tx)
    if version is None:
        raise NotReadyError(NO_MODEL)
    return Served(scorecard=version.scorecard, playbook=read_active_playbook(tx, known), revision=revision(tx))


def read_active_playbook(tx: Transaction, known: Compiled | None = None) -> Compiled:
    """The compiled playbook in force. Raises: NotReadyError when there is none, PlaybookError when it is broken."""
    active = active_playbook(tx)
    if active is None:
        raise NotReadyError(NO_PLAYBOOK)
    number, text = active
    if known is not None and known.playbook.number == number:
        return known
    return compile_playbook(read_playbook(text, file=f"playbook {number}", number=number))


class Serving:
    """What is served by one process; safe to share between threads.

    The store is asked for its revision at most once a second. What is new is read beside the requests, which the last
    good version answers meanwhile, though never more than two seconds after it was found to be the newest. A new
    version that cannot be served is logged and counted once, and the last good one goes on. A new playbook serves at
    once, its rules matched by Python, and by durable-rules from when its networks have passed their trial.
    """

    def __init__(
        self, database: Database, metrics: Metrics, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._monotonic = monotonic
        self._served: Served | None = None
        self._why = NO_MODEL
        self._refused: str | None = None
        self._seen = -1
        self._look_at = 0.0
        self._newest_at = 0.0
        self._tried = -1
        self._looking = Lock()
        self._changing = Lock()
        self._nothing_unread = Event()
        self._nothing_unread.set()

    def current(self) -> Served:
        """What decides now. Raises: NotReadyError while there is nothing that could."""
        # Whoever asks while the first is still reading must wait for it, whatever the time.
        first = self._served is None
        if (first or self._monotonic() >= self._look_at) and self._looking.acquire(blocking=first):
            try:
                self._look()
            finally:
                self._looking.release()
        if first or self._monotonic() - self._newest_at >= MOST_STALE:
            self._nothing_unread.wait()
        if self._served is None:
            raise NotReadyError(self._why)
        return self._served

    @property
    def refused(self) -> str | None:
        """What is wrong with the version in force, while the last good one goes on; None while it serves."""
        return self._refused

    def _look(self) -> None:
        with self._database.read() as tx:
            newest = revision(tx)
        self._look_at = self._monotonic() + LOOK_EVERY
        if not self._nothing_unread.is_set():
            return
        if newest == self._seen:
            self._newest_at = self._monotonic()
            return
        self._seen = newest
        self._nothing_unread.clear()
        Thread(target=self._keep_up, name="serving", daemon=True).start()

    def _keep_up(self) -> None:
        try:
            self._read()
        finally:
            self._nothing_unread.set()
        served = self._served
        if served is not None and served.playbook.playbook.number != self._tried:
            self._tried = served.playbook.playbook.number
            self._give_networks(served.playbook)

    def _read(self) -> None:
        served, known = None, self._served.playbook if self._served is not None else None
        try:
            with self._database.read() as tx:
                served = read_served(tx, known)
        except (PlaybookError, ModelError, NotReadyError) as error:
            self._why = self._refused = str(error)
            self._metrics.refused.inc()
            structlog.get_logger().error("refused", what=self._why, goes_on=self._served is not None)
        except SQLAlchemyError as error:
            self._seen, self._why = -1, f"the database cannot be read ({type(error).__name__})"
            structlog.get_logger().error("unread", what=self._why, goes_on=self._served is not None)
        if served is not None:
            self._serve(served)

    def _serve(self, served: Served) -> None:
        with self._changing:
            self._served, self._refused = served, None
        self._show(served)

    def _give_networks(self, playbook: Compiled) -> None:
        """Has a playbook's rules matched by durable-rules, if it still serves once its networks have passed."""
        number = playbook.playbook.number
        matched = with_networks(playbook, told=lambda why: self._do_without(number, why))
        with self._changing:
            if self._served is None or self._served.playbook is not playbook:
                return
            self._served = replace(self._served, playbook=matched)
        self._show(self._served)

    def _do_without(self, number: int, why: str) -> None:
        self._metrics.without_networks.inc()
        structlog.get_logger().error("durable_rules_failed", playbook=number, why=why, matched_by="python")
        if self._served is not None:
            self._show(self._served)

    def _show(self, served: Served) -> None:
        self._metrics.playbook.set(served.playbook.playbook.number)
        self._metrics.networks.set(served.playbook.matched_by == "durable-rules")
