"""Reads `teams`: reps with weight, capacity and what they accept, their calendar and manager."""

from rules.playbook import Person, Rep, Team
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, named_term, note_duplicate_names, section_term
from rules.spans import limit_term
from rules.terms import list_term, number_term, pattern_term, reference_term, text_term

EMAIL = pattern_term("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+")

PERSON = Section(
    noun="person",
    about="Someone who is told things",
    fields=(
        Field(name="name", term=text_term(), about="Name", required=True),
        Field(name="email", term=EMAIL, about="E-mail address", required=True),
    ),
)

REP = Section(
    noun="rep",
    about="A salesperson",
    fields=(
        Field(name="name", term=text_term(), about="Name, unique", required=True),
        Field(name="email", term=EMAIL, about="E-mail address", required=True),
        Field(
            name="weight",
            term=number_term(0.01, 1000),
            about="Share of the team's leads in proportion to the others'",
            default=1.0,
        ),
        Field(name="capacity", term=limit_term(), about="At most so many leads, as `20 per day`"),
        Field(name="accepts", term=condition_term(ROUTE_STAGES), about="Which leads this rep takes; without it, all"),
        Field(
            name="calendar", term=reference_term("calendar"), about="The rep's own calendar, where it is not the team's"
        ),
    ),
)


def _rep(record: Record, reading: Reading) -> Rep:
    return Rep(
        name=record["name"],
        email=record["email"],
        weight=record["weight"],
        capacity=record["capacity"],
        accepts=record["accepts"],
        calendar=record["calendar"],
    )


TEAM = Section(
    noun="team",
    about="Reps who share leads under one calendar",
    fields=(
        Field(name="calendar", term=reference_term("calendar"), about="When the team works", required=True),
        Field(
            name="manager",
            term=section_term(PERSON, lambda record, _: Person(name=record["name"], email=record["email"])),
            about="Who hears of trouble",
        ),
        Field(
            name="reps", term=list_term(section_term(REP, _rep), "reps", at_least=1), about="The reps", required=True
        ),
    ),
)


def _team(name: str, record: Record, reading: Reading) -> Team:
    note_duplicate_names("rep", record.nodes["reps"], reading)
    return Team(name=name, calendar=record["calendar"], manager=record["manager"], reps=record["reps"])


TEAMS = named_term(TEAM, _team)
