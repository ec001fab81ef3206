"""Checks on breaches: whom an SLA tells of one, the teams that work under it have."""

from collections.abc import Mapping

from rules.nodes import ListNode, Node, ScalarNode, part_of
from rules.playbook import Sla, Team
from rules.reading import Reading


def check_breaches(routes: Node | None, slas: Mapping[str, Sla], teams: Mapping[str, Team], reading: Reading) -> None:
    """Note routes whose SLA tells somebody of a breach whom their team does not have."""
    for route in routes.items if isinstance(routes, ListNode) else ():
        to, under = part_of(route, "to"), part_of(route, "sla")
        if not isinstance(to, ScalarNode) or not isinstance(under, ScalarNode):
            continue
        team, sla = teams.get(to.text), slas.get(under.text)
        if team is None or sla is None or team.manager is not None:
            continue
        if "escalate" in sla.on_breach and not team.escalation:
            message = f"SLA '{sla.name}' escalates a breach, but team '{team.name}' has nobody to go to"
            reading.note(under, "nobody-to-tell", message, f"give '{team.name}' a manager or an escalation")
        elif "notify_manager" in sla.on_breach:
            message = f"SLA '{sla.name}' tells the manager of a breach, but team '{team.name}' has none"
            reading.note(under, "nobody-to-tell", message, f"give '{team.name}' a manager")
