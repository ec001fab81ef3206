"""Reads `routes`: the first that matches a qualified lead wins."""

from rules.playbook import Route
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, section_term
from rules.terms import list_term, reference_term, text_term

ROUTE = Section(
    noun="route",
    about="Where qualified leads go; the first route that matches wins, and the last matches all",
    fields=(
        Field(name="name", term=text_term(), about="Its name, unique", required=True),
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
