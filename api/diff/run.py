"""Replays many chunks of decisions, on all cores where there are many."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from api.diff.chunks import Chunk
from routing.replay import Replay, merged, replay
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook

# To start other processes takes longer than so many decisions.
FEW = 4_000

# A replay, and what was noted meanwhile.
Replayed = tuple[Replay, list[str]]


def compare(
    chunks: Sequence[Chunk],
    old: Compiled,
    new: Compiled,
    *,
    jobs: int = 1,
    few: int = FEW,
    heard: Callable[[int], None] = lambda done: None,
) -> tuple[Replay, tuple[str, ...]]:
    """The replay of some chunks and what was noted meanwhile; `heard` hears how many more are done each time.

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
    return merged(parts) if parts else replay((), old, new), tuple(notes)


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
