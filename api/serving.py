"""What is being served: the active scorecard and playbook, kept up with the store, the last good ones kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import structlog

from api.errors import NotReadyError
from models.version import ModelError
from rules.compile import Compiled, compile_playbook
from rules.problems import PlaybookError
from rules.read import read_playbook
from scoring.scorecard import Scorecard
from store.database import Database, Transaction
from store.models import champion
from store.playbooks import active_playbook
from store.revision import revision

LOOK_EVERY = 1.0
PLAYBOOK_FILE = "playbook.yaml"

NO_PLAYBOOK = (
    "no playbook is published; `leadline init` publishes the sample, `leadline playbook publish FILE` your own"
)
NO_MODEL = "no model is promoted; `leadline train FILE --label COLUMN`, then `leadline models promote VERSION`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What decides: one model and one playbook, as they were at one revision of the store."""

    scorecard: Scorecard
    playbook: Compiled
    revision: int


def read_served(tx: Transaction) -> Served:
    """What the store says is in force.

    Raises: NotReadyError where something is missing, PlaybookError and ModelError where something is broken.
    """
    version = champion(tx)
    if version is None:
        raise NotReadyError(NO_MODEL)
    return Served(scorecard=version.scorecard, playbook=read_active_playbook(tx), revision=revision(tx))


def read_active_playbook(tx: Transaction) -> Compiled:
    """The compiled playbook in force. Raises: NotReadyError when there is none, PlaybookError when it is broken."""
    active = active_playbook(tx)
    if active is None:
        raise NotReadyError(NO_PLAYBOOK)
    number, text = active
    return compile_playbook(read_playbook(text, file=PLAYBOOK_FILE, number=number))


class Serving:
    """What is served by one process; safe to share between threads.

    The store is asked for its revision at most once a second, so a new version is in force within two. A new
    version that cannot be served is logged and counted once, and the last good one goes on.
    """

    def __init__(
        self,
        database: Database,
        *,
        refused: Callable[[], None],
        served: Callable[[int], None] = lambda number: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._refused = refused
        self._serves = served
        self._monotonic = monotonic
        self._lock = Lock()
        self._served: Served | None = None
        self._why = NO_MODEL
        self._seen = -1
        self._look_at = 0.0

    def current(self) -> Served:
        """What decides now. Raises: NotReadyError while there is nothing that could."""
        if self._is_time_to_look() and self._lock.acquire(blocking=self._served is None):
            try:
                self._keep_up()
            finally:
                self._lock.release()
        if self._served is None:
            raise NotReadyError(self._why)
        return self._served

    def _is_time_to_look(self) -> bool:
        # Whoever asks while the first is still reading must wait for it, whatever the time.
        return self._served is None or self._monotonic() >= self._look_at

    def _keep_up(self) -> None:
        with self._database.read() as tx:
            self._look_at = self._monotonic() + LOOK_EVERY
            newest = revision(tx)
            if newest == self._seen:
                return
            self._seen = newest
            try:
                self._served = read_served(tx)
                self._serves(self._served.playbook.playbook.number)
            except (PlaybookError, ModelError, NotReadyError) as error:
                self._why = str(error)
                self._refused()
                structlog.get_logger().error("refused", what=str(error), goes_on=self._served is not None)
