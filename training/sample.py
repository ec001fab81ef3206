"""A sample data set: leads of a made-up software house, with what became of them. Nobody in it exists."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from training.sample_words import (
    CAMPAIGNS,
    COMPANY_ENDINGS,
    COMPANY_STEMS,
    COUNTRIES,
    FIRST_NAMES,
    FREE_MAIL,
    INDUSTRIES,
    LAST_NAMES,
    MESSAGES,
    PHONES,
    SOURCES,
    TITLES,
    Country,
    Industry,
    Source,
)

COLUMNS = (
    *("email", "first_name", "last_name", "company", "title", "country", "phone", "source", "campaign", "message"),
    *("created_at", "employees", "industry", "pages_viewed", "minutes_on_site", "pricing_views"),
    *("webinars_attended", "converted"),
)
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=540)

# What is worth what, in log-odds; the rest of a buyer's mind nobody can see.
BASE = -2.85
SENIORITY = {"executive": 0.55, "vp": 0.6, "director": 0.45, "manager": 0.1, "staff": -0.45, "student": -2.2}
UNSEEN_SPREAD = 0.2

# What is left out, not counted or spelt as people like.
LEFT_OUT = {"employees": 0.18, "industry": 0.12, "title": 0.08, "country": 0.04}
COUNTED = ("pages_viewed", "minutes_on_site", "pricing_views")
UNCOUNTED_SOURCES = ("event", "referral")
SPELT_FREELY = ("title", "source", "industry")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    """What is true of a lead, whatever it writes; minutes, pages and prices are what it saw of our site."""

    country: str
    source: str
    industry: str
    employees: int
    level: str
    free: bool
    minutes: float
    pages: int
    prices: int
    webinars: int


def sample_rows(n: int, seed: int, *, newest: datetime = NEWEST) -> list[dict[str, str]]:
    """`n` leads as the rows of a CSV file, oldest first, the same for the same seed.

    They come evenly over SPAN, the last just before `newest`. About one in seven converts. Values are missing,
    misspelt and noisy as people leave them.
    """
    random = Random(seed)
    return [_row(random, number, newest - SPAN * ((n - number - random.random()) / n)) for number in range(n)]


def sample_activities(row: Mapping[str, str], seed: int) -> list[dict[str, str]]:
    """What the lead of a sample row did in the week before it came: `kind` and `at` of each activity, oldest first.

    Prices looked at and webinars attended are those the row counts; the rest is by chance, more for a demo request.
    """
    random = Random(f"{seed} {row['email']} {row['created_at']}")
    kinds = ["pricing_page"] * _count(row["pricing_views"]) + ["webinar"] * _count(row["webinars_attended"])
    kinds += ["whitepaper"] * (random.random() < 0.2) + ["email_click"] * int(random.expovariate(1.2))
    if row["source"].strip().casefold() == "demo_request":
        kinds.append("demo_request")
    came = datetime.fromisoformat(row["created_at"])
    times = sorted(came - timedelta(seconds=random.randrange(1, 7 * 86400)) for _ in kinds)
    random.shuffle(kinds)
    return [{"kind": kind, "at": at.isoformat()} for kind, at in zip(kinds, times, strict=True)]


def sample_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as the text of a CSV file with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(random: Random, number: int, at: datetime) -> dict[str, str]:
    """One lead: its fields as people write them, its outcome drawn from what is true of it."""
    person = _person(random)
    row = {
        **_contact(random, person, number),
        "title": random.choice(TITLES[person.level]),
        "country": random.choice(COUNTRIES[person.country].spellings),
        "source": person.source,
        "campaign": random.choice(CAMPAIGNS.get(person.source, ("",))) if random.random() < 0.8 else "",
        "message": random.choice(MESSAGES[person.level == "student"]) if random.random() < 0.45 else "",
        "created_at": at.replace(microsecond=0).isoformat(),
        "employees": str(person.employees),
        "industry": person.industry,
        "pages_viewed": str(person.pages),
        "minutes_on_site": f"{person.minutes:.1f}",
        "pricing_views": str(person.prices),
        "webinars_attended": str(person.webinars),
        "converted": str(int(_converts(random, person))),
    }
    return {name: _as_left(random, name, row[name], person.source) for name in COLUMNS}


def _person(random: Random) -> _Person:
    source, industry = _one(random, SOURCES), _one(random, INDUSTRIES)
    employees = max(1, round(random.lognormvariate(INDUSTRIES[industry].log_size, 1.5)))
    level = _level(random, employees)
    minutes = random.lognormvariate(1.5, 0.9) * (1.6 if source in ("demo_request", "webinar") else 1.0)
    return _Person(
        country=_one(random, COUNTRIES),
        source=source,
        industry=industry,
        employees=employees,
        level=level,
        free=random.random() < (0.55 if level == "student" else 0.16 if employees >= 50 else 0.38),
        minutes=minutes,
        pages=1 + int(minutes * random.uniform(0.3, 1.1)),
        prices=min(9, int(random.expovariate(1.3) * (1.0 + minutes / 15))),
        webinars=int(source == "webinar") + int(random.random() < 0.1),
    )


def _converts(random: Random, person: _Person) -> bool:
    worth = (
        BASE
        + COUNTRIES[person.country].worth
        + SOURCES[person.source].worth
        + INDUSTRIES[person.industry].worth
        + SENIORITY[person.level]
        + _size_worth(person)
        + _interest_worth(person)
        + random.gauss(0.0, UNSEEN_SPREAD)
    )
    return random.random() < 1.0 / (1.0 + math.exp(-worth))


def _contact(random: Random, person: _Person, number: int) -> dict[str, str]:
    """Name, company, address and number, the address telling the company where it is not a free mailbox."""
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    company = f"{random.choice(COMPANY_STEMS)}{random.choice(COMPANY_ENDINGS)}"
    local, domain = f"{first}.{last}".lower(), f"{company}{number}.example".lower()
    if person.free:
        local, domain = f"{local}{number}", _one(random, FREE_MAIL)
    elif random.random() < 0.05:
        local = random.choice(("info", "office", "sales"))
    gives_phone = random.random() < (0.6 if person.source == "demo_request" else 0.3)
    return {
        "email": f"{local}@{domain}",
        "first_name": first,
        "last_name": last,
        "company": "" if person.free and random.random() < 0.6 else company,
        "phone": _phone(random, person.country) if gives_phone else "",
    }


def _level(random: Random, employees: int) -> str:
    """Bosses answer for themselves in small companies; in large ones others do."""
    small = employees < 50
    weights = (30, 6, 12, 24, 22, 6) if small else (6, 9, 17, 32, 30, 6)
    return random.choices(tuple(SENIORITY), weights)[0]


def _size_worth(person: _Person) -> float:
    """A fair size buys; in a large company only those who may decide do, and manufacturers buy when they are large."""
    worth = 0.55 * min(math.log10(person.employees), 2.6) - 1.1
    if person.employees >= 500:
        worth += 1.3 if person.level in ("executive", "vp", "director") else -0.5
    if person.industry == "manufacturing" and person.employees >= 200:
        worth += 0.7
    return worth


def _interest_worth(person: _Person) -> float:
    """Interest saturates; prices read at length tell most, unless the visit was an advertisement's."""
    worth = 0.6 * math.log1p(person.minutes) - 1.05 + 0.25 * person.webinars
    prices = 0.4 * min(person.prices, 4)
    worth += prices * (1.4 if person.minutes > 8 else 0.6) * (0.4 if person.source == "paid_social" else 1.0)
    return worth - (0.7 if person.free else 0.0) + (0.35 if person.free and person.source == "referral" else 0.0)


def _phone(random: Random, country: str) -> str:
    """A number from the ranges that regulators keep for fiction; nothing where there is none."""
    return "".join(str(random.randrange(10)) if sign == "#" else sign for sign in PHONES.get(country, ""))


def _as_left(random: Random, name: str, text: str, source: str) -> str:
    """The field as people leave it: skipped, spelt in their own way, its counter not running."""
    if name in LEFT_OUT and random.random() < LEFT_OUT[name]:
        return random.choice(("", "", "", "N/A", "Select"))
    if name in COUNTED and source in UNCOUNTED_SOURCES and random.random() < 0.5:
        return ""
    if name in SPELT_FREELY and random.random() < 0.03:
        return random.choice((text.upper(), f" {text}", f"{text} "))
    return text


def _one(random: Random, weighted: Mapping[str, Country] | Mapping[str, Source] | Mapping[str, Industry]) -> str:
    return random.choices(tuple(weighted), [each.share for each in weighted.values()])[0]


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 0
