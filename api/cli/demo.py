"""`leadline demo`: sample leads through the HTTP doors of a running server."""

from threading import Event

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.arrivals import arrivals, arrive
from api.caller import Doors
from api.cli.house import RefusedError, errors, now, settings
from api.errors import ArrivalError
from api.sample import read_keys

LINE_EVERY = 50
SECONDS_TO_HEAR_OF_A_STOP = 2.0


@click.command()
@click.option("--leads", type=click.IntRange(1, 100_000), default=200, show_default=True, help="How many leads.")
@click.option("--rate", type=click.FloatRange(0.1, 1000), default=10.0, show_default=True, help="Leads a second.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server answers.")
@click.option("--form-key", help="Key of the form; the sample's when left out.")
@click.option("--crm-key", help="Key of kind crm; the sample's when left out.")
def demo(leads: int, rate: float, url: str, form_key: str | None, crm_key: str | None) -> None:
    """Let sample leads arrive at a running server: through its form, as a CRM, and with activities.

    Sample sales accept them, try to reach them and give back what became of them, for the next training to learn from.
    """
    keys = read_keys(settings().home)
    form_key, crm_key = form_key or keys.get("form"), crm_key or keys.get("crm")
    if not form_key or not crm_key:
        raise RefusedError("no sample keys are here; give --form-key and --crm-key, or start `leadline serve --sample`")
    if not let_arrive(Doors(url=url, form_key=form_key, crm_key=crm_key), leads, rate, Event()):
        raise SystemExit(1)


def let_arrive(doors: Doors, count: int, rate: float, stopping: Event) -> bool:
    """Sends sample leads at a rate and works them, with a progress line, until done or stopped; says if all went."""
    console = errors()
    seed = int(now().timestamp())  # other people each time
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("sample leads arrive", total=count)
            number = 0
            for came in arrive(doors, arrivals(count, seed, now()), seed):
                number += came
                progress.advance(task, came)
                if came and not console.is_terminal and number % LINE_EVERY == 0:
                    console.print(f"{number:,} of {count:,} sample leads have arrived")
                if stopping.wait(1 / rate if came else 0.0):
                    return False
    except ArrivalError as error:
        # A server that is stopping shuts its doors first and says so later.
        if not stopping.wait(SECONDS_TO_HEAR_OF_A_STOP):
            console.print(f"Sample leads stopped arriving: {error}", markup=False)
        return False
    return True
