"""Reads `attributes`: what a playbook declares beside the built-in ones."""

from rules.nodes import MapNode, Node
from rules.read_conditions import COMBINATORS
from rules.reading import Reading
from rules.sections import Field, Record, Section, named_term
from rules.terms import Term, choice_term, text_term
from scoring.attributes import BUILT_IN, Attribute

SECTION = Section(
    noun="attribute",
    about="A custom attribute of leads",
    fields=(
        Field(
            name="type",
            term=choice_term("type", ("text", "number", "flag", "time", "list")),
            about="What its values are",
            required=True,
        ),
        Field(name="about", term=text_term(), about="One line of description", default="Custom attribute"),
    ),
)


def _attribute(name: str, record: Record, reading: Reading) -> Attribute:
    return Attribute(kind=record["type"], about=record["about"])


NAMED = named_term(SECTION, _attribute)


def _declare(node: Node, reading: Reading) -> dict[str, Attribute] | None:
    """Return the custom attributes by name, and let conditions name them from here on."""
    declared: dict[str, Attribute] | None = NAMED.read(node, reading)
    for key, _ in node.entries if isinstance(node, MapNode) else ():
        if key.text in BUILT_IN:
            reading.note(key, "built-in", f"'{key.text}' is built in", "remove it or choose another name")
        elif key.text in COMBINATORS or not key.text.strip():
            reading.note(key, "reserved-name", f"'{key.text}' cannot name an attribute", "choose another name")
        elif declared is not None and key.text not in declared:
            reading.unsound.add(key.text)
    reading.undeclared |= declared is None
    reading.attributes = {**(declared or {}), **BUILT_IN}
    return declared


_TAKEN = {"pattern": r"\S", "not": {"enum": [*BUILT_IN, *COMBINATORS]}}
ATTRIBUTES = Term(says=NAMED.says, read=_declare, schema={**NAMED.schema, "propertyNames": _TAKEN})
