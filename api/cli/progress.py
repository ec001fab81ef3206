"""How far a training run is, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.house import errors

Heard = Callable[[str, float], None]


@contextmanager
def training_progress() -> Iterator[Heard]:
    """A progress line on standard error, in words and as a bar."""
    console = errors()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("reading", total=1.0)

        def heard(what: str, share: float) -> None:
            progress.update(task, description=what, completed=share)

        yield heard
