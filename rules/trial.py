"""Tries networks out in a child process first: durable-rules may hang with the GIL held, crash, or be wrong.

`python -m rules.trial` reads them on its standard input, builds each, and compares what it answers with the predicates
themselves. It exits with 0 when all is well, otherwise it says on its standard error what is not.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

import orjson

from rules.network import Network, NetworkError, Numbered, batches_of
from rules.predicates import Path, Predicate

LEADS_BY_CHANCE = 50


class TrialError(Exception):
    """Networks did not pass their trial."""


def try_out(strata: Sequence[tuple[Numbered, Mapping[str, int]]], seconds: float) -> None:
    """Build and exercise the networks for each stratum's paths and sizes of columns, in a child process.

    Raises: TrialError.
    """
    batches = [
        {"paths": list(map(list, batch)), "sizes": sizes}
        for paths, sizes in strata
        for batch in batches_of(paths, sizes)
    ]
    if not batches:
        return
    command = [sys.executable, "-P", "-m", "rules.trial"]
    # The child finds this package where this process found it, whatever directory it starts in.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        child = subprocess.run(
            command, input=orjson.dumps(batches), env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TrialError(f"durable-rules did not answer within {seconds:g} s") from error
    except OSError as error:
        raise TrialError(f"the trial of durable-rules could not be started: {error}") from error
    if child.returncode:
        said = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TrialError(f"durable-rules ended its trial with {child.returncode}: {said}")


def main() -> int:
    """Run the child's side of the trial and return its exit code."""
    import durable_rules_engine as module

    for batch in orjson.loads(sys.stdin.buffer.read()):
        paths = [frozenset(Predicate(**predicate) for predicate in path) for path in batch["paths"]]
        try:
            network = Network({path: (number,) for number, path in enumerate(paths)}, batch["sizes"], module)
            wrong = next((codes for codes in _leads(paths, batch["sizes"]) if not _right(network, paths, codes)), None)
        except NetworkError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        if wrong is not None:
            sys.stderr.write(f"wrong answer for {wrong}\n")
            return 1
    return 0


def _right(network: Network, paths: Sequence[Path], codes: Mapping[str, int]) -> bool:
    held = [
        number
        for number, path in enumerate(paths)
        if all(predicate.holds(codes[predicate.column]) for predicate in path)
    ]
    return sorted(network.matching(list(codes.values()))) == held


def _leads(paths: Sequence[Path], sizes: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield codes by column: some by chance, and for each path some that fulfil it."""
    chance = random.Random(0)
    for path in [*paths, *[Path()] * LEADS_BY_CHANCE]:
        codes = {name: chance.randrange(size) for name, size in sizes.items()}
        for name in {predicate.column for predicate in path}:
            on_column = [predicate for predicate in path if predicate.column == name]
            fulfilling = (code for code in range(sizes[name]) if all(each.holds(code) for each in on_column))
            codes[name] = next(fulfilling, codes[name])
        yield codes


if __name__ == "__main__":
    sys.exit(main())
