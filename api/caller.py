"""Someone at a running server's HTTP doors: a website's visitor and a CRM, on one connection."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from api.errors import ArrivalError

PATIENCE = 30.0

# What the server says of a lead that somebody else has moved meanwhile, or whose playbook has other reasons.
OVERTAKEN = frozenset({404, 409, 422})


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """Where the leads go, and the keys that open the doors there."""

    url: str
    form_key: str
    crm_key: str


class Caller:
    """One connection to the doors. Raises: ArrivalError where a door does not answer as it should."""

    def __init__(self, doors: Doors) -> None:
        parts = urlsplit(doors.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._doors = doors
        self._prefix = parts.path.rstrip("/")
        self._connection = kind(parts.netloc, timeout=PATIENCE)

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def post_form(self, filled: Mapping[str, str]) -> None:
        """Posts a lead the way a browser posts a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        self._ask("POST", f"/v1/forms/{self._doors.form_key}/leads", {303}, urlencode(filled), headers)

    def post(self, path: str, body: object, expected: int) -> Any:
        """What a CRM's post is answered."""
        return self._ask("POST", path, {expected}, json.dumps(body), self._crm())

    def move(self, lead_id: str, kind: str, body: object) -> None:
        """Makes a move with a lead, if it is possible still."""
        self._ask("POST", f"/v1/leads/{lead_id}/{kind}", {200, *OVERTAKEN}, json.dumps(body), self._crm())

    def find(self, email: str) -> Any:
        """The lead with an e-mail address; None when there is none."""
        page = self._ask("GET", f"/v1/leads?limit=1&email={quote(email)}", {200}, "", self._crm())
        return next(iter(page["leads"]), None)

    def _crm(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "Authorization": f"Bearer {self._doors.crm_key}"}

    def _ask(self, method: str, path: str, expected: Collection[int], body: str, headers: Mapping[str, str]) -> Any:
        try:
            self._connection.request(method, self._prefix + path, body.encode(), dict(headers))
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            raise ArrivalError(f"{self._doors.url} does not answer: {error}") from error
        if response.status not in expected:
            said = answer[:300].decode(errors="replace")
            raise ArrivalError(f"{method} {path} answered {response.status}: {said}")
        return json.loads(answer) if response.headers.get_content_subtype() == "json" else None
