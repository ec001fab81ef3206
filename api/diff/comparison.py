"""What came of comparing two playbooks, and what its numbers stand for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.replay import Replay, retyped
from rules.compile import Compiled


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


def span_of(found: Replay, until: datetime | None) -> timedelta | None:
    """The time that decisions stand for, up to `until` or to the last; None for less than a day of them."""
    last = until or found.last
    if found.first is None or last is None or last - found.first < timedelta(days=1):
        return None
    return last - found.first


def retyped_note(old: Compiled, new: Compiled) -> tuple[str, ...]:
    """What is to be said where the model might think otherwise of a lead than it did."""
    names = retyped(old.playbook, new.playbook)
    if not names:
        return ()
    what = f"attribute{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return (f"{what}: declared otherwise, and the model's word is taken as it was when the decision was made",)
