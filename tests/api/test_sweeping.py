"""How much a sweep takes on."""

import pytest

from api.worker.sweeping import Pace
from store.sweep import BATCH


@pytest.mark.parametrize(
    ("most", "done", "seconds", "more", "then"),
    [
        (20, 20, 0.1, True, 20),
        (20, 20, 0.4, True, 5),
        (20, 20, 4.0, True, 5),
        (20, 20, 0.05, True, 40),
        (20, 20, 0.001, True, BATCH),
        (20, 1, 0.02, False, 5),
        (20, 0, 0.001, False, 20),
    ],
)
def test_a_sweep_takes_on_what_takes_a_tenth_of_a_second(
    most: int, done: int, seconds: float, more: bool, then: int
) -> None:
    pace = Pace(most=most)

    assert (pace.heard(done, seconds), pace.most) == (more, then)
