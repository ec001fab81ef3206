"""Files read with clear errors, and written whole or not at all."""

from pathlib import Path

import pytest

from api.errors import FileError
from api.files import read_text, whole_file


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    with whole_file(tmp_path / "out.csv") as file:
        file.write("half")
        seen = list(tmp_path.glob("out.csv"))

    assert seen == []
    assert (tmp_path / "out.csv").read_text() == "half"


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("before")

    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "out.csv") as file:
        file.write(f"half {1 / len('')}")

    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "before"


def test_a_file_of_secrets_is_its_owners_alone(tmp_path: Path) -> None:
    with whole_file(tmp_path / "keys", mode=0o600) as file:
        file.write("x")

    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "out.csv"

    with pytest.raises(FileError, match=r"out\.csv: cannot be written: No such file or directory"), whole_file(path):
        pass


def test_text_that_is_not_utf_8_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "playbook.yaml"
    path.write_bytes("because: Grüße".encode("latin-1"))

    with pytest.raises(FileError) as caught:
        read_text(path)

    assert str(caught.value) == f"{path}: not UTF-8: byte 11 is 0xfc"
