"""When reps are away, on both databases."""

from datetime import timedelta

from store.absences import absences_within, add_absence
from store.database import Database
from tests.builders import NOW

DAY = timedelta(days=1)


def test_absences_that_overlap_are_one_and_those_before_and_after_do_not_count(database: Database) -> None:
    with database.begin() as tx:
        for rep, first, last in (
            ("Ana", 4, 6),
            ("Ana", -1, 2),
            ("Ana", 1, 3),
            ("Ana", 1, 2),
            ("Ben", -2, 0),
            ("Ben", 9, 10),
        ):
            add_absence(tx, rep, NOW + first * DAY, NOW + last * DAY, NOW)

        away = absences_within(tx, NOW, NOW + 9 * DAY)

    assert away == {"Ana": [(NOW - DAY, NOW + 3 * DAY), (NOW + 4 * DAY, NOW + 6 * DAY)]}
