"""Checks on reps: one name is one person with one address, whatever teams they are in."""

from collections.abc import Iterator

from rules.nodes import ListNode, MapNode, Node, ScalarNode, part_of
from rules.reading import Reading


def check_reps(teams: Node | None, reading: Reading) -> None:
    """Note reps of one name with several addresses, and of one address with several names.

    Capacity and absences are kept by name, and mail is sent by address.
    """
    by_name: dict[str, tuple[ScalarNode, ScalarNode]] = {}
    by_address: dict[str, tuple[ScalarNode, ScalarNode]] = {}
    for name, email in _reps(teams):
        _, its_email = by_name.setdefault(name.text, (name, email))
        its_name, addressed = by_address.setdefault(email.text.casefold(), (name, email))
        if its_email.text.casefold() != email.text.casefold():
            message = f"'{name.text}' has another address on line {its_email.line}"
            reading.note(name, "duplicate-name", message, "rename one, or give both the same address")
        elif its_name.text != name.text:
            message = f"'{its_name.text}' has this address too, on line {addressed.line}"
            reading.note(email, "duplicate-address", message, "give each person their own, or both the same name")


def _reps(teams: Node | None) -> Iterator[tuple[ScalarNode, ScalarNode]]:
    for _, team in teams.entries if isinstance(teams, MapNode) else ():
        reps = part_of(team, "reps")
        for rep in reps.items if isinstance(reps, ListNode) else ():
            name, email = part_of(rep, "name"), part_of(rep, "email")
            if isinstance(name, ScalarNode) and isinstance(email, ScalarNode):
                yield name, email
