"""Checks on routes: exactly the last one has no condition."""

from collections.abc import Sequence

from rules.nodes import ListNode, MapNode, Node
from rules.playbook import Route
from rules.reading import Reading


def check_routes(routes: Sequence[Route], node: Node | None, reading: Reading) -> None:
    """Note a missing catch-all and routes behind one."""
    if isinstance(node, ListNode) and node.items:
        _check_catch_all(node, reading)


def _check_catch_all(node: ListNode, reading: Reading) -> None:
    *earlier, last = node.items
    if (when := _when(last)) is not None:
        reading.note(
            when,
            "missing-catch-all",
            "the last route has a condition, so a lead may find no route",
            "remove its `when`, or add a last route without one",
        )
    for item in earlier:
        if isinstance(item, MapNode) and _when(item) is None:
            reading.note(
                item,
                "shadowed-route",
                "this route matches every lead, so those below it are never reached",
                "give it a `when`, or move it to the end",
            )


def _when(item: Node) -> Node | None:
    entries = item.entries if isinstance(item, MapNode) else ()
    return next((key for key, _ in entries if key.text == "when"), None)
