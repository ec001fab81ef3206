"""Events in words, about their leads as they are known now."""

from dataclasses import dataclass

from api.errors import NotReadyError
from api.serving import Serving
from api.worker.templates import Templates
from api.worker.words import Message
from store.database import Database
from store.events import Event
from store.listing import find_lead
from store.notices import timezone_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Says what happened, to people and to the channels of a team."""

    database: Database
    serving: Serving
    templates: Templates

    def to_one(self, event: Event, timezone: str) -> Message:
        """The words for someone who lives by the clocks of a time zone."""
        with self.database.read() as tx:
            kept = None if event.lead_id is None else find_lead(tx, event.lead_id)
        if kept is None:
            return self.templates.words_of(event, None, None, timezone)
        holder = kept.rep or (f"the queue of {kept.team}" if kept.team else None)
        return self.templates.words_of(event, kept.lead, holder, timezone)

    def to_many(self, event: Event) -> Message:
        """The words for those who follow a team, by the clocks of its calendar; by UTC while no playbook serves."""
        try:
            timezone = timezone_of(event, self.serving.current().playbook.playbook)
        except NotReadyError:
            timezone = "UTC"
        return self.to_one(event, timezone)
