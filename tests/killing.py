"""A server that is killed at random while people submit, and what they may then expect of what is stored.

Each client keeps a journal of its own, synced to disk line by line: what it is about to send, and every receipt it saw.
A client whose server died sends the same form again to the next one, as a browser would.
"""

import http.client
import json
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from sqlalchemy import func, select, text

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.operations.receipts import stored_response
from consult.participants.models import Invitation
from consult.responses.models import Answer, Response, ResponseLink, Revision
from tests.factories import (
    LINK_KEY,
    make_asking,
    make_consultation,
    make_invited,
    make_meeting,
    make_question,
)

CANARY = "Spoken under the rule"
SECRET_KEY = "secret-key-of-the-killing-0123456789abcdef"
CLIENTS = 4
_READY_SECONDS, _PATIENCE_SECONDS = 60, 90
_FIELD = re.compile(r"<(?:input|textarea)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_CODE = re.compile(r'class="receipt__group">([A-Z2-7-]+)<')
_NURSERY = """
import json, os, signal, sys
from consult.cli.commands import main
import consult.app, gunicorn.app.base, gunicorn.workers.gthread
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.environ.update(order["environment"])
        sys.argv = ["consult", "serve", "--port", str(order["port"]), "--workers", "1"]
        main()
        os._exit(0)
    print(pid, flush=True)
"""
"""Forks servers, so that ten of them start in the time in which one interpreter would. Each is the real command."""


class Servers:
    """One server at a time, each in a process group of its own, on a port of its own."""

    def __init__(self, url: str, log: Path) -> None:
        self._environment = {
            "CONSULT_DATABASE_URL": url,
            "CONSULT_SECRET_KEY": SECRET_KEY,
            "CONSULT_LINK_KEY": LINK_KEY,
        }
        self._log = log.open("ab")
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", _NURSERY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )
        self._pid = 0
        self.port = 0

    def start(self) -> None:
        """Start one, and return when it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(
            json.dumps({"port": port, "environment": self._environment}).encode() + b"\n"
        )
        self._nursery.stdin.flush()
        self._pid = int(self._nursery.stdout.readline())
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse().read()
            except OSError:
                time.sleep(0.01)
            else:
                self.port = port
                return
        raise TimeoutError("the server did not start")

    def kill(self) -> None:
        """SIGKILL to gunicorn and its worker at once: nothing is finished, nothing is said."""
        self.port = 0
        os.killpg(self._pid, signal.SIGKILL)
        self._pid = 0

    def close(self) -> None:
        if self._pid:
            self.kill()
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.stdout.close()
        self._nursery.wait(20)
        self._log.close()


class Client(threading.Thread):
    """Submits for one person after another, and puts every step into its journal before the next."""

    def __init__(
        self, servers: Servers, people: "queue.SimpleQueue[str]", journal: IO[str], seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._servers, self._people, self._journal = servers, people, journal
        self._random = random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None
        self._port = 0
        self._cookies: dict[str, str] = {}
        self.receipts = 0
        self.repeated = 0
        self.failure = ""

    def run(self) -> None:
        try:
            while True:
                self._one(self._people.get_nowait())
        except queue.Empty:
            pass
        except Exception as error:  # noqa: BLE001 - a thread's error is the test's
            self.failure = f"{type(error).__name__}: {error}"
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _one(self, secret: str) -> None:
        self._cookies.clear()
        page = self._ask("GET", f"/i/{secret}")
        self._ask("POST", f"/i/{secret}", _fields(page))
        words = f"{CANARY} {self._random.getrandbits(64):x}. " + "And more. " * self._random.randrange(40)
        form = _filled(self._ask("GET", "/respond/"), words)
        self._note("sent", secret, words)
        self._ask("POST", "/respond/", form)
        groups = _CODE.findall(self._ask("GET", "/respond/receipt"))
        assert groups, "no receipt code in the page"
        self._note("receipt", "".join(groups).replace("-", ""), words)
        self.receipts += 1

    def _note(self, kind: str, what: str, words: str) -> None:
        self._journal.write(json.dumps([kind, what, words]) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """The page, from whichever server answers, the same request as often as it takes."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        tries = 0
        while time.monotonic() < deadline:
            try:
                status, page = self._try(method, path, form)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(0.005)
                tries += 1
                continue
            if status == 503:  # the database is away: "keep this page and try again"
                time.sleep(0.05)
                continue
            if status != (200 if method == "GET" else 303):
                raise AssertionError(f"{method} {path.partition('/i/')[0]}: {status}\n{page[:2000]}")
            self.repeated += bool(tries)
            return page
        raise TimeoutError(f"{method} found no server")

    def _try(self, method: str, path: str, form: dict[str, str] | None) -> tuple[int, str]:
        port = self._servers.port
        if not port:
            raise ConnectionError
        if self._connection is None or port != self._port:
            self._hang_up()
            self._connection, self._port = http.client.HTTPConnection("127.0.0.1", port, timeout=30), port
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, None if form is None else urlencode(form), headers)
        response = self._connection.getresponse()
        page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, page


def _fields(page: str, kind: str = "hidden") -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in _FIELD.findall(page):
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if attributes.get("type", "textarea") == kind and "name" in attributes:
            found.setdefault(attributes["name"], attributes.get("value", ""))
    return found


def _filled(page: str, words: str) -> dict[str, str]:
    texts = dict.fromkeys(_fields(page, "textarea"), words)
    assert texts, "no form"
    return {**_fields(page), **dict.fromkeys(_fields(page, "radio"), "quote_unattributed"), **texts}


def prepare(database: Database, people: int) -> list[str]:
    """An open consultation with one question and that many people invited; the secrets of their links."""
    with database.transaction() as session:
        consultation, _rules = make_consultation(session)
        meeting = make_meeting(session, consultation, "only", "The only meeting", date(2016, 5, 1))
        make_asking(session, make_question(session, consultation, "outcome", "What single outcome?"), meeting)
        return [make_invited(session, consultation, meeting, number).secret for number in range(people)]


@contextmanager
def submitting(
    url: str, secrets: Sequence[str], folder: Path, seed: int
) -> Iterator[tuple[Servers, list[Client]]]:
    """Clients at work until every person has a receipt; the block does the harm. A client that fails fails the test."""
    people: queue.SimpleQueue[str] = queue.SimpleQueue()
    for secret in secrets:
        people.put(secret)
    servers = Servers(url, folder / "log")
    journals = [(folder / f"journal-{number}").open("w", encoding="utf-8") for number in range(CLIENTS)]
    clients = [Client(servers, people, journal, seed + at) for at, journal in enumerate(journals)]
    try:
        servers.start()
        for client in clients:
            client.start()
        yield servers, clients
        for client in clients:
            client.join(_PATIENCE_SECONDS)
            assert not client.is_alive()
            assert not client.failure, client.failure
    finally:
        servers.close()
        for journal in journals:
            journal.close()


def kill_at_random(url: str, secrets: Sequence[str], folder: Path, *, rounds: int, seed: int) -> list[Client]:
    """Submit for everybody while the server is killed that often, always with requests under way."""
    chance = random.Random(seed)
    with submitting(url, secrets, folder, seed) as (servers, clients):
        for _ in range(rounds):
            before = sum(client.receipts for client in clients)
            while sum(client.receipts for client in clients) == before and any(c.is_alive() for c in clients):
                time.sleep(0.002)
            time.sleep(chance.random() * 0.06)
            assert any(client.is_alive() for client in clients), "everybody was done before the last round"
            servers.kill()
            servers.start()
    return clients


def check(database: Database, folder: Path) -> int:
    """Lost 0, doubled 0, half-written 0, integrity clean, no words in the log. Returns how many receipts were seen."""
    lines = [
        json.loads(line)
        for journal in folder.glob("journal-*")
        for line in journal.read_text(encoding="utf-8").splitlines()
    ]
    receipts = [(code, words) for kind, code, words in lines if kind == "receipt"]
    sent = {secret for kind, secret, _words in lines if kind == "sent"}
    with database.reading() as session:
        for code, words in receipts:
            stored = stored_response(session, code)
            assert stored is not None, "a receipt leads nowhere: lost"
            assert [answer.text for answer in stored.answers] == [words.strip()]
        assert len({code for code, _words in receipts}) == len(receipts) == len(sent)
        responses = session.scalars(select(Response.id)).all()
        assert len(responses) == len(sent), "doubled"
        answers = session.execute(select(Answer.response_id, Answer.id)).all()
        assert sorted(answer.response_id for answer in answers) == sorted(responses), "half-written"
        revised = session.scalars(select(Revision.answer_id).where(Revision.current)).all()
        assert sorted(revised) == sorted(answer.id for answer in answers), "half-written"
        answered = session.scalars(select(Invitation.id).where(Invitation.answered)).all()
        handles = {Seal(LINK_KEY).handle(invitation) for invitation in answered}
        assert handles == set(session.scalars(select(ResponseLink.handle))), "half-written"
        assert len(handles) == len(sent)
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            found = session.scalar(
                text(
                    "SELECT count(*) FROM revision_words_waiting WHERE revision_words_waiting MATCH 'spoken'"
                )
            )
            assert found == session.scalar(select(func.count()).select_from(Revision))
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    assert CANARY not in log
    assert "Traceback" not in log
    assert "locked" not in log
    return len(receipts)
