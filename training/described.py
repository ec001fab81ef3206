"""What was found in each column, for people to look at before anything is trained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.columns import NEVER_TRAINS, ColumnType, Read, category_text
from training.examples import Examples
from training.leakage import is_identifier

TRAINS = "trains"


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """A column or derived attribute: its type, how much of it is filled (0..1), and what becomes of it."""

    name: str
    type: ColumnType | None
    filled: float
    different: int
    becomes: str


def described(examples: Examples, read: Read) -> Iterator[Described]:
    """Yield every column that was looked at, in the order that people know them, then what was set aside."""
    for name in dict.fromkeys([*examples.names, *read.types, *read.left_out]):
        texts = [category_text(each.values.get(name)) for each in read.facts]
        filled = sum(text is not None for text in texts)
        yield Described(
            name=name,
            type=read.types.get(name) if filled else None,
            filled=filled / max(len(texts), 1),
            different=len(set(texts) - {None}),
            becomes=_becomes(name, texts, read),
        )
    for name, why in examples.aside.items():
        yield Described(name=name, type=None, filled=1.0, different=0, becomes=why)


def _becomes(name: str, texts: Sequence[str | None], read: Read) -> str:
    parts = any(column.part and column.part.of == name for column in read.columns)
    if name not in NEVER_TRAINS and not parts and is_identifier(name, texts):
        return "an identifier, so left out"
    return read.left_out.get(name, TRAINS)
