"""A house of the tests: a real store with a model, the sample playbook and keys, and an app that serves it."""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from api.app import create_app
from api.desk import EXTENSION
from api.metrics import Metrics
from api.serving import Serving
from api.settings import Settings
from api.worker.telling import Teller
from api.worker.templates import Templates
from models.version import ModelVersion
from rules.sample import sample_cases, sample_playbook
from store.database import Database
from store.keys import KeyKind, create_key
from store.models import add_version, promote
from store.playbooks import publish
from tests.models.builders import version

# A Tuesday morning in Berlin, inside working hours.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
KINDS: tuple[KeyKind, ...] = ("form", "crm", "analyst", "ops", "admin")
HOT: Mapping[str, Any] = {
    "email": "ann@big.example",
    "title": "VP Engineering",
    "country": "DE",
    "source": "demo_request",
    "attributes": {"employees": 4000},
}
COLD: Mapping[str, Any] = {"email": "bob@mailinator.com"}


Run = Callable[..., Result]


def printed(result: Result) -> Any:
    """The JSON that a verb printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@dataclass(kw_only=True, slots=True)
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def forward(self, span: timedelta) -> None:
        """Moves it on."""
        self.now += span


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a door answered, its JSON read."""

    status_code: int
    mimetype: str
    headers: Headers
    data: bytes
    json: Any

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Someone at the doors."""

    client: FlaskClient

    def open(self, path: str, method: str, **options: Any) -> Answered:
        """Asks with a method."""
        response = self.client.open(path, method=method, **options)
        with closing(response):
            return Answered(
                status_code=response.status_code,
                mimetype=response.mimetype or "",
                headers=response.headers,
                data=response.data,
                json=response.get_json(silent=True),
            )

    def get(self, path: str, **options: Any) -> Answered:
        """Asks with GET."""
        return self.open(path, "GET", **options)

    def post(self, path: str, **options: Any) -> Answered:
        """Asks with POST."""
        return self.open(path, "POST", **options)

    def options(self, path: str, **options: Any) -> Answered:
        """Asks with OPTIONS."""
        return self.open(path, "OPTIONS", **options)

    def delete(self, path: str, **options: Any) -> Answered:
        """Asks with DELETE."""
        return self.open(path, "DELETE", **options)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """An app with its store, a key of each kind and a clock."""

    app: Flask
    database: Database
    keys: Mapping[str, str]
    clock: Clock = field(default_factory=Clock)

    @property
    def client(self) -> Asker:
        """Someone at its doors."""
        return Asker(client=self.app.test_client())

    def post(self, path: str, json: object, *, kind: str = "crm", **headers: str) -> Answered:
        """Posts JSON with a key."""
        return self.client.post(path, json=json, headers={**self.bearer(kind), **headers})

    def get(self, path: str, *, kind: str = "crm") -> Answered:
        """Gets with a key."""
        return self.client.get(path, headers=self.bearer(kind))

    def bearer(self, kind: str) -> dict[str, str]:
        """The header that shows a key."""
        return {"Authorization": f"Bearer {self.keys[kind]}"}

    @property
    def form(self) -> str:
        """Where the demo form posts."""
        return f"/v1/forms/{self.keys['form']}/leads"

    def close(self) -> None:
        """Closes the store, the app's connections to it included."""
        self.app.extensions[EXTENSION].database.close()
        self.database.close()


def teller(database: Database, home: Path = Path("no home")) -> Teller:
    """Says what happened in a house, in the words of its home."""
    return Teller(database=database, serving=Serving(database, Metrics()), templates=Templates(home))


def model(name: str = "2026-03-01.1") -> ModelVersion:
    """A version with the small scorecard made by hand."""
    return version(name, created_at=NOW)


def furnish(database: Database) -> dict[str, str]:
    """Puts a model and the sample playbook into force, and gives a key of each kind; the form's is the demo's."""
    made = model()
    with database.begin() as tx:
        add_version(tx, made)
        promote(tx, made.name, by="test", because="test", now=NOW)
        publish(tx, sample_playbook(), cases=sample_cases(), by="test", because="test", now=NOW)
        return {kind: create_key(tx, kind, "demo" if kind == "form" else "test", NOW) for kind in KINDS}


def house_on(database: Database, keys: Mapping[str, str], home: Path) -> House:
    """A house on a furnished database."""
    clock = Clock()
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(home=home, database_url=url), clock=clock)
    app.testing = True
    return House(app=app, database=database, keys=keys, clock=clock)
