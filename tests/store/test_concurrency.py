"""Many at once, and those who die on the way."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from scoring.lead import Lead
from store.batch import hold_batch
from store.database import Database, connect, default_url, upgrade
from store.leads import add_submission, merge_lead, submissions_of
from store.listing import list_leads
from store.tables import assignments, clocks, decisions, due_work, events, leads, shares, submissions
from tests.builders import NOW, lead
from tests.store.builders import arrive, playbook, write

ROOT = Path(__file__).parents[2]
# How many processes, and how many leads each takes in.
MANY = {"sqlite": (4, 16), "postgresql": (16, 5)}


def test_no_capacity_is_exceeded_by_processes_that_take_leads_in_at_once(database: Database) -> None:
    """Every rep gets exactly what they can take, the rest waits, and nothing is lost or counted twice."""
    reps = ["Ana, capacity: 9 per day", "Ben, capacity: 5 per week", "Cleo, weight: 2, capacity: 7 per day"]

    total = take_in_by_processes(database, reps)

    with database.read() as tx:
        got = Counter(row.rep for row in tx.execute(select(assignments.c.rep)))
        counted = {row.rep: row.assigned for row in tx.execute(select(shares).where(shares.c.period == "2026-03"))}
        kept = [
            tx.execute(select(func.count()).select_from(t)).scalar() for t in (leads, decisions, clocks, submissions)
        ]
    assert got == {"Ana": 9, "Ben": 5, "Cleo": 7, None: total - 21}
    assert counted == {"Ana": 9, "Ben": 5, "Cleo": 7}
    assert kept == [total] * 4


def test_processes_that_take_leads_in_at_once_share_as_one_would(database: Database) -> None:
    """Whoever comes first, each rep ends within a lead of what their weight is worth."""
    weights = {"Ana": 3.0, "Ben": 1.0, "Cleo": 1.0, "Dan": 0.5, "Eve": 2.3}

    total = take_in_by_processes(database, [f"{name}, weight: {weight}" for name, weight in weights.items()])

    with database.read() as tx:
        got = Counter(tx.execute(select(assignments.c.rep)).scalars())
    ideal = {name: total * weight / sum(weights.values()) for name, weight in weights.items()}
    assert sum(got.values()) == total
    assert [name for name, share in ideal.items() if abs(got[name] - share) >= 1] == []


def test_threads_that_take_leads_in_at_once_share_as_one_would(database: Database) -> None:
    """Eight threads end with the same shares as one process."""
    together([partial(arrive_some, database, who) for who in range(8)])

    with database.read() as tx:
        got = Counter(row.rep for row in tx.execute(select(assignments.c.rep)))
    assert got == {"Ana": 24, "Ben": 8, "Cleo": 8}


def test_one_person_sent_in_different_ways_at_once_is_one_lead(database: Database) -> None:
    """Every submission is kept with it, whichever of email, phone and external id each bore."""
    sent = [
        lead(external_id="7"),
        lead(phone="+4930123456"),
        lead(email=None, phone="+4930123456", external_id="7"),
        lead(external_id="7", phone="+4930123456"),
    ]
    with database.begin() as tx:
        merge_lead(tx, lead(external_id="7", phone="+4930123456"), NOW)

    together([partial(submit, database, one) for one in sent * 3])

    with database.read() as tx:
        (kept,) = list_leads(tx, limit=10).leads
        assert len(submissions_of(tx, kept.id)) == 12


def test_people_nobody_knew_arriving_at_once_by_one_address_are_one(database: Database) -> None:
    """Nobody is kept twice and nothing fails."""
    together([partial(submit, database, lead(title=f"title {number}")) for number in range(8)])

    with database.read() as tx:
        (kept,) = list_leads(tx, limit=10).leads
        assert len(submissions_of(tx, kept.id)) == 8


def test_people_sent_crosswise_at_once_wait_for_each_other_without_end(database: Database) -> None:
    """Two people, each sent with the other's phone, from both ends: no deadlock."""
    ann, bob = lead(phone="+4930123456"), lead(email="bob@big.example", phone="+4930654321")
    submit(database, ann)
    submit(database, bob)
    crossed = [lead(phone=bob.phone), lead(email=bob.email, phone=ann.phone)]

    together([partial(submit, database, one) for one in crossed * 6])

    with database.read() as tx:
        assert len(list_leads(tx, limit=10).leads) == 2


def test_batches_of_the_same_people_in_any_order_wait_for_each_other_without_end(database: Database) -> None:
    """Also beside single leads; each person is one lead and is handed out once."""
    people = [lead(email=f"{name}@{name}.example", phone=f"+493012345{name}") for name in ("10", "11", "12", "13")]
    batches = [people, people[::-1], people[2:] + people[:2], people[:1], people[3:]]

    together([partial(take_in_batch, database, batch) for batch in batches * 4])

    with database.read() as tx:
        assert len(list_leads(tx, limit=10).leads) == 4
        assert Counter(tx.execute(select(assignments.c.rep)).scalars()) == {"Ana": 2, "Ben": 2}


def test_a_process_killed_before_its_commit_leaves_nothing_half_written(database: Database) -> None:
    """Nor anything locked: the next lead is taken in at once."""
    compiled = playbook("Ana")
    with intake(database, 1, "half", ["Ana"]) as process:
        say(process, "go")
        assert hear(process) == "written"
        process.kill()
        process.wait()

    arrive(database, compiled, "ann")

    with database.read() as tx:
        tables = (leads, submissions, decisions, assignments, clocks, due_work, events)
        kept = [tx.execute(select(func.count()).select_from(table)).scalar() for table in tables]
        assigned = tx.execute(select(shares.c.assigned)).scalars().all()
    assert kept == [1, 1, 1, 1, 1, 3, 2]
    assert assigned == [1, 1, 1]


def test_a_new_database_may_be_upgraded_by_many_at_once(tmp_path: Path) -> None:
    """As when several servers start together."""
    databases = [connect(default_url(tmp_path)) for _ in range(4)]

    together([partial(upgrade, database) for database in databases])

    with databases[0].read() as tx:
        assert list_leads(tx, limit=1).leads == ()
    for database in databases:
        database.close()


def arrive_some(database: Database, who: int) -> None:
    """Lets five people arrive."""
    compiled = playbook("Ana, weight: 3", "Ben", "Cleo")
    for number in range(5):
        arrive(database, compiled, f"t{who}x{number}")


def take_in_batch(database: Database, batch: Sequence[Lead]) -> None:
    """Takes several leads in by one transaction; a single one as any door does."""
    compiled = playbook("Ana", "Ben")
    with database.begin() as tx:
        if len(batch) > 1:
            hold_batch(tx, batch, compiled.playbook)
        for sent in batch:
            write(tx, compiled, sent)


def submit(database: Database, sent: Lead) -> None:
    """Merges a lead and keeps its submission."""
    with database.begin() as tx:
        add_submission(tx, merge_lead(tx, sent, NOW), {"title": sent.title})


def together(works: Sequence[Callable[[], None]]) -> None:
    """Does all of it at once, in eight threads; raises what any of them raised."""
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(work) for work in works]:
            done.result(timeout=60)


def take_in_by_processes(database: Database, reps: Sequence[str]) -> int:
    """Lets people arrive in many processes at once, and returns how many did."""
    processes, each = MANY[database.engine.dialect.name]
    with intake(database, processes, str(each), reps) as process:
        say(process, "go")
        assert process.wait() == 0
    return processes * each


@contextmanager
def intake(database: Database, processes: int, count: str, reps: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that is ready to take leads in."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.store.intake", url, str(processes), count, *reps]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert hear(process) == "ready"
        yield process


def say(process: subprocess.Popen[str], word: str) -> None:
    """Writes the process a line."""
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    """Returns the next line of the process."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
