"""CRMs that post leads and moves, and ask again under the same Idempotency-Key until they are answered."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Thread
from types import MappingProxyType
from typing import Any

SECONDS_TO_ANSWER = 60
LONGEST_PAUSE = 0.5
LATEST = 4
MOVES: Mapping[str, Mapping[str, str]] = MappingProxyType({"accept": {}, "contact": {"how": "call"}})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a key was answered at one time; `document` is what the text says, None where it is no JSON."""

    key: str
    path: str
    status: int
    text: str
    document: Any


@dataclass(kw_only=True, slots=True)
class Client:
    """One of those who post at once; `lost` counts the requests whose answer never came."""

    name: str
    port: int
    crm_key: str
    chance: Random
    answers: list[Answer] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    lost: int = 0

    def work(self, stopping: Event) -> None:
        """Posts new people, some of them twice and some under the same key at once, and works some of the latest."""
        number = 0
        while not stopping.is_set():
            number += 1
            sent = {"email": f"p@{self.name}x{number}.example", "country": self.chance.choice(["DE", "NL", "US"])}
            key = f"{self.name}-{number}"
            self._post(key, sent, at_once=2 if self.chance.random() < 0.2 else 1)
            if self.chance.random() < 0.1:
                self._post(f"{key}-again", {**sent, "title": "VP"}, at_once=1)
            for kind, body in MOVES.items():
                if self.leads and self.chance.random() < 0.3:
                    lead_id = self.chance.choice(self.leads[-LATEST:])
                    self._ask(f"{key}-{kind}", f"/v1/leads/{lead_id}/{kind}", body)
            stopping.wait(self.chance.uniform(0, LONGEST_PAUSE))

    def _post(self, key: str, sent: object, *, at_once: int) -> None:
        """Posts a lead; what is answered otherwise than leads are is kept all the same, for the laws to find."""
        asking = [Thread(target=self._ask, args=(key, "/v1/leads", sent)) for _ in range(at_once)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        documents = [answer.document for answer in self.answers[-at_once:]]
        self.leads += {each["lead_id"] for each in documents if isinstance(each, dict) and "lead_id" in each}

    def _ask(self, key: str, path: str, body: object) -> None:
        while True:
            try:
                status, text = self._request(key, path, body)
            except (OSError, HTTPException):
                self.lost += 1
                time.sleep(0.05)
                continue
            self.answers.append(Answer(key=key, path=path, status=status, text=text, document=_read(text)))
            return

    def _request(self, key: str, path: str, body: object) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.crm_key}", "Idempotency-Key": key}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request("POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace")
        finally:
            connection.close()


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
