"""Folders that processes have while they live, and what becomes of those of the dead."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.errors import FileError
from api.scratch import clear_away, scratch, unpacked

LIVING = """
import sys
from pathlib import Path
from api.scratch import scratch

with scratch(Path(sys.argv[1])) as folder:
    (folder / "leads.csv").write_text("ann@big.example")
    print(folder, flush=True)
    sys.stdin.read()
"""


def living(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has a folder with a file in it, and that folder."""
    words = [sys.executable, "-c", LIVING, str(place)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_process_left_is_cleared_away_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    dead, its = living(tmp_path)
    dead.kill()
    dead.communicate()
    alive, theirs = living(tmp_path)

    clear_away(tmp_path)
    with scratch(tmp_path) as mine:
        there = set(tmp_path.iterdir())
        kept = (theirs / "leads.csv").read_text()
    alive.communicate()

    assert its.parent == tmp_path
    assert there == {theirs, mine}
    assert kept == "ann@big.example"
    assert list(tmp_path.iterdir()) == []


def test_one_process_has_as_many_folders_as_it_needs(tmp_path: Path) -> None:
    with unpacked(tmp_path, "leads.csv", b"ann") as ann, unpacked(tmp_path, "leads.csv", b"bob") as bob:
        assert (ann.read_bytes(), bob.read_bytes()) == (b"ann", b"bob")


def test_a_place_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FileError, match="file/scratch: cannot be made: Not a directory"):
        scratch(tmp_path / "file" / "scratch").__enter__()
