"""Checks on breaches: where an SLA goes up the chain, the team that works under it has one."""

from collections.abc import Mapping, Sequence

from rules.nodes import ListNode, Node, ScalarNode, part_of
from rules.playbook import Sla, Team
from rules.reading import Reading


def check_breaches(routes: Node | None, slas: Mapping[str, Sla], teams: Mapping[str, Team], reading: Reading) -> None:
    """Note routes whose SLA escalates in a team that has nobody to go to."""
    for route in routes.items if isinstance(routes, ListNode) else ():
        to, under = part_of(route, "to"), part_of(route, "sla")
        if not isinstance(to, ScalarNode) or not isinstance(under, ScalarNode):
            continue
        team, sla = teams.get(to.text), slas.get(under.text)
        if team is not None and sla is not None and "escalate" in sla.on_breach and not _chain(team):
            message = f"SLA '{sla.name}' escalates a breach, but team '{team.name}' has nobody to go to"
            reading.note(under, "nobody-to-tell", message, f"give '{team.name}' a manager or an escalation")


def _chain(team: Team) -> Sequence[object]:
    return (*((team.manager,) if team.manager else ()), *team.escalation)
