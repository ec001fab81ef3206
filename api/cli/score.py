"""`leadline score`: files of leads in, the same rows with score columns out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
from joblib import Parallel, delayed
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.batch.parts import Counts
from api.batch.recipe import ROWS_A_CHUNK, Recipe
from api.batch.run import Advance, Job, StoppedError, forget, missing_columns, score_alone, score_file
from api.cli.house import FILE, RefusedError, checked, errors, json_option, now, opened, say_json
from api.files import make_folder, read_text
from api.serving import NO_MODEL, NO_PLAYBOOK
from scoring.scorecard import Scorecard
from store.database import Transaction
from store.models import champion, version
from store.playbooks import active_playbook
from training.cluster import on_cluster
from training.read import ENDINGS, open_leads

OUT = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """A file that is done, and what came of its rows."""

    job: Job
    counts: Counts


@click.command()
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=OUT, help="Where to write; a folder for several files. Its ending says the kind.")
@click.option("--model", help="Score with this version instead of the one that serves.")
@click.option("--playbook", "playbook_file", type=FILE, help="Decide by this playbook instead of the one in force.")
@click.option("--time", help="The column that says when each lead came in, where none is called created_at.")
@click.option("--jobs", type=int, default=-1, show_default=True, help="Chunks scored at a time; -1 for one a core.")
@click.option("--cluster", metavar="ADDRESS", help="Score on a Dask cluster that sees the same files.")
@json_option
def score(
    files: tuple[Path, ...],
    output: Path | None,
    model: str | None,
    playbook_file: Path | None,
    time: str | None,
    jobs: int,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Score the leads in each FILE: CSV, Parquet or JSON Lines of any size.

    Writes the same rows with the columns probability, fit, score, grade, qualified and reasons (JSON). Rows that
    cannot be read go to a file of rejects beside it, with the line and the reason. An output takes its name when it
    is whole; a run that was killed goes on where it stopped when the same is asked for again.
    """
    outs = _outs(files, output)
    recipe = _recipe(model, playbook_file, time)
    scored_jobs = [Job(file=open_leads(file), out=out, rejects=out.with_suffix(".rejects.csv")) for file, out in outs]
    _warn(scored_jobs, recipe)
    try:
        with on_cluster(cluster), _progress(scored_jobs) as advance:
            spread = cluster is not None and len(scored_jobs) > 1
            done = list(_spread(scored_jobs, recipe, advance) if spread else _each(scored_jobs, recipe, jobs, advance))
    except StoppedError as error:
        raise RefusedError(str(error)) from None
    for each in done:
        forget(each.job)
    _say(done, recipe.scorecard, as_json)


def _outs(files: Sequence[Path], output: Path | None) -> list[tuple[Path, Path]]:
    """Each file with where its output goes. Raises: BadParameter where one would be written over, or twice."""
    folder = output is not None and (len(files) > 1 or output.is_dir())
    if folder and output is not None:
        make_folder(output)
        outs = [(file, output / file.name) for file in files]
    else:
        outs = [(file, output or file.with_suffix(f".scored{file.suffix}")) for file in files]
    twice = [name for name, count in Counter(out.resolve() for _, out in outs).items() if count > 1]
    over = [file for file in files if file.resolve() in {out.resolve() for _, out in outs}]
    if twice or over:
        problem = f"{over[0]} would be written over" if over else f"{twice[0].name} would be written twice"
        raise click.BadParameter(f"{problem}; give another", param_hint="--output")
    return outs


def _recipe(model: str | None, playbook_file: Path | None, time: str | None) -> Recipe:
    with opened() as database, database.read() as tx:
        scorecard = _scorecard(tx, model)
        number, text = (0, read_text(playbook_file)) if playbook_file else active_playbook(tx) or (None, "")
    if number is None:
        raise RefusedError(NO_PLAYBOOK)
    checked(text, str(playbook_file or "the playbook in force"), number)
    return Recipe(
        scorecard=scorecard, playbook=text, number=number, now=now(), kind="csv", rows=ROWS_A_CHUNK, time=time
    )


def _scorecard(tx: Transaction, model: str | None) -> Scorecard:
    found = version(tx, model) if model else champion(tx)
    if found is None:
        raise RefusedError(NO_MODEL)
    return found.scorecard


def _warn(jobs: Iterable[Job], recipe: Recipe) -> None:
    for job in jobs:
        missing = missing_columns(job.file, recipe)
        lacks = f"{job.file.path.name} lacks {', '.join(missing)}, which the model knows; scored as missing"
        for warning in (*job.file.warnings, *([lacks] if missing else [])):
            errors().print(f"Warning: {warning}", markup=False)


@contextmanager
def _progress(jobs: Sequence[Job]) -> Iterator[Advance]:
    """A bar on standard error that tells how many leads are scored."""
    console = errors()
    columns = (TextColumn("{task.fields[leads]:,} leads"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("scoring", total=sum(job.file.size for job in jobs), leads=0)
        count = 0

        def advance(weight: int, leads: int) -> None:
            nonlocal count
            count += leads
            progress.update(task, advance=weight, leads=count)

        yield advance


def _each(jobs: Sequence[Job], recipe: Recipe, cores: int, advance: Advance) -> Iterator[Scored]:
    """One file after the other, each on all cores."""
    for job in jobs:
        yield Scored(job=job, counts=score_file(job, _for(job, recipe), jobs=cores, advance=advance))


def _spread(jobs: Sequence[Job], recipe: Recipe, advance: Advance) -> Iterator[Scored]:
    """Each file as a whole on some worker of the cluster."""
    work = (
        delayed(score_alone)(job.file.path.resolve(), job.out.resolve(), job.rejects.resolve(), _for(job, recipe))
        for job in jobs
    )
    for job, counts in zip(jobs, Parallel(n_jobs=-1, return_as="generator")(work), strict=True):
        advance(job.file.size, counts.scored)
        yield Scored(job=job, counts=counts)


def _for(job: Job, recipe: Recipe) -> Recipe:
    """The recipe for the kind of output that the ending names, else for the kind of the input."""
    return replace(recipe, kind=ENDINGS.get(job.out.suffix.lower(), job.file.kind))


def _say(done: Sequence[Scored], scorecard: Scorecard, as_json: bool) -> None:
    if as_json:
        files = [_document(each) for each in done]
        say_json({"model": scorecard.version, **(files[0] if len(files) == 1 else {"files": files})})
        return
    for each in done:
        click.echo(f"{each.counts.scored:,} leads scored with model {scorecard.version}: {each.job.out}")
        if each.counts.unread:
            click.echo(
                f"{each.counts.unread:,} of them without a value that made no sense "
                "(an e-mail address, a phone number, ...)"
            )
        if each.counts.rejected:
            click.echo(f"{each.counts.rejected:,} rows could not be read: {each.job.rejects}")


def _document(scored: Scored) -> dict[str, object]:
    counts = scored.counts
    return {
        "scored": counts.scored,
        "rejected": counts.rejected,
        "unread": counts.unread,
        "output": str(scored.job.out),
        "rejects": str(scored.job.rejects) if counts.rejected else None,
    }
