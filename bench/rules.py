"""How fast a lead's rules are matched, by durable-rules behind its fence, by Python and by other engines: one run.

Every engine gets the same rules and leads, and has to give the same answers before it is timed.
"""

import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any as Anything

from bench.rivals import RIVALS, Answer
from rules.compile import Compiled, compile_playbook
from rules.conditions import All, Any, Condition, Operator, Test
from rules.engine import with_networks
from rules.evaluate import evaluate, matching
from rules.playbook import Effects, Rule
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.attributes import Kind
from scoring.facts import Facts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 15
# Leads that one engine answers in a turn, by the number of rules.
LEADS_A_TURN: Mapping[int, int] = {10: 200, 100: 100, 1000: 40}
# The form whose decisions others are compared with.
YARDSTICK = "zen-engine, one decision a rule"

WORDS = tuple(f"word{k}" for k in range(12))
NUMBERS = tuple(f"number{k}" for k in range(12))
TEXTS = tuple(f"text{k}" for k in range(12))
FLAGS = tuple(f"flag{k}" for k in range(4))
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(FLAGS, "flag"),
}


def main() -> None:
    """Print the time of one lead by each engine at each number of rules."""
    sys.stdout.write(f"One lead, {len(KINDS)} attributes: median of {ROUNDS} turns, the engines one after the other\n")
    for size, leads in LEADS_A_TURN.items():
        _compare(size, leads, random.Random(size))


def _compare(size: int, leads: int, chance: random.Random) -> None:
    rules = tuple(_rule(number, chance) for number in range(size))
    compiled = compile_playbook(replace(read_playbook(sample_playbook()), rules=rules))
    conditions = [rule.when for rule in rules if rule.when is not None]
    answers = _ours(compiled) | {name: rival(conditions, KINDS) for name, rival in RIVALS.items()}
    asked = [_lead(chance) for _ in range(leads)]
    fired = _agreed(answers, asked)
    _show(_medians(answers, asked), f"{size} rules, {100 * fired / size / leads:.1f} % of them match")


def _rule(number: int, chance: random.Random) -> Rule:
    effects = Effects(add=1.0, set={})
    return Rule(name=f"{number}", because="bench", when=_condition(chance), then=effects, line=1, column=1)


def _condition(chance: random.Random) -> Condition:
    """A condition as people write them: two tests, three, or one and an alternative; round numbers, short lists."""
    number, other = chance.sample(NUMBERS, 2)
    text, flag = chance.choice(TEXTS), chance.choice(FLAGS)
    large = _test(number, "at_least", chance.randrange(60, 90, 10))
    one, few = _test(text, "is", chance.choice(WORDS)), _test(text, "in", tuple(chance.sample(WORDS, 3)))
    small, on = _test(other, "below", chance.randrange(20, 60, 10)), _test(flag, "is", operand=True)
    match chance.randrange(4):
        case 0:
            return All(parts=(large, few))
        case 1:
            return All(parts=(few, small, on))
        case 2:
            return All(parts=(large, small, on))
        case _:
            return All(parts=(large, Any(parts=(one, All(parts=(small, on))))))


def _test(name: str, operator: Operator, operand: Anything) -> Test:
    return Test(attribute=name, kind=KINDS[name], operator=operator, operand=operand, line=1, column=1)


def _lead(chance: random.Random) -> dict[str, Anything]:
    return {
        **{name: chance.randrange(100) for name in NUMBERS},
        **{name: chance.choice(WORDS) for name in TEXTS},
        **{name: chance.random() < 0.5 for name in FLAGS},
    }


def _ours(compiled: Compiled) -> dict[str, Answer]:
    """Which rules match, as the others answer it, and with all that they come to."""

    def matched_by(one: Compiled) -> Answer:
        return lambda lead: [*matching(one, 0, lead, NOW)]

    def judged_by(one: Compiled) -> Answer:
        return lambda lead: [int(fired.name) for fired in evaluate(one, Facts(values=lead), NOW).fired]

    networks = with_networks(compiled, told=sys.exit)
    return {
        "Leadline, durable-rules": matched_by(networks),
        "Leadline, Python": matched_by(compiled),
        "whole verdict, durable-rules": judged_by(networks),
        "whole verdict, Python": judged_by(compiled),
    }


def _agreed(answers: Mapping[str, Answer], leads: Sequence[dict[str, Anything]]) -> int:
    """How many rules matched over all leads. Exits when two engines differ."""
    fired = 0
    for lead in leads:
        expected = next(iter(answers.values()))(lead)
        wrong = [name for name, answer in answers.items() if answer(lead) != expected]
        if wrong:
            sys.exit(f"other answers from {', '.join(wrong)} for {lead}")
        fired += len(expected)
    return fired


def _medians(answers: Mapping[str, Answer], leads: Sequence[dict[str, Anything]]) -> dict[str, float]:
    """The median seconds a lead of each engine, their turns taken one after the other so that noise meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(ROUNDS):
        for name, answer in answers.items():
            start = time.perf_counter()
            for lead in leads:
                answer(lead)
            seconds[name].append((time.perf_counter() - start) / len(leads))
    return {name: statistics.median(each) for name, each in seconds.items()}


def _show(medians: Mapping[str, float], what: str) -> None:
    yardstick = medians[YARDSTICK]
    lines = [f"\n  {what:<34}{'us a lead':>13}{'times faster':>15}"]
    lines += [f"  {name:<34}{each * 1e6:>13,.1f}{yardstick / each:>15,.1f}" for name, each in medians.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
