from datetime import datetime

import pytest

from scoring.lead import Activity
from tests.builders import lead

NAIVE = datetime(2026, 3, 6, 12, 0)  # noqa: DTZ001 - what comes without a zone is under test


def test_a_lead_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^created_at 2026-03-06 12:00:00 has no time zone; pass an aware datetime$"):
        lead(created_at=NAIVE)


def test_an_activity_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^activity demo at 2026-03-06 12:00:00 has no time zone; pass an aware"):
        Activity(kind="demo", at=NAIVE)
