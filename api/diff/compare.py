"""Compares two playbooks: the replay of many chunks, on all cores where there are many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from api.diff.chunks import Chunk
from routing.replay import Replay, merged, replay, retyped
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook

# To start other processes takes longer than so many decisions.
FEW = 4_000

# A replay, and what was noted meanwhile.
Replayed = tuple[Replay, list[str]]


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


def compare(
    chunks: Sequence[Chunk],
    old: Compiled,
    new: Compiled,
    *,
    jobs: int = 1,
    few: int = FEW,
    heard: Callable[[int], None] = lambda done: None,
) -> tuple[Replay, tuple[str, ...]]:
    """The replay of at least one chunk and what was noted meanwhile; `heard` hears how many more are done each time.

    `jobs` processes share the work where there are more than a `few` decisions.
    """
    texts = old.playbook.text, new.playbook.text
    many = jobs > 1 and sum(map(len, chunks)) > few
    parts, notes = [], list[str]()
    results = _in_processes(chunks, texts, jobs) if many else (_replayed(chunk, *texts) for chunk in chunks)
    for chunk, (part, noted) in zip(chunks, results, strict=True):
        parts.append(part)
        notes += noted
        heard(len(chunk))
    return merged(parts), tuple(notes)


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


def _in_processes(chunks: Sequence[Chunk], texts: tuple[str, str], jobs: int) -> Iterable[Replayed]:
    # Loaded here: it takes half a second, for which a check of a playbook should not have to wait.
    from joblib import Parallel, delayed

    replays: Iterable[Replayed] = Parallel(n_jobs=jobs, return_as="generator", batch_size=1)(
        delayed(_replayed)(chunk, *texts) for chunk in chunks
    )
    return replays


def _replayed(chunk: Chunk, old: str, new: str) -> Replayed:
    notes: list[str] = []
    return replay(chunk.decided(notes), _compiled(old), _compiled(new)), notes


@lru_cache(maxsize=4)
def _compiled(text: str) -> Compiled:
    """A playbook that was checked before, compiled once in each process."""
    return compile_playbook(read_playbook(text))
