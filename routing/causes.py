"""Why two playbooks decide one lead differently: the rules, weights, thresholds and routes that make it so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from routing.decision import Decision
from rules.playbook import Effects, Playbook
from rules.spans import span_text
from rules.wording import value_text

CauseKind = Literal["rule", "fit", "engagement", "threshold", "grades", "route", "sla", "calendar"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """One thing that makes a difference; `name` is the rule, the route or the SLA, where it is one."""

    kind: CauseKind
    name: str
    text: str


def causes_of(before: Decision, after: Decision, old: Playbook, new: Playbook) -> tuple[Cause, ...]:
    """What makes the difference between the decisions of two playbooks on one lead, rules first."""
    looks: tuple[Callable[..., Iterator[Cause]], ...] = (_rules, _points, _thresholds, _routes, _promises)
    return tuple(cause for look in looks for cause in look(before, after, old, new))


def effects_text(effects: Effects) -> str:
    """What a rule does, in words: `adds 15, sets segment to 'enterprise', qualifies`."""
    parts = [f"adds {effects.add:g}"] if effects.add else []
    parts += [f"sets {name} to {value_text(value)}" for name, value in effects.set.items()]
    parts += [f"tags {', '.join(effects.tag)}"] if effects.tag else []
    parts += ["qualifies"] if effects.qualify else []
    parts += [f"disqualifies ({effects.disqualify})"] if effects.disqualify is not None else []
    return ", ".join(parts) or "does nothing"


def _rules(before: Decision, after: Decision, old: Playbook, new: Playbook) -> Iterator[Cause]:
    was = {fired.name: fired.effects for fired in before.rules}
    now = {fired.name: fired.effects for fired in after.rules}
    had, has = ({rule.name for rule in playbook.rules} for playbook in (old, new))
    for name in dict.fromkeys((*was, *now)):
        if name not in was:
            how = "applies now" if name in had else "is new"
            yield Cause(kind="rule", name=name, text=f"rule '{name}' {how}: {effects_text(now[name])}")
        elif name not in now:
            how = "no longer applies" if name in has else "is gone"
            yield Cause(kind="rule", name=name, text=f"rule '{name}' {how}: {effects_text(was[name])}")
        elif was[name] != now[name]:
            text = f"rule '{name}' {effects_text(now[name])} instead of: {effects_text(was[name])}"
            yield Cause(kind="rule", name=name, text=text)


def _points(before: Decision, after: Decision, old: Playbook, new: Playbook) -> Iterator[Cause]:
    weights = old.scheme, new.scheme
    fits = [scheme.fit_weight * each.fit for scheme, each in zip(weights, (before, after), strict=True)]
    if fits[0] != fits[1]:
        yield Cause(
            kind="fit", name="fit", text=f"fit {after.fit:g} gives {fits[1]:.1f} points instead of {fits[0]:.1f}"
        )
    done = [scheme.engagement_weight * each.engagement for scheme, each in zip(weights, (before, after), strict=True)]
    if done[0] != done[1]:
        text = f"activities give {done[1]:.1f} points instead of {done[0]:.1f}"
        yield Cause(kind="engagement", name="engagement", text=text)


def _thresholds(before: Decision, after: Decision, old: Playbook, new: Playbook) -> Iterator[Cause]:
    was, now = old.scheme.qualify_at, new.scheme.qualify_at
    between = min(was, now) <= after.score < max(was, now)
    if between and before.qualified == (now > was) and after.qualified == (now < was):
        yield Cause(kind="threshold", name="qualify_at", text=f"a lead qualifies from {now:g} instead of {was:g}")
    if old.scheme.grades != new.scheme.grades and before.grade != after.grade:
        starts = ", ".join(f"{grade.letter} {grade.from_score:g}" for grade in new.scheme.grades)
        yield Cause(kind="grades", name="grades", text=f"grades start at {starts}")


def _routes(before: Decision, after: Decision, old: Playbook, new: Playbook) -> Iterator[Cause]:
    was, now = before.route, after.route
    if was is None or now is None:
        return
    if was.name != now.name:
        text = f"route '{now.name}' takes the lead instead of '{was.name}'"
        yield Cause(kind="route", name=now.name, text=text)
    elif was.team != now.team:
        yield Cause(kind="route", name=now.name, text=f"route '{now.name}' leads to {now.team} instead of {was.team}")


def _promises(before: Decision, after: Decision, old: Playbook, new: Playbook) -> Iterator[Cause]:
    was, now = before.sla, after.sla
    if was is None or now is None or before.route is None or after.route is None:
        return
    said, says = old.slas[was.name], new.slas[now.name]
    if was.name != now.name:
        yield Cause(kind="sla", name=now.name, text=f"SLA '{now.name}' holds instead of '{was.name}'")
    elif (said.respond_within, said.clock) != (says.respond_within, says.clock):
        text = f"SLA '{now.name}' asks for a response within {span_text(says.respond_within)} ({says.clock} clock)"
        text += f" instead of {span_text(said.respond_within)} ({said.clock} clock)"
        yield Cause(kind="sla", name=now.name, text=text)
    elif was.respond_by != now.respond_by:
        calendar = new.teams[after.route.team].calendar
        yield Cause(kind="calendar", name=calendar, text=f"the time counts by calendar '{calendar}' as it is now")
