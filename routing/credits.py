"""Credits: what each rep's count goes on from when a team or its weights change: nobody is flooded, nobody starved."""

from collections.abc import Mapping, Sequence

from rules.playbook import Rep


def credits_anew(reps: Sequence[Rep], assigned: Mapping[str, int], short: Mapping[str, float]) -> dict[str, float]:
    """By rep: the credit with which a team goes on by the weights it has now.

    Each is then as many leads `short` of their share as before (new or back: none), less their part of what those who
    left were short of. Credits are as small as that takes, and none is negative.
    """
    weights, over = sum(rep.weight for rep in reps), sum(short.get(rep.name, 0.0) for rep in reps)
    owed = {rep.name: short.get(rep.name, 0.0) - over * rep.weight / weights for rep in reps}
    total = max((assigned.get(rep.name, 0) + owed[rep.name]) * weights / rep.weight for rep in reps)
    had = {rep.name: total * rep.weight / weights - owed[rep.name] for rep in reps}
    return {name: max(0.0, round(count - assigned.get(name, 0), 9)) for name, count in had.items()}
