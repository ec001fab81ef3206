"""Reads `reasons`: what a rep may give as the reason of a rejected or lost lead."""

from rules.nodes import Node, ScalarNode
from rules.playbook import ListedReason
from rules.reading import Reading
from rules.sections import Field, Section, read_section, section_schema
from rules.spans import length_term
from rules.terms import Term, list_term, text_term

REASON = Section(
    noun="reason",
    about="A reason, and when its lead comes back to marketing",
    fields=(
        Field(name="name", term=text_term(), about="The reason", required=True),
        Field(name="rest", term=length_term(), about="After this span the lead comes back; without it, never"),
    ),
)


def _read_reason(node: Node, reading: Reading) -> ListedReason | None:
    """Return the reason of a bare text or of a mapping."""
    if isinstance(node, ScalarNode):
        name = text_term().read(node, reading)
        return None if name is None else ListedReason(name=name)
    record = read_section(REASON, node, reading)
    return ListedReason(name=record["name"], rest=record["rest"]) if record.whole else None


REASON_TERM = Term(
    says="text or a reason", read=_read_reason, schema={"anyOf": [{"type": "string"}, section_schema(REASON)]}
)

REASONS = Section(
    noun="reasons",
    about="The reasons sales may give",
    fields=(
        Field(name="reject", term=list_term(REASON_TERM, "reasons"), about="Why a rep rejects a lead", default=()),
        Field(name="lost", term=list_term(REASON_TERM, "reasons"), about="Why a lead was lost", default=()),
    ),
)
