"""Reads `teams`: reps, their calendar, who hears of trouble, what the team is to sell."""

from rules.nodes import ListNode, Node, ScalarNode, part_of
from rules.playbook import Escalation, Person, Quota, Rep, Team
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.remedies import address_remedy
from rules.sections import Field, Record, Section, named_term, note_duplicate_names, section_term
from rules.spans import limit_term, note_ambiguous, period_term, span_term
from rules.terms import list_term, number_term, positive_term, reference_term, scalar_term, text_term
from scoring.contact import normal_email

EMAIL = scalar_term(
    "an e-mail address",
    lambda text: text if normal_email(text) else None,
    {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
    "write ana@example.com",
    address_remedy,
)

PERSON = Section(
    noun="person",
    about="Someone who is told things",
    fields=(
        Field(name="name", term=text_term(), about="Name", required=True),
        Field(name="email", term=EMAIL, about="E-mail address", required=True),
    ),
)

ESCALATION = Section(
    noun="escalation",
    about="Someone further up the chain, told while a breached promise is still not kept",
    fields=(
        *PERSON.fields,
        Field(
            name="after",
            term=span_term(),
            about="Time on the SLA's clock since the person before was told (for the first: since the breach)",
            required=True,
        ),
    ),
)

QUOTA = Section(
    noun="quota",
    about="What the team is to sell; reports work out from it how many leads that takes",
    fields=(
        Field(name="revenue", term=positive_term(), about="Revenue, in the money of won leads", required=True),
        Field(name="per", term=period_term(), about="The period", required=True),
        Field(name="deal_size", term=positive_term(), about="What one deal is worth on average", required=True),
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


def _escalation(record: Record, reading: Reading) -> Escalation:
    note_ambiguous(record.nodes["after"], reading)
    return Escalation(name=record["name"], email=record["email"], after=record["after"])


def _quota(record: Record, reading: Reading) -> Quota:
    return Quota(revenue=record["revenue"], per=record["per"], deal_size=record["deal_size"])


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
            name="escalation",
            term=list_term(section_term(ESCALATION, _escalation), "people"),
            about="Who is told after the manager, one after the other, where an SLA says `escalate`",
            default=(),
        ),
        Field(
            name="reps", term=list_term(section_term(REP, _rep), "reps", at_least=1), about="The reps", required=True
        ),
        Field(name="quota", term=section_term(QUOTA, _quota), about=QUOTA.about),
    ),
)


def _note_same_address(chain: ListNode | None, reading: Reading) -> None:
    """Note two people of a chain with one address: whoever reads there would be told twice."""
    first: dict[str, tuple[ScalarNode, ScalarNode]] = {}
    for person in chain.items if chain is not None else ():
        email, name = part_of(person, "email"), part_of(person, "name")
        if not isinstance(email, ScalarNode) or not isinstance(name, ScalarNode):
            continue
        earlier, its_name = first.setdefault(email.text.casefold(), (email, name))
        if its_name.text != name.text:
            message = f"'{its_name.text}' has this address too, on line {earlier.line}, and would be told twice"
            reading.note(email, "duplicate-address", message, "give each person their own, or name each once")


def _team(name: str, record: Record, reading: Reading) -> Team:
    note_duplicate_names("rep", record.nodes["reps"], reading)
    note_duplicate_names("person", _chain(record), reading)
    _note_same_address(_chain(record), reading)
    return Team(
        name=name,
        calendar=record["calendar"],
        manager=record["manager"],
        reps=record["reps"],
        escalation=record["escalation"],
        quota=record["quota"],
    )


def _chain(record: Record) -> ListNode | None:
    """Return the manager and those above as one list: nobody is told the same thing twice."""
    above = record.nodes.get("escalation")
    manager = record.nodes.get("manager")
    if not isinstance(above, ListNode):
        return None
    items: tuple[Node, ...] = above.items if manager is None else (manager, *above.items)
    return ListNode(line=above.line, column=above.column, items=items)


TEAMS = named_term(TEAM, _team)
