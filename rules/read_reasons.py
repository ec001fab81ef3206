"""Reads `reasons`: what a rep may give as the reason of a rejected or lost lead."""

from rules.nodes import ListNode, Node, ScalarNode, part_of
from rules.playbook import ListedReason
from rules.problems import shown
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


def _read_reasons(node: Node, reading: Reading) -> tuple[ListedReason, ...] | None:
    """Return the reasons of a list, each of them once."""
    reasons: tuple[ListedReason, ...] | None = _LIST.read(node, reading)
    first: dict[str, Node] = {}
    for item in node.items if isinstance(node, ListNode) else ():
        name = item if isinstance(item, ScalarNode) else part_of(item, "name")
        if isinstance(name, ScalarNode) and (earlier := first.setdefault(name.text.casefold(), name)) is not name:
            message = f"the reason '{shown(name.text)}' stands twice; the first is on line {earlier.line}"
            reading.note(name, "duplicate-name", message, "keep one")
    return reasons


_LIST = list_term(REASON_TERM, "reasons")
REASON_LIST = Term(says=_LIST.says, read=_read_reasons, schema=_LIST.schema)

REASONS = Section(
    noun="reasons",
    about="The reasons sales may give",
    fields=(
        Field(name="reject", term=REASON_LIST, about="Why a rep rejects a lead", default=()),
        Field(name="lost", term=REASON_LIST, about="Why a lead was lost", default=()),
    ),
)
