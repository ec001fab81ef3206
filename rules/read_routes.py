"""Reads `routes`: the first that matches a qualified lead wins."""

from rules.nodes import Node
from rules.playbook import Route
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, section_term
from rules.terms import Term, list_term, reference_term, text_term

# What cases and reports say of a lead that takes no route.
NOWHERE = "none"


def _read_name(node: Node, reading: Reading) -> str | None:
    name: str | None = text_term().read(node, reading)
    if name is not None and name.casefold() == NOWHERE:
        message = f"'{name}' is what cases and reports call no route at all"
        reading.note(node, "reserved-name", message, "choose another name")
        return None
    return name


NAME = Term(says="text", read=_read_name, schema={"type": "string", "not": {"const": NOWHERE}})


def _not_of_routes(word: str, reading: Reading) -> str:
    effects = ("then", "add", "set", "tag", "qualify", "disqualify")
    return "only rules do something to a lead; a route names `to` and `sla`" if word in effects else ""


ROUTE = Section(
    noun="route",
    about="Where qualified leads go; the first route that matches wins, and the last matches all",
    elsewhere=_not_of_routes,
    fields=(
        Field(name="name", term=NAME, about="Its name, unique; `none` means no route", required=True),
        Field(name="because", term=text_term(), about="Why it exists; shown with every assignment", required=True),
        Field(name="when", term=condition_term(ROUTE_STAGES), about="Its condition; only the last route has none"),
        Field(name="to", term=reference_term("team"), about="The team that gets the lead", required=True),
        Field(name="sla", term=reference_term("SLA"), about="The SLA it is handled under", required=True),
    ),
)


def _route(record: Record, reading: Reading) -> Route:
    return Route(
        name=record["name"],
        because=record["because"],
        when=record["when"],
        to=record["to"],
        sla=record["sla"],
        line=record.place.line,
        column=record.place.column,
    )


ROUTES = list_term(section_term(ROUTE, _route), "routes", at_least=1)
