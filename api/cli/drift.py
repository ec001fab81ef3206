"""`leadline models drift`: whether live leads still look as the model knew them, and what to do."""

import click

from api.cli.house import json_option, now, opened, say_json, say_table
from api.drifting import measured_drift
from models.drift import Drift, drift_document
from models.shift import Shift
from rules.spans import span_of


@click.command("drift")
@click.option("--since", default="30d", show_default=True, metavar="SPAN", help="Leads of the last 30d, 12h, 2w, ...")
@json_option
def drift_verb(since: str, as_json: bool) -> None:
    """Hold the leads of the last days against those that the serving model was trained on, and say what to do.

    PSI under 0.1 is no change, from 0.25 on the population is another one; what chance explains is not counted as
    change. Probabilities are held against the outcomes that came back since the model was trained.
    """
    span = span_of(since)
    if span is None:
        raise click.BadParameter(f"{since!r} is no span of time; write 30d, 12h or 2w", param_hint="--since")
    with opened() as database, database.read() as tx:
        drift = measured_drift(tx, now() - span)
    if as_json:
        say_json({**drift_document(drift), "since": since})
    else:
        _say(drift, since)


def _say(drift: Drift, since: str) -> None:
    click.echo(f"Model {drift.version}, {drift.leads:,} leads of the last {since}\n")
    if drift.leads:
        shifts = (drift.score, *drift.attributes)
        say_table(("", "PSI", "by chance under", "", "moved most", "in training", "now"), map(_row, shifts))
    said = drift.calibration
    if said is not None:
        click.echo(
            f"\nOf {said.outcomes:,} outcomes {said.observed:.1%} were won ({said.low:.1%} to {said.high:.1%}); "
            f"{said.expected:.1%} were expected"
        )
    click.echo()
    for sentence in drift.advice:
        click.echo(sentence)


def _row(shift: Shift) -> tuple[str, ...]:
    most = shift.most
    said = (shift.name, f"{shift.psi:.3f}", f"{shift.chance:.3f}", shift.word)
    if most is None:
        return (*said, "", "", "")
    trained, live = sum(each.trained for each in shift.bins), sum(each.live for each in shift.bins)
    return (*said, most.name, f"{most.trained / trained:.0%}", f"{most.live / live:.0%}")
