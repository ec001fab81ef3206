"""What every kind of file gives: its columns, and its rows in chunks that travel to other processes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from training.table import DataError, Stretch

Kind = Literal["csv", "parquet", "jsonl"]


class Chunk(Protocol):
    """Some rows of a file, not read yet; `weight` is their share of the file's `size`."""

    @property
    def weight(self) -> int:
        """How much of the file this is."""

    def read(self) -> Stretch:
        """Return the rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadsFile:
    """A file of leads; `size` is in whatever its chunks are weighed by.

    `chunks` yields the rows in order, at most so many in each chunk, and raises DataError where they cannot be read.
    """

    kind: Kind
    path: Path
    columns: tuple[str, ...]
    checksum: str
    size: int
    chunks: Callable[[int], Iterator[Chunk]]
    warnings: tuple[str, ...] = ()


def blocks_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, a megabyte at a time. Raises: DataError when it cannot be read."""
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                yield block
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


def checksum_of(path: Path) -> str:
    """Return the sha256 of a file's bytes. Raises: DataError when it cannot be read."""
    digest = hashlib.sha256()
    for block in blocks_of(path):
        digest.update(block)
    return digest.hexdigest()
