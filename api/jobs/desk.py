"""What a job is done with, and how it tells how far it is."""

from dataclasses import dataclass, field
from time import monotonic

from api.settings import Settings
from store.database import Database
from store.jobs import Job, tell_progress

SECONDS_BETWEEN_WORDS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a job is done with."""

    settings: Settings
    database: Database
    job: Job
    told: list[float] = field(default_factory=lambda: [0.0])

    def say(self, doing: str, progress: float) -> None:
        """Keeps how far the job is, twice a second at most. Raises: LostJobError when it is another's by now."""
        if monotonic() - self.told[0] >= SECONDS_BETWEEN_WORDS:
            self.told[0] = monotonic()
            with self.database.begin() as tx:
                tell_progress(tx, self.job, progress, doing)
