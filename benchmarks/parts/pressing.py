"""Clients that load a form, press Submit and read the receipt, each over one connection kept open."""

import http.client
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAME = re.compile(r'name="([^"]*)"')
VALUE = re.compile(r'value="([^"]*)"')


class Browser:
    """One person's browser: cookies, redirects not followed, hidden fields remembered."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, status: int = 200) -> str:
        return self._ask("GET", path, None, status)

    def post(self, path: str, fields: dict[str, str], status: int = 303) -> str:
        return self._ask("POST", path, urlencode(fields), status)

    def new_person(self, cookies: dict[str, str]) -> None:
        """Go on as whoever has these cookies; new ones are added to them."""
        self._cookies = cookies

    def take(self, name: str, value: str) -> None:
        """Have this cookie from now on."""
        self._cookies[name] = value

    def stream(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        """What a form brings, to be read as it comes."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._connection.request("POST", path, urlencode(fields), headers)
        return self._connection.getresponse()

    def _ask(self, method: str, path: str, body: str | None, status: int) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._answer(method, path, body, headers)
        text = response.read().decode("utf-8")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if response.status != status:
            raise RuntimeError(f"{method} {path}: {response.status}, not {status}: {text[:400]}")
        return text

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """As browsers do: a connection that the server ended while it lay idle is opened once more."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's first forms, the later ones of the same name left out."""
    fields: dict[str, str] = {}
    for tag in HIDDEN.findall(page):
        name, value = NAME.search(tag), VALUE.search(tag)
        if name:
            fields.setdefault(name.group(1), value.group(1) if value else "")
    return fields


Cookies = dict[str, dict[str, str]]
"""Whose browser has which."""


def opened(
    port: int, people: Sequence[str], clients: int, opening: Callable[[Browser, str], None]
) -> Cookies:
    """What everybody has done, in a browser of their own, before anything is measured."""
    kept: Cookies = {person: {} for person in people}

    def work(share: Sequence[str]) -> None:
        browser = Browser(port)
        for person in share:
            browser.new_person(kept[person])
            opening(browser, person)

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, _shares(people, clients)))
    return kept


def run(
    port: int, people: Sequence[str], clients: int, cycle: Callable[[Browser, str], None], kept: Cookies
) -> list[float]:
    """Every person's cycle, `clients` at a time. Returns each one's seconds, in order."""

    def work(share: Sequence[str]) -> list[float]:
        browser, spans = Browser(port), []
        for person in share:
            browser.new_person(kept.get(person, {}))
            began = time.perf_counter()
            cycle(browser, person)
            spans.append(time.perf_counter() - began)
        return spans

    with ThreadPoolExecutor(clients) as pool:
        return sorted(span for part in pool.map(work, _shares(people, clients)) for span in part)


def _shares(people: Sequence[str], clients: int) -> list[Sequence[str]]:
    return [people[start::clients] for start in range(clients)]


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
