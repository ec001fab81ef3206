"""What came of comparing two playbooks, and what its numbers stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.replay import Replay, retyped
from rules.compile import Compiled

MOST_NOTES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A playbook and what the person who compares calls it: a file, `active`, `playbook 7`."""

    name: str
    playbook: Compiled


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What came of comparing; `span` is the time that the decisions stand for, None where that cannot be said."""

    old: Named
    new: Named
    replay: Replay
    since: datetime | None
    span: timedelta | None
    notes: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether anybody moves."""
        return bool(self.replay.moved)


def compared(
    old: Named,
    new: Named,
    replay: Replay,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    notes: Sequence[str] = (),
) -> Comparison:
    """What came of a replay of the decisions from `since` on, up to `until` or to the last; at most twenty notes."""
    return Comparison(
        old=old,
        new=new,
        replay=replay,
        since=since,
        span=_span(replay, until),
        notes=bounded([*_retyped_note(old.playbook, new.playbook), *notes]),
    )


def _span(found: Replay, until: datetime | None) -> timedelta | None:
    """The time that decisions stand for; None for less than a day of them."""
    last = until or found.last
    if found.first is None or last is None or last - found.first < timedelta(days=1):
        return None
    return last - found.first


def _retyped_note(old: Compiled, new: Compiled) -> tuple[str, ...]:
    """What is to be said where the model might think otherwise of a lead than it did."""
    names = retyped(old.playbook, new.playbook)
    if not names:
        return ()
    what = f"attribute{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return (f"{what}: declared otherwise, and the model's word is taken as it was when the decision was made",)


def bounded(notes: Sequence[str]) -> tuple[str, ...]:
    """The first notes, and how many more there are."""
    more = len(notes) - MOST_NOTES
    return (*notes[:MOST_NOTES], f"and {more:,} more notes") if more > 0 else tuple(notes)
