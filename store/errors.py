"""What can go wrong in keeping things."""

from collections.abc import Sequence


class StoreError(Exception):
    """Something could not be kept or found; the message says what, and what to do."""


class DatabaseUrlError(StoreError):
    """The database URL is not one Leadline can use."""


class ConflictError(StoreError):
    """Someone else was first: what was to be changed has changed since it was read."""


class StaleEditError(ConflictError):
    """What was edited is no longer what is in force."""


class IllegalMoveError(ConflictError):
    """What was asked of a lead is not possible where it stands; the message says what is.

    `possible` are the moves that are; None where the kind of the move was not what was wrong with it.
    """

    def __init__(self, message: str, *, possible: Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.possible = None if possible is None else tuple(possible)


class UnknownRepError(StoreError):
    """A lead was to be given to somebody who is not of its team."""

    def __init__(self, rep: str, team: str, reps: tuple[str, ...]) -> None:
        super().__init__(f"nobody in {team} is called {rep!r}; it has {', '.join(reps)}")
        self.rep = rep
        self.team = team
        self.reps = reps


class UnknownJobError(StoreError):
    """No job of that id is kept."""


class JobEndedError(ConflictError):
    """A job that has ended cannot be cancelled."""


class LostJobError(ConflictError):
    """A turn of a job is over: a later one has begun, or the job has ended."""


class UnknownWebhookError(StoreError):
    """No webhook of that id is kept."""


class UnknownVersionError(StoreError):
    """No version of that name or number is kept."""


class UnknownCampaignError(StoreError):
    """No campaign of that name or id is kept."""


class CampaignStandsError(ConflictError):
    """A campaign cannot be taken back; the message says what can be done instead."""


class CampaignClashError(StoreError):
    """A campaign is named like another that runs at the same time."""
