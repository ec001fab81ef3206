"""Checks on reps: one name is one person, whatever teams they are in."""

from collections.abc import Iterator

from rules.nodes import ListNode, MapNode, Node, ScalarNode, part_of
from rules.reading import Reading


def check_reps(teams: Node | None, reading: Reading) -> None:
    """Note reps of one name with different addresses: capacity and absences are kept by name."""
    first: dict[str, ScalarNode] = {}
    for name, email in _reps(teams):
        earlier = first.setdefault(name.text, email)
        if earlier.text != email.text:
            message = f"'{name.text}' has another address on line {earlier.line}"
            reading.note(name, "duplicate-name", message, "rename one, or give both the same address")


def _reps(teams: Node | None) -> Iterator[tuple[ScalarNode, ScalarNode]]:
    for _, team in teams.entries if isinstance(teams, MapNode) else ():
        reps = part_of(team, "reps")
        for rep in reps.items if isinstance(reps, ListNode) else ():
            name, email = part_of(rep, "name"), part_of(rep, "email")
            if isinstance(name, ScalarNode) and isinstance(email, ScalarNode):
                yield name, email
