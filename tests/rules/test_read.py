"""Reading: every section becomes typed values, whatever the words in it look like."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules.conditions import All, Any, Not
from rules.conditions import Test as Check
from rules.playbook import (
    Attempts,
    Block,
    Calendar,
    Commitment,
    Delivery,
    Escalation,
    Form,
    Limit,
    ListedReason,
    Person,
    Quota,
    Rep,
    Sla,
    Team,
    WorkingDays,
)
from rules.read import read_playbook
from scoring.attributes import Attribute
from scoring.scheme import ActivityPoints, Grade
from tests.rules.builders import condition, playbook, playbook_text, problems, rules


def test_scoring_becomes_the_scheme() -> None:
    scheme = playbook(
        scoring=(
            "scoring: {weights: {fit: 0.6, engagement: .4}, qualify_at: 55, grades: {A: 7e1, B: 0},"
            " engagement: {half_life: 2w, activities: {webinar: {points: 15, at_most: 2 per day}}}}"
        )
    ).scheme

    assert (scheme.fit_weight, scheme.engagement_weight, scheme.qualify_at) == (0.6, 0.4, 55)
    assert scheme.grades == (Grade(letter="A", from_score=70), Grade(letter="B", from_score=0))
    assert scheme.engagement.half_life == timedelta(weeks=2)
    assert scheme.engagement.activities == {"webinar": ActivityPoints(points=15, at_most=2)}


def test_attributes_are_declared_with_kind_and_description() -> None:
    attributes = playbook(attributes="attributes: {no: {type: flag, about: Whether no}, 1.10: {type: text}}").attributes

    assert attributes == {
        "no": Attribute(kind="flag", about="Whether no"),
        "1.10": Attribute(kind="text", about="Custom attribute"),
    }


def test_an_sla_has_spans_shares_and_steps() -> None:
    slas = playbook(
        slas=(
            "slas: {hot: {respond_within: 15m, clock: business, warn_at: [50%, 80%], on_breach: [reassign, reassign],"
            " attempts: {at_least: 5, within: 10 business days}, accept_within: 90s},"
            " standard: {respond_within: 2d, clock: always}}"
        )
    ).slas

    assert slas["hot"] == Sla(
        name="hot",
        respond_within=timedelta(minutes=15),
        clock="business",
        warn_at=(0.5, 0.8),
        on_breach=("reassign",),
        attempts=Attempts(at_least=5, within=WorkingDays(days=10)),
        accept_within=timedelta(seconds=90),
    )
    assert slas["standard"].respond_within == timedelta(days=2)


def test_calendars_take_ranges_blocks_nights_and_days_off() -> None:
    (calendar,) = playbook(
        calendars=(
            "calendars: {berlin: {timezone: America/New_York, holidays: US, days_off: [2026-12-24, 2026-12-24],"
            " hours: {sat-sun: '22:00-06:00', mon: ['13:00 - 24:00', '09:00-12:00']}}}"
        )
    ).calendars.values()

    assert calendar == Calendar(
        name="berlin",
        timezone="America/New_York",
        blocks=(
            Block(weekday=0, start=time(9), end=time(12)),
            Block(weekday=0, start=time(13), end=time()),
            Block(weekday=5, start=time(22), end=time(6)),
            Block(weekday=6, start=time(22), end=time(6)),
        ),
        region="US",
        days_off=(date(2026, 12, 24),),
    )


def test_a_range_of_days_may_run_over_the_weekend() -> None:
    (calendar,) = playbook(
        calendars="calendars: {berlin: {timezone: UTC, hours: {fri-mon: '00:00-24:00'}}}"
    ).calendars.values()

    assert [block.weekday for block in calendar.blocks] == [0, 4, 5, 6]


def test_calendars_that_are_equal_are_one() -> None:
    """So that opening hours are found without comparing them, also once a playbook was published again."""
    written = "calendars: {berlin: {timezone: Europe/Berlin, hours: {mon-fri: '09:00-17:00'}, days_off: [%s]}}"
    first, again, other = (
        playbook(calendars=written % day).calendars["berlin"] for day in ("2026-12-24", "2026-12-24", "2026-12-31")
    )

    assert first is again
    assert first != other


def test_teams_have_a_manager_and_reps() -> None:
    teams = playbook(
        teams=(
            "teams: {inbound: {calendar: berlin, manager: {name: Mara, email: mara@example.com}, reps: ["
            "{name: Ana, email: ana@example.com, weight: 2, capacity: 20 per day, accepts: {country: NO}},"
            "{name: 007, email: bond@example.com, calendar: berlin, capacity: 3 per week}]}}"
        )
    ).teams

    team = teams["inbound"]
    assert team == Team(
        name="inbound", calendar="berlin", manager=Person(name="Mara", email="mara@example.com"), reps=team.reps
    )
    assert isinstance(team.reps[0].accepts, Check)
    assert (team.reps[0].weight, team.reps[0].capacity) == (2, Limit(count=20, per="day"))
    assert team.reps[1] == Rep(
        name="007", email="bond@example.com", calendar="berlin", capacity=Limit(count=3, per="week")
    )


def test_a_team_may_have_a_chain_above_its_manager_and_a_quota() -> None:
    team = playbook(
        teams=(
            "teams: {inbound: {calendar: berlin, manager: {name: Mara, email: mara@example.com},"
            " escalation: [{name: Vera, email: vera@example.com, after: 30m},"
            " {name: Otto, email: otto@example.com, after: 1 business day}],"
            " quota: {revenue: 300000, per: quarter, deal_size: 12.5e3},"
            " reps: [{name: Ana, email: ana@example.com}]}}"
        )
    ).teams["inbound"]

    assert team.escalation == (
        Escalation(name="Vera", email="vera@example.com", after=timedelta(minutes=30)),
        Escalation(name="Otto", email="otto@example.com", after=WorkingDays(days=1)),
    )
    assert team.quota == Quota(revenue=300_000, per="quarter", deal_size=12_500)


@pytest.mark.parametrize("span", ["24h", "48h", "90m"])
def test_hours_of_work_are_never_ambiguous(span: str) -> None:
    """24 hours of work are three days of it, and nobody who writes hours means a day."""
    slas = f"slas: {{standard: {{respond_within: {span}, clock: business}}}}"

    assert problems(playbook_text(slas=slas)) == []


def test_forms_agreement_and_reasons_are_read() -> None:
    read = playbook(
        forms=(
            "forms: {demo: {origins: ['https://a.example:8443'], thank_you: /thanks, trap: url2,"
            " required: [email, segment]}}"
        ),
        agreement=(
            "agreement: {marketing: [{deliver: 40, of: {grade: A}, per: week}, {deliver: 9, per: quarter}],\n"
            " sales: [{respond: 95%, of: {sla: standard}, per: month},\n"
            "  {give_outcome: 80.5%, within: 60d, per: quarter}]}"
        ),
        reasons="reasons: {reject: [too small, {name: bad timing, rest: 90d}], lost: [price]}",
    )

    assert read.forms == {
        "demo": Form(
            name="demo",
            origins=("https://a.example:8443",),
            thank_you="/thanks",
            trap="url2",
            required=("email", "segment"),
        )
    }
    assert read.agreement.marketing[1] == Delivery(count=9, of=None, per="quarter")
    assert read.agreement.sales == (
        Commitment(duty="respond", share=0.95, slas=("standard",), per="month", line=11, column=10),
        Commitment(
            duty="give_outcome",
            share=0.805,
            slas=(),
            per="quarter",
            within=timedelta(days=60),
            line=12,
            column=3,
        ),
    )
    assert read.reject_reasons == (
        ListedReason(name="too small"),
        ListedReason(name="bad timing", rest=timedelta(days=90)),
    )
    assert read.lost_reasons == (ListedReason(name="price"),)


def test_what_may_be_left_out_has_its_default() -> None:
    read = playbook(attributes="", rules="")

    assert (read.attributes, read.rules, read.forms, read.reject_reasons) == ({}, (), {}, ())
    assert (read.agreement.marketing, read.agreement.sales) == ((), ())
    assert read.slas["standard"].warn_at == ()


def test_the_text_and_number_are_kept() -> None:
    text = playbook_text()

    read = read_playbook(text, number=7)

    assert (read.text, read.number) == (text, 7)


def test_effects_are_typed_by_what_they_set() -> None:
    rule, other = playbook(
        rules=rules(
            "then: {add: -2.5, tag: [hot, hot, vip], qualify: yes, set: {employees: 5, segment: 5,"
            " opted_in: No, products: crm, trial_ends: 2026-03-01}}}",
            "then: {disqualify: x}}",
        )
    ).rules

    effects = rule.then
    assert (effects.add, effects.tag, effects.qualify, other.then.disqualify) == (-2.5, ("hot", "vip"), True, "x")
    assert effects.set == {
        "employees": 5,
        "segment": "5",
        "opted_in": False,
        "products": ("crm",),
        "trial_ends": datetime(2026, 3, 1, tzinfo=UTC),
    }


def test_words_stay_words() -> None:
    """YAML's own guesses (NO is false, 1.10 is 1.1, 22:30 is 1350, 0o7 is 7) never happen."""
    read = condition("{country: NO, a: [NO, 1.10, 22:30, null, ~, 0o7, 2026-01-01, on]}", a="text")

    assert isinstance(read, All)
    assert [part.operand for part in read.parts if isinstance(part, Check)] == [
        "NO",
        ("NO", "1.10", "22:30", "null", "~", "0o7", "2026-01-01", "on"),
    ]


@pytest.mark.parametrize(("written", "code"), [("Germany", "DE"), ("de", "DE"), ("DEU", "DE"), ("Norway", "NO")])
def test_a_country_may_be_named(written: str, code: str) -> None:
    read = condition(f"country: {written}")

    assert isinstance(read, Check)
    assert read.operand == code


def test_mappings_are_and_lists_are_membership_and_not_is_a_complement() -> None:
    read = condition(
        "{a: {not: [x, y]}, any: [{source: web}, {all: [{fit: 5}]}], not: {source: mail, title: x}}", a="text"
    )

    assert isinstance(read, All)
    negated, either, denied = read.parts
    assert isinstance(negated, Not)
    assert isinstance(negated.part, Check)
    assert negated.part.operator == "in"
    assert isinstance(either, Any)
    assert [part.attribute for part in either.parts if isinstance(part, Check)] == ["source", "fit"]
    assert isinstance(denied, Not)
    assert isinstance(denied.part, All)


def test_several_operators_on_one_attribute_all_hold() -> None:
    read = condition("a: {at_least: 5, below: 10, not: {between: [6, 7]}}", a="number")

    assert isinstance(read, All)
    assert len(read.parts) == 3


def test_a_test_knows_its_place() -> None:
    read = condition("fit:\n  at_least: 5")

    assert isinstance(read, Check)
    assert (read.line, read.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# nothing but a comment", "empty"),
        ("- a list", "wrong-type"),
        ("version: 1\n---\nversion: 1\n", "second-document"),
        ("a: " + "[" * 70 + "]" * 70, "too-deep"),
        ("x: " + "y" * 1_000_001, "too-large"),
        ("a: \ud800", "yaml"),
        ("a: \x00", "yaml"),
        ("%TAG ! !foo", "yaml"),
        ("[a]: 1", "wrong-type"),
    ],
)
def test_what_is_no_playbook_is_refused(text: str, code: str) -> None:
    assert code in problems(text)


def test_a_condition_may_not_be_endless() -> None:
    tests = ", ".join(f"{{employees: {{above: {k}}}}}" for k in range(501))

    assert problems(playbook_text(rules=rules(f"when: {{any: [{tests}]}}, then: {{add: 1}}}}"))) == ["too-large"]


def test_a_long_list_of_values_is_no_problem() -> None:
    domains = ", ".join(f"d{k}.example" for k in range(5000))

    assert problems(playbook_text(rules=rules(f"when: {{email_domain: [{domains}]}}, then: {{add: 1}}}}"))) == []


def test_a_thousand_rules_are_read_and_checked() -> None:
    lines = [
        f"when: {{employees: {{between: [{k}, {k + 9}]}}, country: [DE, FR]}}, then: {{add: 1}}}}" for k in range(1000)
    ]

    assert len(playbook(rules=rules(*lines)).rules) == 1000
