"""Checks on routes: exactly the last one has no condition, and every other one is reached by some lead."""

from collections.abc import Sequence

from rules.checks.domains import Domains
from rules.checks.never import check_condition
from rules.checks.reach import PATIENCE, Reach
from rules.conditions import Condition
from rules.nodes import ListNode, MapNode, Node, part_of
from rules.playbook import Route
from rules.reading import Place, Reading


def check_routes(routes: Sequence[Route], node: Node | None, domains: Domains, reading: Reading) -> None:
    """Note a missing catch-all, routes that come too late, and conditions that no lead can fulfil."""
    if isinstance(node, ListNode) and node.items:
        _check_catch_all(node, reading)
    conditional = [(route, route.when) for route in routes if route.when is not None]
    for _, when in conditional:
        check_condition(when, domains, reading)
    _check_shadows(conditional, domains, reading)


def _check_catch_all(node: ListNode, reading: Reading) -> None:
    *earlier, last = node.items
    if (when := _when(last)) is not None and isinstance(part_of(last, "when"), MapNode):
        message = "the last route has a condition, so a lead may find no route"
        reading.note(when, "missing-catch-all", message, "remove its `when`, or add a last route without one")
    for item in earlier:
        if isinstance(item, MapNode) and _when(item) is None:
            message = "this route matches every lead, so those below it are never reached"
            reading.note(item, "shadowed-route", message, "give it a `when`, or move it to the end")


def _when(item: Node) -> Node | None:
    entries = item.entries if isinstance(item, MapNode) else ()
    return next((key for key, _ in entries if key.text == "when"), None)


def _check_shadows(routes: Sequence[tuple[Route, Condition]], domains: Domains, reading: Reading) -> None:
    """Note each route whose leads all go to earlier ones."""
    reach = Reach([when for _, when in routes], domains, patience=5 * PATIENCE)
    for index, (route, when) in enumerate(routes):
        earlier = routes[:index]
        if not reach.possible([(when, True)]):
            continue  # it can never match at all, and that is noted already
        if not reach.possible([(when, True), *((other, False) for _, other in earlier)]):
            takers = [other.name for other, its in earlier if not reach.possible([(when, True), (its, False)])]
            who = f"'{takers[0]}' takes" if takers else "the routes above it take"
            place = Place(line=route.line, column=route.column)
            message = f"route '{route.name}' is never reached: {who} every lead it would match"
            reading.note(place, "shadowed-route", message, "move it up, or narrow what stands above")
