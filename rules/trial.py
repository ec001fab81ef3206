"""Tries networks out in a child process first: durable-rules may hang with the GIL held, crash, or be wrong.

`python -m rules.trial SECONDS` reads them on its standard input, builds each, and compares what it answers with the
predicates themselves. It exits with 0 when all is well, otherwise it says on its standard error what is not.
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import Any

import orjson

from rules.columns import Cells
from rules.network import CModule, Network, NetworkError, Numbered
from rules.predicates import Path, Predicate

LEADS_BY_CHANCE = 50
# What has passed in this process is not tried again: a playbook that comes back, a new model beside the same playbook.
TRIALS_KEPT = 8


class TrialError(Exception):
    """Networks did not pass their trial."""


def try_out(networks: Sequence[tuple[Numbered, Cells]], seconds: float) -> None:
    """Build and exercise a network for each batch of paths and the cells of its columns, in a child process.

    Raises: TrialError, also when the child does not end within these seconds.
    """
    if networks:
        written = [
            {"paths": [[sorted(path), *conditions] for path, conditions in paths.items()], "cells": cells}
            for paths, cells in networks
        ]
        _try_out(orjson.dumps(written), seconds)


@lru_cache(maxsize=TRIALS_KEPT)
def _try_out(written: bytes, seconds: float) -> None:
    # The child finds this package where this process found it, whatever directory it starts in.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "rules.trial", str(ceil(seconds))]
    try:
        child = subprocess.run(
            command, input=written, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TrialError(f"durable-rules did not answer within {seconds:g} s") from error
    except OSError as error:
        raise TrialError(f"the trial of durable-rules could not be started: {error}") from error
    if child.returncode:
        said = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TrialError(f"durable-rules ended its trial with {child.returncode}: {said or 'nothing said'}")


def main(seconds: int) -> int:
    """Run the child's side of the trial and return its exit code."""
    # Should the parent be gone, nobody else ends a child that hangs with the GIL held.
    signal.alarm(seconds + 1)
    import durable_rules_engine as module

    for written in orjson.loads(sys.stdin.buffer.read()):
        said = _wrong(written, module)
        if said is not None:
            sys.stderr.write(f"{said}\n")
            return 1
    return 0


def _wrong(written: Mapping[str, Any], module: CModule) -> str | None:
    """Return what is wrong with a network; None when it answers as its predicates do."""
    paths = {Path(Predicate(**each) for each in path): tuple(conditions) for path, *conditions in written["paths"]}
    cells = written["cells"]
    try:
        network = Network(paths, cells, module)
        mistaken = next((codes for codes in _leads(paths, cells) if not _right(network, paths, cells, codes)), None)
    except NetworkError as error:
        return str(error)
    return None if mistaken is None else f"a wrong answer for {mistaken}"


def _right(network: Network, paths: Numbered, cells: Cells, codes: Mapping[str, int]) -> bool:
    held = {path for path in paths if all(predicate.holds(codes[predicate.column]) for predicate in path)}
    expected = {number for path in held for number in paths[path]}
    return set(network.matching([cells[name][code] for name, code in codes.items()])) == expected


def _leads(paths: Numbered, cells: Cells) -> Iterator[dict[str, int]]:
    """Yield codes by column: some by chance, and for each path some that fulfil it."""
    chance = random.Random(0)
    for path in [*paths, *[Path()] * LEADS_BY_CHANCE]:
        codes = {name: chance.randrange(len(each)) for name, each in cells.items()}
        for name in {predicate.column for predicate in path}:
            on_column = [predicate for predicate in path if predicate.column == name]
            fulfilling = (code for code in range(len(cells[name])) if all(each.holds(code) for each in on_column))
            codes[name] = next(fulfilling, codes[name])
        yield codes


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
