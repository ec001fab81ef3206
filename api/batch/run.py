"""Scores whole files on all cores, or on a cluster; killed at any moment, a rerun goes on where it stopped."""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import orjson
from joblib import Parallel, cpu_count, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from api.batch.parts import Counts, counted, put_rejects_together, put_together, score_chunk
from api.batch.recipe import Recipe, keep_recipe, kept_recipe, same_but_for_the_instant, seal_of
from api.errors import FileError
from api.files import whole_file
from scoring.scorecard import Scorecard
from training.files.kinds import Chunk, LeadsFile
from training.read import open_leads
from training.table import DataError

# Chunks that each core gets before the next are read: more would only fill memory.
CHUNKS_A_CORE = 4
DONE = "done.json"

# Told after each chunk: how much of a file's size is done, and how many leads that were.
Advance = Callable[[int, int], None]

# Which column lets a derived attribute be known.
DERIVED_FROM: Mapping[str, str] = {
    "email_domain": "email",
    "email_kind": "email",
    "seniority": "title",
    "department": "title",
    "has_phone": "phone",
    "message_length": "message",
    "local_hour": "created_at",
    "weekday": "created_at",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A file to score, where its output goes, and where the rows that cannot be read go."""

    file: LeadsFile
    out: Path
    rejects: Path

    @property
    def folder(self) -> Path:
        """Where the parts stand while the file is scored."""
        return self.out.with_name(f".{self.out.name}.scoring")


class StoppedError(Exception):
    """Scoring stopped half-way; a rerun goes on from there."""


def missing_columns(file: LeadsFile, recipe: Recipe) -> tuple[str, ...]:
    """The attributes that the model knows and the file does not have. Raises: DataError when it has none of them."""
    scorecard = recipe.scorecard
    known = _attributes(scorecard)
    there = {*file.columns, *(["created_at"] if recipe.time in file.columns else [])}
    missing = tuple(name for name in known if name not in there and DERIVED_FROM.get(name) not in there)
    if len(missing) == len(known):
        raise DataError(
            f"{file.path.name}: has none of the columns that model {scorecard.version} learned from "
            f"({', '.join(known[:8])}{', ...' if len(known) > 8 else ''}); is it the right file and delimiter?"
        )
    return missing


def score_file(job: Job, recipe: Recipe, *, jobs: int = -1, advance: Advance) -> Counts:
    """Scores a file chunk by chunk, on so many cores, and puts its output together; says what came of it.

    What an earlier run with the same recipe has done stays done, and decides at its instant. The parts stay until
    `forget`. Raises: DataError, FileError, StoppedError.
    """
    try:
        job.folder.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(f"{job.out}: cannot be written: {error.strerror}") from None
    with _alone(job):
        recipe = _begun(job, replace(recipe, input=job.file.checksum))
        before = _finished(job)
        if before is not None:
            advance(job.file.size, before.scored)
            return before
        counts, parts = Counts(), 0
        for done in _chunks_done(job, recipe, jobs, advance):
            counts, parts = counts + done, parts + 1
        columns = ["row"] if job.file.kind == "jsonl" else job.file.columns
        put_rejects_together(job.folder, parts, columns, job.rejects)
        put_together(job.folder, parts, recipe.kind, job.file.columns, job.out)
        _finish(job, counts, parts)
    return counts


def score_alone(path: Path, out: Path, rejects: Path, recipe: Recipe) -> Counts:
    """Scores a file in one process, as a worker of a cluster does; says what came of it."""
    job = Job(file=open_leads(path), out=out, rejects=rejects)
    return score_file(job, recipe, jobs=1, advance=lambda weight, leads: None)


def forget(job: Job) -> None:
    """Removes what only an unfinished run needs."""
    shutil.rmtree(job.folder, ignore_errors=True)


def _attributes(scorecard: Scorecard) -> list[str]:
    """The attributes that the model reads, parts by what they are read off."""
    parts = {part.name: part.of for part in scorecard.parts}
    return list(dict.fromkeys(parts.get(feature.name, feature.name) for feature in scorecard.features))


@contextmanager
def _alone(job: Job) -> Iterator[None]:
    """Sees to it that no other run writes the same output. Raises: FileError when one does."""
    with (job.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileError(f"{job.out}: another run is scoring to it") from None
        yield


def _begun(job: Job, recipe: Recipe) -> Recipe:
    """The recipe of the run that goes on, or this one, begun anew."""
    kept = kept_recipe(job.folder)
    if kept is not None and same_but_for_the_instant(kept, recipe):
        return kept
    for path in job.folder.iterdir():
        if path.name != "lock":
            path.unlink()
    keep_recipe(job.folder, recipe)
    return recipe


def _finished(job: Job) -> Counts | None:
    """What came of the file where this run has finished it."""
    done = job.folder / DONE
    return Counts(**orjson.loads(done.read_bytes())) if done.exists() and job.out.exists() else None


def _finish(job: Job, counts: Counts, parts: int) -> None:
    with whole_file(job.folder / DONE) as file:
        totals = {"scored": counts.scored, "rejected": counts.rejected, "unread": counts.unread}
        file.write(orjson.dumps(totals).decode())
    for path in job.folder.glob("*.part"):
        path.unlink()


def _chunks_done(job: Job, recipe: Recipe, jobs: int, advance: Advance) -> Iterator[Counts]:
    """What came of each chunk, in order; those that an earlier run has done are not done again."""
    chunks = enumerate(job.file.chunks(recipe.rows))
    cores = cpu_count() if jobs == -1 else jobs
    while wave := list(islice(chunks, cores * CHUNKS_A_CORE)):
        known = {number: done for number, _ in wave if (done := counted(job.folder, number))}
        left = [(number, chunk) for number, chunk in wave if number not in known]
        known |= dict(zip((number for number, _ in left), _scored(job, seal_of(recipe), left, jobs), strict=True))
        for number, chunk in wave:
            advance(chunk.weight, known[number].scored)
            yield known[number]


def _scored(job: Job, seal: str, left: Sequence[tuple[int, Chunk]], jobs: int) -> list[Counts]:
    folder = job.folder.resolve()  # workers of a cluster stand elsewhere
    if len(left) < 2 or jobs == 1:
        return [score_chunk(folder, seal, number, chunk) for number, chunk in left]
    try:
        work = (delayed(score_chunk)(folder, seal, number, chunk) for number, chunk in left)
        return list(Parallel(n_jobs=jobs)(work))
    except TerminatedWorkerError as error:
        raise StoppedError(
            f"a worker process died while scoring {job.file.path.name}; run it again to go on"
        ) from error
