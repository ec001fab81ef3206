"""What each kind of job does. A job may be begun again at any point, so what it makes is kept with its end.

Each kind is a module with a function `perform`, loaded when it is needed: a diff must not wait for what trains models.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from api.jobs.desk import Desk
from store.jobs import JobKind

KINDS: Mapping[JobKind, str] = MappingProxyType(
    {
        "train": "api.jobs.train",
        "rescore": "api.jobs.rescore",
        "diff": "api.jobs.diff",
        "import": "api.jobs.take_in",
    }
)


def perform(desk: Desk) -> None:
    """Does a job to its end. Raises: what a person can mend, DataError among it."""
    import_module(KINDS[desk.job.kind]).perform(desk)
