"""What every loop of a worker does: step after step, a rest when there is nothing, patience with the database."""

from collections.abc import Callable
from threading import Event

from sqlalchemy.exc import OperationalError
from structlog import get_logger

from api.errors import NotReadyError

# How long a worker looks away: what falls due meanwhile is late by this at most. An empty look costs next to nothing.
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_WITHOUT_DATABASE = 1.0
# How long other steps wait at most while what is due is being done, so that they go on beside an endless backlog.
SECONDS_TO_GIVE_WAY = 0.5

# Does some of what is to be done, and says whether there may be more.
Step = Callable[[], bool]


def repeat(step: Step, stopping: Event) -> None:
    """Takes a step after the other until the event is set, with patience where one cannot be taken."""
    while not stopping.is_set():
        if not attempt(step):
            stopping.wait(SECONDS_BETWEEN_LOOKS)


def after(idle: Event, step: Step) -> Step:
    """Returns the step as one that gives way to what is due."""

    def step_after() -> bool:
        give_way(idle)
        return step()

    return step_after


def give_way(idle: Event) -> None:
    """Waits until the event says that what is due is done, though not for long.

    Threads of a process take turns at running Python: whoever is told of a clock waits for it, not the other way round.
    """
    idle.wait(SECONDS_TO_GIVE_WAY)


def attempt(step: Step) -> bool:
    """Takes a step; says whether there may be more to do. While it cannot be taken, there is none."""
    try:
        return step()
    except NotReadyError:
        return False
    except OperationalError as error:
        get_logger().error("database", what=str(error.orig))
        Event().wait(SECONDS_WITHOUT_DATABASE)
        return False
