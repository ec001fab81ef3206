"""What an SLA promises for a lead."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import elapsed
from routing.decision import Promise
from routing.promise import attempts_calendar, promise
from rules.playbook import Attempts, Sla, Span, WorkingDays
from tests.routing.builders import berlin, calendar, utc


def sla(respond_within: Span, *warn_at: float) -> Sla:
    """An SLA with this response time and these warnings."""
    return Sla(name="hot", respond_within=respond_within, clock="business", warn_at=warn_at, on_breach=())


def test_warnings_come_at_their_share_of_the_working_time() -> None:
    """Four hours from Friday three o'clock: half of them are over at closing, three quarters on Monday at ten."""
    found = promise(sla(timedelta(hours=4), 0.5, 0.75), calendar(), berlin("2026-03-06 15:00"))

    assert found == Promise(
        name="hot",
        respond_by=berlin("2026-03-09 11:00"),
        warn_at=(berlin("2026-03-06 17:00"), berlin("2026-03-09 10:00")),
    )


def test_without_a_calendar_the_clock_never_stops() -> None:
    """Half of an hour is half an hour."""
    found = promise(sla(timedelta(hours=1), 0.5), None, utc("2026-03-07 03:00"))

    assert (found.respond_by, found.warn_at) == (utc("2026-03-07 04:00"), (utc("2026-03-07 03:30"),))


def test_business_days_are_warned_of_by_their_working_time() -> None:
    """Two days from Tuesday ten o'clock are fourteen hours of work, seven of which are over a day later."""
    found = promise(sla(WorkingDays(days=2), 0.5), calendar(), berlin("2026-03-03 10:00"))

    assert (found.respond_by, found.warn_at) == (berlin("2026-03-05 10:00"), (berlin("2026-03-04 10:00"),))


@given(
    st.timedeltas(timedelta(), timedelta(days=400)).map(utc("2026-01-01 00:00").__add__),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=100)) | st.builds(WorkingDays, days=st.integers(1, 20)),
    st.lists(st.floats(0.01, 0.99), max_size=4),
)
def test_warnings_come_in_order_between_start_and_deadline(start: datetime, span: Span, shares: list[float]) -> None:
    """And working time passes from each to the deadline."""
    hours = calendar(region="DE-BE")

    found = promise(sla(span, *sorted(shares)), hours, start)

    assert list(found.warn_at) == sorted(found.warn_at)
    assert all(start < at <= found.respond_by for at in found.warn_at)
    assert all(elapsed(at, found.respond_by, hours) > timedelta() for at in found.warn_at)


def test_days_of_attempts_count_all_time_hours_and_business_days_work() -> None:
    """Ten days are ten days; as 240 hours of work they would be six weeks."""
    spans = (timedelta(days=10), timedelta(hours=20), WorkingDays(days=10))

    counted = [attempts_calendar(Attempts(at_least=5, within=span), calendar()) for span in spans]

    assert counted == [None, calendar(), calendar()]
