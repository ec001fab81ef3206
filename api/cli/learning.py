"""What `leadline train` learns from: the options that say so, the data set they give, the types found in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click

from api.cli.house import RefusedError, say_json, say_table
from api.serving import read_active_playbook
from api.stored_outcomes import stored_examples
from rules.compile import Compiled
from rules.spans import span_of
from scoring.attributes import Attribute
from store.database import Database, Transaction
from store.playbooks import active_playbook
from training.columns import Asked, ColumnType
from training.dataset import Dataset, dataset_of, read_examples
from training.described import Described, described
from training.examples import Examples, check_name, examples_of
from training.read import read_table

F = TypeVar("F", bound=Callable[..., Any])

NO_LABEL = "name the column that holds the outcome with --label"
OF_A_FILE = ("label", "positive", "time", "group", "fairness")


class _Span(click.ParamType[timedelta]):
    """A span such as 90d, 12w."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span. Fails where it is none."""
        found = value if isinstance(value, timedelta) else span_of(str(value))
        return found if found is not None else self.fail(f"{value!r} is no span such as 90d, 12w, 36h", param, ctx)


class _TypeOfColumn(click.ParamType[tuple[str, str]]):
    """COLUMN=TYPE; the column may hold = itself."""

    name = "column=type"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The column and its type. Fails where it is no known type."""
        if isinstance(value, tuple):
            return cast(tuple[str, str], value)
        column, _, kind = str(value).rpartition("=")
        if not column or kind not in get_args(ColumnType):
            self.fail(f"{value!r} is not COLUMN=TYPE with a type of {', '.join(get_args(ColumnType))}", param, ctx)
        return column, kind


_OPTIONS = (
    click.option("--label", help="The column that holds the outcome."),
    click.option("--positive", help="The label's value that means converted; found out for 1/0, yes/no, true/false."),
    click.option("--time", help="A column with the time of each lead: train on the past, test on the future."),
    click.option("--group", help="A column whose equal values stay on one side of every split."),
    click.option("--drop", multiple=True, help="A column to leave out; may be given several times."),
    click.option(
        "--fairness", multiple=True, help="A column whose groups the report compares; may be given several times."
    ),
    click.option("--type", "types", multiple=True, type=_TypeOfColumn(), help="number, category, date or text."),
    click.option("--text", multiple=True, help="A free text to learn from by its length and words."),
    click.option("--mature", type=_Span(), default="90d", show_default=True, help="Stored leads: how old at least."),
    click.option("--strict", is_flag=True, help="Stop, keeping nothing, where a column looks as if it knew the label."),
    click.option("--trust", multiple=True, help="A column that --strict lets pass; may be given several times."),
    click.option("--types", "show_types", is_flag=True, help="Show the types found, and train nothing."),
)


def learning_options(command: F) -> F:
    """Adds the options that say what is learned from; the command gets them as keywords of `Learning`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """What is learned from; without a file, the stored outcomes."""

    file: Path | None
    label: str | None
    positive: str | None
    time: str | None
    group: str | None
    drop: tuple[str, ...]
    fairness: tuple[str, ...]
    types: tuple[tuple[str, ColumnType], ...]
    text: tuple[str, ...]
    mature: timedelta
    strict: bool
    trust: tuple[str, ...]
    show_types: bool

    @property
    def asked(self) -> Asked:
        """The types and texts that are asked for."""
        return Asked(types=dict(self.types), text=self.text)


def learn_from(database: Database, learning: Learning, now: datetime) -> Dataset:
    """The data set. Raises: DataError, and RefusedError where it is to be strict and something knows the outcome."""
    examples, declared = _examples(database, learning, now)
    data = dataset_of(examples, asked=learning.asked, declared=declared)
    if learning.strict:
        _refuse_leakage(data, learning.trust)
    return data


def show_types(database: Database, learning: Learning, now: datetime, *, as_json: bool) -> None:
    """Prints each column with its type and what becomes of it. Raises: DataError."""
    examples, declared = _examples(database, learning, now)
    lines = list(described(examples, read_examples(examples, learning.asked, declared)))
    if as_json:
        say_json({"columns": [_line_json(line) for line in lines]})
    else:
        rows = [(each.name, each.type, f"{each.filled:.0%}", f"{each.different:,}", each.becomes) for each in lines]
        say_table(("column", "type", "filled", "different", "what becomes of it"), rows)


def _line_json(line: Described) -> dict[str, object]:
    return {
        "column": line.name,
        "type": line.type,
        "filled": line.filled,
        "different": line.different,
        "becomes": line.becomes,
    }


def _examples(database: Database, learning: Learning, now: datetime) -> tuple[Examples, Mapping[str, Attribute]]:
    """The leads with their outcomes, and the attributes that the playbook in force declares."""
    with database.read() as tx:
        playbook = read_active_playbook(tx) if active_playbook(tx) else None
        declared = playbook.playbook.attributes if playbook else {}
        if learning.file is None:
            return _stored(tx, playbook, learning, now), declared
    if learning.label is None and not learning.show_types:
        raise click.UsageError(NO_LABEL)
    options = {name: getattr(learning, name) for name in (*OF_A_FILE, "drop")}
    return examples_of(read_table(learning.file), **options, now=now), declared


def _stored(tx: Transaction, playbook: Compiled | None, learning: Learning, now: datetime) -> Examples:
    """The stored outcomes. Raises: UsageError for options that only a file has, RefusedError without a playbook."""
    given = [f"--{name}" for name in OF_A_FILE if getattr(learning, name)]
    if given:
        raise click.UsageError(f"{', '.join(given)} only with a FILE; stored outcomes have their own")
    if playbook is None:
        raise RefusedError("there are no stored outcomes yet: no playbook is in force")
    return stored_examples(tx, playbook, mature=learning.mature, drop=learning.drop, now=now)


def _refuse_leakage(data: Dataset, trusted: tuple[str, ...]) -> None:
    """Raises RefusedError with what looks like leakage where any of it is neither trusted nor left out by itself."""
    for name in trusted:
        check_name(name, [*data.types, *data.left_out], "the data")
    found = [each for each in data.leakage if each.column not in trusted]
    if all(each.kind == "identifier" for each in found):
        return
    lines = [f"  {each.column}: {each.evidence}" for each in found]
    remedy = "Nothing was kept. Leave them out with --drop, or name those known when the lead comes in with --trust."
    raise RefusedError("\n".join(["columns that look as if they knew the outcome:", *lines, remedy]))
