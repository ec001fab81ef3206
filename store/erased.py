"""Who has been erased: their decisions are still counted, and tell nothing that could be learned from or replayed."""

from sqlalchemy import select

from store.tables import decisions, leads

# Few are ever erased, and they are found by the index of states.
NOT_ERASED = decisions.c.lead_id.not_in(select(leads.c.id).where(leads.c.state == "erased"))
