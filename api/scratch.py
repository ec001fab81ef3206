"""Folders that a process has for as long as it needs them, cleared away by the next one where it was killed.

Each holds a file that its process keeps locked; the kernel lets go of it however the process ends.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from api.errors import FileError
from api.files import locked, make_folder

LOCK = "lock"


@contextmanager
def scratch(place: Path) -> Iterator[Path]:
    """A folder in a place for as long as the block lasts; what dead processes left there is cleared away.

    Raises: FileError where nothing can be written.
    """
    clear_away(place)
    with ExitStack() as stack:
        folder = _own(place, stack)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def unpacked(place: Path, name: str, body: bytes) -> Iterator[Path]:
    """A file of this name and content, in a folder of its own in a place, for as long as the block lasts."""
    with scratch(place) as folder:
        path = folder / name
        path.write_bytes(body)
        yield path


def clear_away(place: Path) -> None:
    """Removes the folders in a place whose processes are dead."""
    for folder in place.glob("*/"):
        # One that somebody else clears away at this moment, or may not be touched, is not ours to remove.
        with suppress(OSError), locked(folder / LOCK) as dead:
            if dead:
                shutil.rmtree(folder, ignore_errors=True)


def _own(place: Path, stack: ExitStack) -> Path:
    """A new folder that is locked until the stack is left."""
    while True:
        folder = _new(place)
        with suppress(FileNotFoundError):  # it was cleared away before it was locked
            if stack.enter_context(locked(folder / LOCK)) and folder.is_dir():
                return folder


def _new(place: Path) -> Path:
    make_folder(place)
    try:
        return Path(mkdtemp(dir=place))
    except OSError as error:
        raise FileError(f"{place}: cannot be written: {error.strerror}") from None
