"""Decisions replayed through two playbooks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from routing.decide import decide
from routing.replay import Decided, Replay, merged, replay, retyped
from rules.case import Assumed
from rules.compile import Compiled
from scoring.lead import Activity
from tests.builders import NOW, lead
from tests.routing.builders import PLAYBOOK, compiled

OLD = compiled()


def edited(*changes: tuple[str, str]) -> Compiled:
    """The playbook with pieces of its text changed."""
    text = PLAYBOOK
    for was, now in changes:
        assert was in text
        text = text.replace(was, now, 1)
    return compiled(text)


def decided(name: str = "ann", *, fit: float = 60.0, probability: float = 0.4, **over: Any) -> Decided:
    """A decision on a lead of its own, at NOW."""
    given: dict[str, Any] = {"id": f"decision of {name}", "lead_id": name, "at": NOW, "activities": ()}
    known = over.pop("known", {"source": "demo_request"})
    given |= {"lead": lead(email=f"{name}@{name}.example", **known)} | over
    return Decided(assumed=Assumed(probability=probability, fit=fit), **given)


def once(one: Decided, new: Compiled) -> Replay:
    """The replay of one decision."""
    return replay([one], OLD, new)


def test_the_same_playbook_moves_nobody() -> None:
    found = replay([decided("ann"), decided("bob", fit=10)], OLD, compiled())

    assert (found.decisions, found.leads, found.moved, found.rescored, found.surprises) == (2, 2, (), 0, ())
    assert found.before == found.after


def test_a_replay_says_what_decide_says() -> None:
    """Nothing else computes a score or a route."""
    new = edited(("add: 5.5", "add: 40"), ("fit: 0.5, engagement: 0.5", "fit: 0.6, engagement: 0.4"))
    one = decided("ann", activities=(Activity(kind="webinar", at=NOW - timedelta(days=2)),))

    (moved,) = once(one, new).moved

    before, after = (decide(one.lead, one.activities, None, each, NOW, assume=one.assumed) for each in (OLD, new))
    assert (moved.before.score, moved.before.grade) == (before.score, before.grade)
    assert (moved.after.score, moved.after.grade) == (after.score, after.grade)
    assert before.sla is not None
    assert moved.before.respond_by == before.sla.respond_by


@pytest.mark.parametrize(
    ("change", "aspects", "cause"),
    [
        (("then: {qualify: true, tag", "then: {tag"), ("qualified", "team", "sla", "respond_by"), "rule 'asks' adds"),
        (("A: 70, B: 40", "A: 70, B: 30"), ("grade",), "grades start at A 70, B 30, C 0"),
        (("add: 5.5}", "add: 15.5}"), ("grade",), "rule 'asks' adds 15.5, tags hot, asked, qualifies instead of"),
        (
            ("respond_within: 4h, clock: business", "respond_within: 2h, clock: business"),
            ("respond_by",),
            "SLA 'standard' asks for a response within 2h (business clock) instead of 4h (business clock)",
        ),
        (
            ("when: {score: {at_least: 90}, tags: {contains: likely}}", "when: {tags: {contains: hot}}"),
            ("sla", "respond_by"),
            "route 'top' takes the lead instead of 'rest'",
        ),
        (
            ("hours: {mon-fri: ['09:00-12:00', '13:00-17:00']}", "hours: {mon-fri: ['09:00-12:00']}"),
            ("respond_by",),
            "the time counts by calendar 'berlin' as it is now",
        ),
        (
            ("  - name: asks", "  - {name: new, because: New, when: {country: DE}, then: {add: 9}}\n  - name: asks"),
            ("grade",),
            "rule 'new' is new: adds 9",
        ),
        (
            ("fit: 0.5, engagement: 0.5", "fit: 0.7, engagement: 0.3"),
            ("grade",),
            "fit 60 gives 42.0 points instead of 30.0",
        ),
    ],
)
def test_who_moves_and_what_makes_it_so(change: tuple[str, str], aspects: tuple[str, ...], cause: str) -> None:
    found = once(decided(), edited(change))

    assert found.moved[0].aspects == aspects
    assert cause in " / ".join(each.text for each in found.surprises[0].causes)


def test_a_rule_that_is_gone_and_one_that_no_longer_applies_are_told_apart() -> None:
    gone = edited(("  - name: large\n", "  - name: big\n"))
    narrowed = edited(("employees: {at_least: 1000}", "employees: {at_least: 9000}"))
    big = decided(known={"attributes": {"employees": 1000}})

    found = once(big, narrowed)

    assert once(big, gone).surprises == ()  # a rule of another name that does the same places nobody otherwise
    assert [cause.text for cause in found.surprises[0].causes] == [
        "rule 'large' no longer applies: adds 10, sets segment to 'enterprise'"
    ]


def test_a_rule_that_was_taken_out_is_gone() -> None:
    start = PLAYBOOK.index("  - name: likely")
    left = PLAYBOOK[:start] + PLAYBOOK[PLAYBOOK.index("routes:") :]
    new = compiled(left.replace(", tags: {contains: likely}", ""))
    likely = decided(fit=99, probability=0.9, known={"source": "demo_request", "attributes": {"employees": 1000}})

    found = replay([likely], edited(("then: {tag: likely}", "then: {tag: likely, add: 7}")), new)

    assert next(each.text for each in found.surprises[0].causes) == "rule 'likely' is gone: adds 7, tags likely"


def test_a_threshold_that_flips_a_lead_is_named() -> None:
    found = once(decided(fit=100, known={}), edited(("qualify_at: 50", "qualify_at: 51")))

    assert [each.text for each in found.surprises[0].causes] == ["a lead qualifies from 51 instead of 50"]
    assert (found.before.qualified, found.after.qualified) == (1, 0)


def test_a_threshold_that_speaks_for_a_lead_is_no_cause_of_its_loss() -> None:
    lower = edited(("qualify_at: 50", "qualify_at: 45"), ("add: 10}", "add: 10, disqualify: too large}"))

    found = once(decided(fit=92, known={"attributes": {"employees": 1000}}), lower)

    assert [each.kind for each in found.surprises[0].causes] == ["rule"]


def test_of_leads_that_flip_the_least_likely_surprises_most() -> None:
    """The better a lead that is lost, and the poorer one that is won."""
    new = edited(("qualify_at: 50", "qualify_at: 45"), ("add: 10}", "add: 10, disqualify: too large}"))
    lost = [decided(f"lost{fit}", fit=fit, known={"attributes": {"employees": 1000}}) for fit in (82, 98, 90)]

    found = replay([*lost, decided("won", fit=92, known={})], OLD, new)

    assert [each.moved.lead_id for each in found.surprises] == ["lost98", "lost90", "won", "lost82"]


def test_another_score_in_the_same_place_is_no_move() -> None:
    found = once(decided(), edited(("add: 5.5", "add: 6.5")))

    assert (found.moved, found.rescored) == ((), 1)
    assert found.surprises[0].moved.aspects == ()


def test_surprises_are_the_ten_that_move_furthest_those_that_flip_first() -> None:
    new = edited(("qualify_at: 50", "qualify_at: 45"), ("add: 10}", "add: 30}"))
    flipping = [decided(f"flip{n}", fit=92, known={}) for n in range(3)]
    rising = [decided(f"rise{n:02}", fit=n, known={"attributes": {"employees": 1000}}) for n in range(20)]

    found = replay([*rising, *flipping], OLD, new)

    assert [each.moved.lead_id for each in found.surprises][:3] == ["flip0", "flip1", "flip2"]
    assert len(found.surprises) == 10
    assert {abs(each.moved.after.score - each.moved.before.score) for each in found.surprises[3:]} == {20.0}


def test_a_lead_of_several_decisions_surprises_once_and_counts_once() -> None:
    often = [decided("ann", id=f"{n}", at=NOW + timedelta(hours=n)) for n in range(3)]

    found = replay(often, OLD, edited(("A: 70, B: 40", "A: 70, B: 30")))

    assert (found.decisions, found.leads, len(found.moved), found.moved_leads) == (3, 1, 3, 1)
    assert (len(found.surprises), found.after.qualified) == (1, 1)
    assert (found.first, found.last) == (NOW, NOW + timedelta(hours=2))
    assert sum(found.after.load.values()) == 1


def test_load_is_shared_by_weight_among_those_who_accept() -> None:
    """Ben takes grade A alone."""
    new = edited(("name: Ben, email", "name: Ben, weight: 3, email"))
    plain = decided("ann")
    known = {"source": "demo_request", "attributes": {"employees": 1000}}
    best = decided("bob", fit=100, known=known, activities=(Activity(kind="webinar", at=NOW),))

    assert once(plain, new).after.load == {("desk", "Ana"): 1.0}
    assert replay([plain, best], OLD, new).before.load == {("desk", "Ana"): 1.5, ("desk", "Ben"): 0.5}
    assert replay([plain, best], OLD, new).after.load == {("desk", "Ana"): 1.25, ("desk", "Ben"): 0.75}


def test_leads_that_nobody_accepts_wait_in_the_queue() -> None:
    new = edited(("- {name: Ana, email: ana@seller.example}\n", ""))

    assert once(decided(), new).after.load == {("desk", None): 1.0}


def test_deliveries_of_the_new_agreement_are_counted_by_both() -> None:
    promised = "agreement: {marketing: [{deliver: 9, of: {grade: [A, B]}, per: week}, {deliver: 99, per: month}]}"
    new = compiled(f"{PLAYBOOK.replace('A: 70, B: 40', 'A: 70, B: 30')}{promised}\n")

    found = once(decided(), new)

    assert (found.before.delivered, found.after.delivered) == ((0, 1), (1, 1))


def test_chunks_of_leads_add_up_to_the_whole() -> None:
    new = edited(("qualify_at: 50", "qualify_at: 40"), ("add: 5.5", "add: 25"))
    leads = [decided(f"lead{n:02}", fit=5.0 * n, known={"source": "webinar"} if n % 2 else {}) for n in range(20)]

    def chunks() -> Iterator[Replay]:
        yield from (replay(leads[start : start + 7], OLD, new) for start in range(0, 20, 7))

    assert merged(chunks()) == replay(leads, OLD, new)


def test_a_decision_beyond_every_calendar_is_counted_and_left_out() -> None:
    far = NOW.replace(year=9999, month=12, day=31)

    found = replay([decided("far", at=far), decided("ann")], OLD, OLD)

    assert (found.decisions, found.refused, found.before.qualified) == (2, 1, 1)


def test_attributes_of_another_kind_are_told() -> None:
    new = edited(
        ("employees: {type: number}", "employees: {type: text}"), ("employees: {at_least: 1000}", "employees: '9'")
    )

    assert retyped(OLD.playbook, new.playbook) == ("employees",)
    assert retyped(OLD.playbook, OLD.playbook) == ()
