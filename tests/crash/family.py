"""Which processes a process has started, and which of them are alive."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """A process; as ids are used again, `words` is what it was called with."""

    id: int
    words: str


def descendants(process_id: int) -> list[Process]:
    """Returns what a process and its children have started, those that it started itself first."""
    found, parents = list[Process](), [process_id]
    everybody = _everybody()
    while parents:
        children = [process for parent, _, process in everybody if parent in parents]
        found += children
        parents = [process.id for process in children]
    return found


def alive(processes: Sequence[Process]) -> list[Process]:
    """Returns which of these still do anything; what is dead and not yet missed does not."""
    return [process for _, state, process in _everybody() if process in processes and not state.startswith("Z")]


def _everybody() -> list[tuple[int, str, Process]]:
    """Returns every process with its parent and its state."""
    words = ["ps", "-A", "-ww", "-o", "ppid=,stat=,pid=,args="]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    lines = ((*line.split(maxsplit=3), "")[:4] for line in found.stdout.splitlines())
    return [(int(parent), state, Process(id=int(own), words=called)) for parent, state, own, called in lines]
