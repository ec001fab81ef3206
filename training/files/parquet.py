"""Parquet files: typed columns, read a batch of rows at a time."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from training.files.kinds import LeadsFile, checksum_of
from training.table import Cell, DataError, Stretch


@dataclass(frozen=True, kw_only=True, slots=True)
class ParquetChunk:
    """Some rows of a Parquet file, and how many stand before them."""

    first_row: int
    batch: Any

    @property
    def weight(self) -> int:
        """How many rows these are."""
        return int(self.batch.num_rows)

    def read(self) -> Stretch:
        """Return the rows; their lines are the numbers of the rows, from 1 on."""
        cells = {field.name: _values(self.batch.column(index)) for index, field in enumerate(self.batch.schema)}
        lines = range(self.first_row + 1, self.first_row + 1 + self.batch.num_rows)
        return Stretch(lines=lines, cells=cells, bad_rows=())


def open_parquet(path: Path) -> LeadsFile:
    """Return a Parquet file; its size counts rows.

    Raises: DataError when it is none, has no rows, or names a column twice.
    """
    checksum = checksum_of(path)
    with _opened(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        raise DataError(f"{path.name}: columns named twice: {', '.join(map(repr, twice))}; rename one")
    if not rows:
        raise DataError(f"{path.name}: holds no rows")
    odd = [f"{field.name} ({field.type})" for field in schema if _reader(field.type) is None]
    warnings = (f"of a type that no lead has, so missing: {', '.join(odd)}",) if odd else ()
    return LeadsFile(
        kind="parquet",
        path=path,
        columns=tuple(schema.names),
        checksum=checksum,
        warnings=warnings,
        size=rows,
        chunks=partial(_chunks, path),
    )


def _chunks(path: Path, rows: int) -> Iterator[ParquetChunk]:
    """Yield batches of rows; each ends with its row group."""
    first = 0
    with _opened(path) as file:
        for group in range(file.num_row_groups):
            try:
                for batch in file.iter_batches(batch_size=rows, row_groups=[group], use_threads=False):
                    yield ParquetChunk(first_row=first, batch=batch)
                    first += batch.num_rows
            except (pa.ArrowInvalid, OSError) as error:
                raise DataError(f"{path.name}: row {first + 1} cannot be read: {error}") from error


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path.name}: is no Parquet file: {error}") from error


def _values(column: Any) -> Sequence[Cell]:
    """Return the values of a column as leads have them."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    read = _reader(kind)
    if read is None:
        return [None] * len(column)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    return [None if value is None else read(value) for value in column.to_pylist()]


def _reader(kind: Any) -> Callable[[Any], Cell] | None:
    """Return what makes a lead's value of a value of this type; None where nothing can."""
    if pa.types.is_dictionary(kind):
        return _reader(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        item = _reader(kind.value_type)
        return (
            None
            if item is None
            else lambda values: tuple(_scalar(item(value)) for value in values if value is not None)
        )
    return next((read for test, read in _READERS if test(kind)), None)


def _scalar(value: Cell) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _same(value: Any) -> Any:
    return value


def _float(value: float) -> float | None:
    return None if math.isnan(value) else value


def _instant(value: date | datetime) -> datetime:
    whole = value if isinstance(value, datetime) else datetime.combine(value, time())
    return whole.replace(tzinfo=UTC) if whole.tzinfo is None else whole.astimezone(UTC)


def _decimal(value: Decimal) -> float:
    return float(value)


_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Cell]], ...] = (
    (pa.types.is_string, _same),
    (pa.types.is_large_string, _same),
    (pa.types.is_boolean, _same),
    (pa.types.is_integer, _same),
    (pa.types.is_floating, _float),
    (pa.types.is_timestamp, _instant),
    (pa.types.is_date, _instant),
    (pa.types.is_decimal, _decimal),
    (pa.types.is_time, time.isoformat),
)
