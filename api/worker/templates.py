"""The templates of a house: its own words where it has some, ours everywhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from structlog import get_logger

from api.worker.examples import examples
from api.worker.words import OURS, BrokenTemplateError, Message, words_of
from rules.problems import nearest
from scoring.lead import Lead
from store.events import Event, EventKind

KINDS: tuple[EventKind, ...] = get_args(EventKind)


class Templates:
    """The words for events. A house's own template that is broken is told of once, and ours says it meanwhile."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "notifications"
        self._told = set[str]()

    def words_of(self, event: Event, lead: Lead | None, holder: str | None, timezone: str) -> Message:
        """The words for an event about a lead and who has it now, or about none; time is told by a zone's clocks."""
        if self.own(event.kind).exists():
            try:
                return words_of(event, lead, holder, timezone=timezone, folder=self.folder)
            except BrokenTemplateError as error:
                self._tell(error)
        return words_of(event, lead, holder, timezone=timezone)

    def own(self, kind: EventKind) -> Path:
        """Where the house's own template for a kind of event stands, if it has one."""
        return self.folder / f"{kind}.txt"

    def in_force(self, kind: EventKind) -> Path:
        """The file whose words are used for a kind of event as long as it is not broken."""
        return self.own(kind) if self.own(kind).exists() else OURS / f"{kind}.txt"

    def broken(self) -> Iterator[BrokenTemplateError]:
        """What is wrong with the house's own templates, as far as examples show it."""
        for file in sorted(self.folder.glob("*.*.txt")):
            if file.stem not in KINDS:
                near = nearest(file.stem, KINDS)
                what = "there is no such event; " + (
                    f"did you mean {near}.txt?" if near else f"there are {', '.join(KINDS)}"
                )
                yield BrokenTemplateError(file, 1, what)
        for kind in KINDS:
            if self.own(kind).exists():
                yield from self._broken(kind)

    def tell_broken(self) -> None:
        """Logs what is wrong with the house's own templates."""
        for error in self.broken():
            self._tell(error)

    def _broken(self, kind: EventKind) -> Iterator[BrokenTemplateError]:
        """What is wrong with one template: the first thing that an example shows."""
        for event, lead, holder in examples(kind):
            try:
                words_of(event, lead, holder, folder=self.folder)
            except BrokenTemplateError as error:
                yield error
                return

    def _tell(self, error: BrokenTemplateError) -> None:
        if str(error) not in self._told:
            self._told.add(str(error))
            get_logger().error("template broken", file=str(error.file), line=error.line, what=error.what)
