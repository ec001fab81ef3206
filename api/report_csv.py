"""The reports as CSV, for spreadsheets: a row for each promise, each group of leads, each rep, each campaign."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta

from routing.agreement import Delivered, Done
from routing.response import Delay, Response
from store.agreements import promise_of
from store.reports.agreement import AgreementReport
from store.reports.campaigns import CampaignResult, CampaignsReport
from store.reports.fairness import FairnessReport, RepShare
from store.reports.sla import SlaReport

Report = AgreementReport | SlaReport | FairnessReport | CampaignsReport

# With these, also in the full width of East Asian keyboards, a spreadsheet takes a text for a formula.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

PROMISES = (
    *("side", "promise", "of", "period", "promised", "so_far", "kept", "broken", "open"),
    *("expected", "low", "high", "from_campaigns", "likely", "state", "text", "drivers"),
)
RESPONSES = (
    *("period", "by", "value", "handed", "in_time", "late", "open", "share"),
    *("system_median", "system_p90", "working_median", "working_p90", "waited_median", "waited_p90"),
)
SHARES = ("period", "team", "rep", "weight", "assigned", "passed_on", "credit", "due", "deviation")
CAMPAIGNS = (
    *("period", "campaign", "state", "planned", "expected", "leads", "qualified", "handed", "in_time", "late"),
    *("response_median", "response_p90", "won", "lost", "rejected", "amount", "reject_reasons", "lost_reasons"),
)


def report_csv(report: Report) -> str:
    """A report's main table as CSV, spans in seconds; quotas, days ahead and audiences have no place in it."""
    match report:
        case AgreementReport():
            return _written(PROMISES, [*map(_promise, report.marketing), *map(_promise, report.sales)])
        case SlaReport():
            return _written(RESPONSES, (_response(report.period, row) for row in report.responses))
        case FairnessReport():
            return _written(SHARES, (_rep(report.period, row) for row in report.reps))
        case CampaignsReport():
            return _written(CAMPAIGNS, (_campaign(report.period, row) for row in report.campaigns))


def _written(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(row[name]) for name in columns} for row in rows)
    return out.getvalue()


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: leads bring campaigns and sources of any name."""
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _promise(one: Delivered | Done) -> dict[str, object]:
    told, counts = promise_of(one), {name: getattr(one, name, None) for name in ("kept", "broken", "open")}
    return {**told, **counts, "drivers": "; ".join(told["drivers"])}


def _response(period: str, row: Response) -> dict[str, object]:
    told = {name: getattr(row, name) for name in ("by", "value", "handed", "in_time", "late", "open", "share")}
    delays = {"system": row.system, "working": row.working, "waited": row.waited}
    return {"period": period, **told, **{key: cell for name, one in delays.items() for key, cell in _delay(name, one)}}


def _delay(name: str, delay: Delay | None) -> Iterable[tuple[str, timedelta | None]]:
    yield f"{name}_median", None if delay is None else delay.median
    yield f"{name}_p90", None if delay is None else delay.p90


def _rep(period: str, row: RepShare) -> dict[str, object]:
    return {"period": period, **{name: getattr(row, name) for name in SHARES[1:]}}


def _campaign(period: str, result: CampaignResult) -> dict[str, object]:
    told = {name: getattr(result, name) for name in CAMPAIGNS if hasattr(result, name)}
    return {
        **told,
        "period": period,
        "campaign": result.name or "(none)",
        **dict(_delay("response", result.response)),
        "reject_reasons": _counted(result.reject_reasons),
        "lost_reasons": _counted(result.lost_reasons),
    }


def _counted(reasons: Mapping[str, int]) -> str:
    return "; ".join(f"{reason}: {count}" for reason, count in reasons.items())
