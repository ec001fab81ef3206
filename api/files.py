"""Files: text read with clear errors, and written whole or not at all."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from api.errors import FileError


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises: FileError that says where it is not UTF-8, or why it cannot be read."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises: FileError that says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None


@contextmanager
def whole_path(path: Path, *, mode: int = 0o644, drafts: Path | None = None) -> Iterator[Path]:
    """A path to write to that takes its name only when the block ends well; otherwise nothing is left of it.

    `drafts` is where it stands until then, on the same disk, else beside the name it takes.
    """
    try:
        file = NamedTemporaryFile(dir=drafts or path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115 - named or removed below
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {error.strerror}") from None
    file.close()
    draft = Path(file.name)
    try:
        yield draft
        draft.chmod(mode)
        draft.replace(path)
    except BaseException:  # whatever ends the block, Ctrl-C too, no draft is left; it goes on being raised
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def whole_file(path: Path, *, mode: int = 0o644, drafts: Path | None = None) -> Iterator[IO[str]]:
    """Opens a text file that takes its name only when the block ends well; otherwise nothing is left of it."""
    with whole_path(path, mode=mode, drafts=drafts) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Tries to lock a file for the block, and says whether it is; it is not while another holds it.

    The kernel lets go of it when this process ends, however it ends. Raises: OSError where there can be no such file.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    """Makes a folder, and those above it, where it is missing."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{path}: cannot be made: {error.strerror}") from None


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
