"""Reads `forms`: the web forms that post leads."""

from rules.nodes import Node, ScalarNode
from rules.playbook import Form
from rules.reading import Reading
from rules.sections import Field, Record, Section, named_term
from rules.terms import Term, one_or_more_term, pattern_term, text_term, wrong
from scoring.attributes import BUILT_IN, STANDARD

ORIGIN = pattern_term("an origin", r"https?://[^/\s?#]+", "write https://www.example.com, without a path")
PAGE = pattern_term("a page", r"(https?:/)?/[^\s]*", "write a path like /thanks or a whole address")


def _read_required(node: Node, reading: Reading) -> str | None:
    if not isinstance(node, ScalarNode) or node.empty:
        wrong(node, reading, "a field of the form")
        return None
    fields = [*STANDARD, *(name for name in reading.attributes if name not in BUILT_IN)]
    if node.text in fields:
        return node.text
    reading.note_unknown(node, "form field", node.text, fields)
    return None


def _read_trap(node: Node, reading: Reading) -> str | None:
    """Return the name of a trap, which nothing else on the form may have: else every real lead would be dropped."""
    name: str | None = text_term().read(node, reading)
    if name in ("attributes", *reading.attributes):
        message = f"'{name}' holds what people send: as a trap it would drop every real lead"
        reading.note(node, "trap-is-a-field", message, "name a field that nobody needs, like `homepage`")
        return None
    return name


TRAP = Term(
    says="a name of its own",
    read=_read_trap,
    schema={"type": "string", "minLength": 1, "not": {"enum": ["attributes", *BUILT_IN]}},
)

FORM = Section(
    noun="form",
    about="A web form that posts leads",
    fields=(
        Field(
            name="origins",
            term=one_or_more_term(ORIGIN, "origins"),
            about="Pages that may post it from a script (CORS)",
            default=(),
        ),
        Field(name="thank_you", term=PAGE, about="Where the visitor of an HTML form lands: a path or an address"),
        Field(name="trap", term=TRAP, about="A hidden field; who fills it is a machine, and its lead is dropped"),
        Field(
            name="required",
            term=one_or_more_term(
                Term(says="a lead field or custom attribute", read=_read_required, schema={"type": "string"}), "fields"
            ),
            about="Fields that must be filled",
            default=(),
        ),
    ),
)


def _form(name: str, record: Record, reading: Reading) -> Form:
    return Form(
        name=name,
        origins=record["origins"],
        thank_you=record["thank_you"],
        trap=record["trap"],
        required=record["required"],
    )


FORMS = named_term(FORM, _form)
