"""`leadline serve`: the HTTP server, and a house full of samples to look at."""

import json
import os
from threading import Event

import click

from api.caller import Doors
from api.cli.demo import let_arrive
from api.cli.house import errors, opened, refused_playbook, settings
from api.cli.init import set_up_sample
from api.sample import read_keys
from api.server import reachable, refuse_taken
from api.server import serve as serve_http
from api.serving import Served, read_served
from api.worker.inside import keep_working
from rules.problems import PlaybookError
from store.database import Database
from store.listing import list_leads
from store.playbooks import active_playbook

SAMPLE_LEADS = 200
SAMPLE_RATE = 10.0
EXAMPLE = {
    "email": "ann@big.example",
    "title": "VP Engineering",
    "country": "DE",
    "source": "demo_request",
    "attributes": {"employees": 4000, "industry": "software"},
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Run no worker inside; `leadline worker` must then run elsewhere.")
@click.option("--sample", is_flag=True, help="Set everything up with samples first, and let sample leads arrive.")
def serve(host: str, port: int, no_worker: bool, sample: bool) -> None:
    """Serve Leadline over HTTP until Ctrl-C.

    A worker inside does what falls due: warnings, breaches and what else is to happen without anyone asking.
    Needs a database (`leadline init`), a model (`leadline train`, `leadline models promote`) and a playbook
    (`leadline playbook publish`); with --sample all three are made where they are missing.
    """
    refuse_taken(host, port)
    found = settings()
    if sample:
        # A line for each sample lead would bury the keys; the variable reaches the server's process too.
        os.environ.setdefault("LEADLINE_LOG_LEVEL", "warning")
        set_up_sample(found)
    with opened() as database:
        served = _served(database)
        arrivals = SAMPLE_LEADS if sample and _has_no_leads(database) else 0
    keys = read_keys(found.home) if sample else {}
    url = f"http://{_bracketed(reachable(host))}:{port}"

    def when_up(stopping: Event) -> None:
        _say_open(url, served, keys)
        if arrivals:
            let_arrive(Doors(url=url, form_key=keys["form"], crm_key=keys["crm"]), arrivals, SAMPLE_RATE, stopping)

    serve_http(found, host, port, when_up=when_up, worker=None if no_worker else keep_working)
    errors().print("Leadline has stopped.")


def _served(database: Database) -> Served:
    """What would be served. Raises: RefusedError with every problem of a broken playbook."""
    with database.read() as tx:
        try:
            return read_served(tx)
        except PlaybookError as error:
            number, text = active_playbook(tx) or (0, "")
            raise refused_playbook(f"playbook {number}, which is in force, is broken", error, text) from None


def _has_no_leads(database: Database) -> bool:
    with database.read() as tx:
        return not list_leads(tx, limit=1).leads


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say_open(url: str, served: Served, keys: dict[str, str]) -> None:
    playbook = served.playbook.playbook.number
    lines = [f"Leadline serves on {url} (model {served.scorecard.version}, playbook {playbook}). Ctrl-C stops it.", ""]
    if keys:
        lines += [f"  {kind:<8} {key}" for kind, key in keys.items()]
        lines += ["", f"  demo form  {url}/demo", f"  API        {url}/docs", "", *_curl(url, keys["crm"]), ""]
    click.echo("\n".join(lines))


def _curl(url: str, key: str) -> list[str]:
    headers = f"-H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
    return [f"  curl -s {url}/v1/leads {headers} \\", f"    -d '{json.dumps(EXAMPLE)}'"]
