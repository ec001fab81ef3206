"""Whole files scored: every kind in and out, many at once, and killed at any moment."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.batch import run as running
from api.batch.parts import Counts, score_chunk
from tests.api.builders import Run, printed
from tests.api.test_score_files import rows_of
from training.files.kinds import Chunk

LEADS = [{"email": f"a{row}@big.example", "employees": row, "source": "webinar"} for row in range(7)]


@pytest.fixture(autouse=True)
def three_rows_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cuts files into chunks of three rows, scored in this process."""
    monkeypatch.setattr(import_module("api.cli.score"), "ROWS_A_CHUNK", 3)


def csv_file(folder: Path, name: str = "leads.csv") -> Path:
    path = folder / name
    lines = [",".join(map(str, row.values())) for row in LEADS]
    path.write_text("\n".join(["email,employees,source", *lines]) + "\n", encoding="utf-8")
    return path


def score(run_: Run, *words: object) -> dict[str, object]:
    summary: dict[str, object] = printed(run_("score", *words, "--jobs", 1, "--json"))
    return summary


def test_every_kind_of_file_gives_the_same_scores(run: Run, home: Path) -> None:
    (home / "leads.jsonl").write_text("\n".join(map(json.dumps, LEADS)), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(LEADS), home / "leads.parquet", row_group_size=4)
    for kind in ("csv", "jsonl", "parquet"):
        score(run, csv_file(home) if kind == "csv" else home / f"leads.{kind}", "-o", home / f"out.{kind}")

    from_csv = rows_of(home / "out.csv")
    from_lines = [json.loads(line) for line in (home / "out.jsonl").read_text().splitlines()]
    from_parquet = pq.read_table(home / "out.parquet")

    assert len(from_csv) == 7
    assert [row["employees"] for row in from_lines] == from_parquet.column("employees").to_pylist() == list(range(7))
    for name in ("probability", "fit", "score"):
        assert [float(row[name]) for row in from_csv] == [row[name] for row in from_lines]
        assert [row[name] for row in from_lines] == from_parquet.column(name).to_pylist()
    assert [json.loads(row["reasons"]) for row in from_csv] == [row["reasons"] for row in from_lines]
    assert list(map(json.loads, from_parquet.column("reasons").to_pylist())) == [row["reasons"] for row in from_lines]
    assert from_parquet.schema.field("employees").type == pa.int64()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_ending_of_the_output_names_its_kind(run: Run, home: Path, ending: str) -> None:
    score(run, csv_file(home), "-o", home / f"out.{ending}")

    start = (home / f"out.{ending}").read_bytes()[:5]
    assert start == {"csv": b"email", "jsonl": b'{"ema', "parquet": b"PAR1\x15"}[ending]


def test_many_files_go_to_a_folder_each_under_its_name(run: Run, home: Path) -> None:
    summary = score(run, csv_file(home, "a.csv"), csv_file(home, "b.csv"), "-o", home / "out")

    assert [each["scored"] for each in summary["files"]] == [7, 7]  # type: ignore[attr-defined] # JSON
    assert sorted(path.name for path in (home / "out").iterdir()) == ["a.csv", "b.csv"]


def test_two_files_of_one_name_are_not_written_over_each_other(run: Run, home: Path) -> None:
    (home / "sub").mkdir()

    result = run("score", csv_file(home), csv_file(home / "sub"), "-o", home / "out")

    assert (result.exit_code, "leads.csv would be written twice" in result.stderr) == (2, True)


def test_lines_that_are_no_leads_are_rejected_with_their_reason(run: Run, home: Path) -> None:
    (home / "leads.jsonl").write_text('{"employees": 1}\n{"employees": \n', encoding="utf-8")

    summary = score(run, home / "leads.jsonl")

    [row] = rows_of(Path(str(summary["rejects"])))
    assert (row["line"], row["row"]) == ("2", '{"employees": ')
    assert row["problem"].startswith("is not JSON: ")


def test_rejects_of_an_earlier_run_do_not_stay(run: Run, home: Path) -> None:
    path = csv_file(home)
    whole = path.read_text()
    path.write_text(whole + "short\n")
    score(run, path)
    path.write_text(whole)
    score(run, path)

    assert sorted(each.name for each in home.glob("leads*")) == ["leads.csv", "leads.scored.csv"]


def test_a_time_column_says_when_leads_came_in(run: Run, home: Path) -> None:
    (home / "leads.csv").write_text("employees,received\n1,nonsense\n", encoding="utf-8")

    assert score(run, home / "leads.csv", "--time", "received")["unread"] == 1
    assert list(rows_of(home / "leads.scored.csv")[0])[:3] == ["employees", "received", "probability"]


class StopError(Exception):
    """Somebody pulls the plug."""


def stopped_after(chunks: int, run_: Run, path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Scores a file until so many chunks are done; returns the chunks that were."""
    done: list[int] = []

    def counting(folder: Path, seal: str, number: int, chunk: Chunk) -> Counts:
        if len(done) == chunks:
            raise StopError
        done.append(number)
        return score_chunk(folder, seal, number, chunk)

    with monkeypatch.context() as patched:
        patched.setattr(running, "score_chunk", counting)
        result = run_("score", path, "--jobs", 1)
        assert result.exception is None or isinstance(result.exception, StopError), result.output
    return done


def test_a_rerun_goes_on_where_the_run_before_stopped(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = csv_file(home), home / "leads.scored.csv"

    assert stopped_after(1, run, path, monkeypatch) == [0]
    assert not out.exists()
    assert stopped_after(9, run, path, monkeypatch) == [1, 2]
    resumed = out.read_text()
    score(run, path, "-o", home / "at-once.csv")
    assert resumed == (home / "at-once.csv").read_text()
    assert not list(home.glob(".leads*"))


def test_a_file_that_has_changed_is_begun_anew(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(home)
    stopped_after(2, run, path, monkeypatch)
    path.write_text(path.read_text() + "z@big.example,1,x\n")

    assert stopped_after(9, run, path, monkeypatch) == [0, 1, 2]


def test_a_part_without_its_counts_is_done_again(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(home)
    stopped_after(2, run, path, monkeypatch)
    (home / ".leads.scored.csv.scoring" / "000001.json").unlink()

    assert stopped_after(9, run, path, monkeypatch) == [1, 2]


def test_a_finished_file_is_not_scored_again_while_others_are_left(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = csv_file(home, "a.csv"), csv_file(home, "b.csv")
    (home / "out").mkdir()
    done: list[str] = []

    def counting(folder: Path, seal: str, number: int, chunk: Chunk) -> Counts:
        if len(done) == 4:
            raise StopError
        done.append(folder.name)
        return score_chunk(folder, seal, number, chunk)

    with monkeypatch.context() as patched:
        patched.setattr(running, "score_chunk", counting)
        run("score", first, second, "-o", home / "out", "--jobs", 1)
        done.clear()
        done_before = (home / "out" / "a.csv").stat().st_mtime_ns
        run("score", first, second, "-o", home / "out", "--jobs", 1)

    assert done == [".b.csv.scoring"] * 2
    assert (home / "out" / "a.csv").stat().st_mtime_ns == done_before


def test_two_runs_do_not_write_the_same_output(run: Run, home: Path) -> None:
    path = csv_file(home)
    folder = home / ".leads.scored.csv.scoring"
    folder.mkdir()
    holder = f"import fcntl,sys,time\nfile=open({str(folder / 'lock')!r},'w')\nfcntl.flock(file,fcntl.LOCK_EX)\n"
    holder += "sys.stdout.write('held\\n')\nsys.stdout.flush()\nsys.stdin.readline()\n"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = run("score", path)
        other.communicate("\n")

    assert result.stderr == f"Error: {home}/leads.scored.csv: another run is scoring to it\n"


def test_many_files_are_spread_over_a_cluster(run: Run, home: Path) -> None:
    distributed = pytest.importorskip("distributed")
    paths = [csv_file(home, f"{name}.csv") for name in "ab"]
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp://"
    ) as cluster:
        summary = score(run, *paths, "-o", home / "out", "--cluster", cluster.scheduler_address)
    score(run, paths[0], "-o", home / "alone.csv")

    assert [each["scored"] for each in summary["files"]] == [7, 7]  # type: ignore[attr-defined] # JSON
    assert (home / "out" / "a.csv").read_text() == (home / "alone.csv").read_text()
    assert sorted(path.name for path in (home / "out").iterdir()) == ["a.csv", "b.csv"]
