"""`leadline playbook diff`: who moves where when one playbook takes the place of another."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli import MISTAKES
from api.cli.house import FILE, RefusedError, checked, errors, json_option, now, opened, say_json, settings
from api.cli.publish import teams_that_go
from api.diff.chunks import Chunk, file_chunks, kept_chunks
from api.diff.comparison import Comparison, Named, bounded, compared
from api.diff.document import diff_document
from api.diff.leads import read_leads
from api.diff.pages import diff_page
from api.diff.run import compare
from api.diff.text import diff_text
from api.fields import LARGEST_NUMBER
from api.files import read_bytes, read_text, whole_file
from api.serving import NO_PLAYBOOK
from models.exchange import imported
from rules.compile import Compiled
from rules.spans import span_of as length_of
from scoring.attributes import STANDARD
from scoring.scorecard import Scorecard
from store.models import champion
from store.playbooks import active_playbook, playbook_text
from store.replay import decision_ids

OUT = click.Path(dir_okay=False, path_type=Path)
USUAL = "30d"

MOST_NAMED = 200
NO_COLUMN = (
    "{file} holds no leads: none of its columns is a field of a lead or an attribute of the playbooks: {columns}"
)
NO_MODEL = (
    "no model is in force here and the file has no columns probability and fit, so both are taken as 0; "
    "name a model with --model"
)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--since", metavar="SPAN", help="Replay the decisions of the last 30d (when left out), 12h, 2w, ...")
@click.option("--leads", type=FILE, help="Decide the leads of this file (CSV, Parquet, JSON Lines) instead.")
@click.option("--model", type=FILE, help="A model, as `leadline models export` wrote it, for leads that say nothing.")
@click.option("--html", type=OUT, help="Write a page that opens offline.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; as many as there are cores when left out.")
@json_option
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    since: str | None,
    leads: Path | None,
    model: Path | None,
    html: Path | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Replay decisions through the playbooks OLD and NEW and show who moves.

    OLD and NEW are files, numbers of published playbooks, or `active`. With --leads and two files no database is
    needed; what the model says is then taken from the columns probability and fit, as `leadline score` writes them,
    else from --model, else from the model in force.

    Exit code 0 when nobody moves, 1 when somebody does, 2 when they cannot be compared.
    """
    with _trouble():
        found = _compared(old, new, since, leads, model, jobs or os.cpu_count() or 1)
        if html:
            with whole_file(html) as file:
                file.write(diff_page(found))
    if as_json:
        say_json(diff_document(found))
    else:
        click.echo(diff_text(found))
    ctx.exit(1 if found.moves else 0)


class TroubleError(click.ClickException):
    """The playbooks cannot be compared; exit code 2, as 1 says that somebody moves."""

    exit_code = 2


@contextmanager
def _trouble() -> Iterator[None]:
    """Raises TroubleError for what a person caused and can mend."""
    try:
        yield
    except click.UsageError:
        raise
    except click.ClickException as error:
        raise TroubleError(error.message) from None
    except MISTAKES as error:
        raise TroubleError(str(error)) from None


def _compared(old: str, new: str, since: str | None, leads: Path | None, model: Path | None, jobs: int) -> Comparison:
    """What came of comparing. Raises: RefusedError when there is nothing to compare on."""
    if since and leads:
        raise click.UsageError("--since and --leads exclude each other: a file is decided whole")
    if model and not leads:
        raise click.UsageError("--model goes with --leads: kept decisions say what their own model said")
    before, after = _named(old), _named(new)
    notes = _gone(after.playbook) if old == "active" else []
    begin = None if leads else _begin(since or USUAL)
    playbooks = before.playbook, after.playbook
    chunks = _kept(begin) if begin else _of_file(leads, model, playbooks, notes) if leads else ()
    with _advancing(sum(map(len, chunks))) as heard:
        replay, noted = compare(chunks, *playbooks, jobs=jobs, heard=heard)
    if leads and not replay.decisions:
        raise RefusedError("\n".join([f"no lead of {leads} can be decided:", *bounded([*notes, *noted])]))
    until = None if leads else now()
    return compared(before, after, replay, since=begin, until=until, notes=[*notes, *noted])


def _named(word: str) -> Named:
    """The playbook that a word names. Raises: RefusedError when there is none, or it is broken."""
    if word == "active" or word.isdecimal():
        return _published(word)
    path = Path(word)
    if not path.is_file():
        raise RefusedError(f"{word} is no file, no number of a published playbook and not `active`")
    return Named(name=word, playbook=checked(read_text(path), word))


def _published(word: str) -> Named:
    with opened() as database, database.read() as tx:
        if word == "active":
            number, text = active_playbook(tx) or (0, "")
            if not number:
                raise RefusedError(NO_PLAYBOOK)
        else:
            number = min(int(word), LARGEST_NUMBER)
            text = playbook_text(tx, number)
    return Named(name=f"playbook {number}", playbook=checked(text, f"playbook {number}", number))


def _gone(playbook: Compiled) -> list[str]:
    """What to keep in mind of teams that have open leads now and are not in a playbook."""
    with opened() as database, database.read() as tx:
        return teams_that_go(tx, playbook)


def _begin(since: str) -> datetime:
    """The instant since which decisions are replayed."""
    length = length_of(since)
    if length is None:
        raise click.BadParameter(f"'{since}' is no span of time; write 30d, 12h or 2w", param_hint="--since")
    return now() - length


def _kept(begin: datetime) -> Sequence[Chunk]:
    """The decisions of the database. Raises: RefusedError when there are none."""
    with opened() as database, database.read() as tx:
        ids = decision_ids(tx, since=begin)
    if not ids:
        raise RefusedError(f"no decision was made since {begin:%Y-%m-%d %H:%M} UTC; give a longer --since, or --leads")
    return kept_chunks(settings().database_url, ids)


def _of_file(file: Path, model: Path | None, playbooks: tuple[Compiled, Compiled], notes: list[str]) -> Sequence[Chunk]:
    """The leads of a file. Raises: RefusedError when no column of it is anything that a lead has."""
    found, old = read_leads(file), playbooks[0]
    known = {*STANDARD, *(name for each in playbooks for name in each.playbook.attributes)}
    if found.columns and known.isdisjoint(found.columns):
        raise RefusedError(NO_COLUMN.format(file=file, columns=", ".join(found.columns)[:MOST_NAMED]))
    notes.extend(found.notes)
    scorecard = None if found.modelled else imported(read_bytes(model)).scorecard if model else _scorecard()
    if scorecard is None and not found.modelled:
        notes.append(NO_MODEL)
    return file_chunks(found.rows, now(), scorecard, old.playbook.attributes)


def _scorecard() -> Scorecard | None:
    """The model in force; None where there is none, or no house at all."""
    try:
        with opened() as database, database.read() as tx:
            version = champion(tx)
    except RefusedError:  # a playbook can be compared where no house stands
        return None
    return version.scorecard if version else None


@contextmanager
def _advancing(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; hears how many decisions more are done."""
    console = errors()
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("replaying", total=total)
        yield lambda done: progress.advance(task, done)
