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

    def new_person(self) -> None:
        self._cookies.clear()

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


def run(
    port: int, people: Sequence[str], clients: int, cycle: Callable[[Browser, str], tuple[float, float]]
) -> tuple[float, list[float]]:
    """Every person's cycle, `clients` at a time. Returns seconds for all, and each timed part's seconds.

    `cycle` does what is not timed first and returns when the timed part began and ended.
    """
    shares = [people[start::clients] for start in range(clients)]

    def work(share: Sequence[str]) -> list[tuple[float, float]]:
        browser = Browser(port)
        return [cycle(browser, person) for person in share]

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        spans = [span for part in pool.map(work, shares) for span in part]
    return time.perf_counter() - began, sorted(end - start for start, end in spans)


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
