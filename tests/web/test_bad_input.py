"""Bad input is answered with a page and a sentence: never a 500, and nothing typed is lost."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from consult.core.database import Database
from consult.web.transactions import TransactionalFlask
from tests.pages import Page, check_page
from tests.web.forms_tried import FORMS, Filled
from tests.web.matrix import MATRIX, Browser, browser_of
from tests.web.scenes import PlainClient, Scene, fingerprint, token_for

FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
MARKUP = re.compile(r"<[^>]*>")
FITTING = {200, 303, 304, 401, 403, 404, 405, 409, 413, 422, 429}
"""What bad input may be answered with: never a status that blames the machine."""


LONG = "long " * 30_000
BAD: dict[str, bytes] = {
    "NUL": b"before%00after",
    "half a surrogate": b"before%ED%A0%80after",
    "no UTF-8": b"before%FFafter",
    "long": quote(LONG).encode(),
    "a list": b"[1,2]",
    "a number": b"-1",
    "a huge number": b"9" * 40,
    "an unknown choice": b"neither-nor",
    "markup": b"%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27",
    "control characters": b"%01%02%0B%1B%7F%C2%85",
    "right to left": b"%E2%80%AE%D7%90%D7%91%E2%81%A6",
    "digits that are none": quote("²-³-affiliation").encode(),
    "blank": b"",
}


ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is refused before a database is asked."""
AT_THE_DATABASE = ("NUL", "half a surrogate", "a huge number", "long")
"""What the two databases might take differently. The rest is refused before either is asked, and is tried on one."""


def bad_values(database: Database) -> dict[str, bytes]:
    return BAD if database.is_sqlite else {what: BAD[what] for what in AT_THE_DATABASE}


def sent(app: TransactionalFlask, browser: Browser, form: Filled, body: bytes) -> TestResponse:
    """Post a body as it is, with a good form token."""
    token = token_for(browser.client, app).encode()
    return browser.ask(
        "POST",
        form.rule,
        data=b"csrf_token=" + token + b"&" + body,
        content_type="application/x-www-form-urlencoded",
    )


def encoded(values: dict[str, bytes]) -> bytes:
    return b"&".join(name.encode() + b"=" + value for name, value in values.items())


def with_bad(form: Filled, name: str, value: bytes | None) -> bytes:
    """The form's good values with one of them made bad, or left out."""
    values = {key: quote(good).encode() for key, good in form.good.items() if key != name}
    return encoded(values if value is None else {**values, name: value})


def judged(response: TestResponse, what: str) -> Page | None:
    """A fitting status, and a page with one h1 and a sentence."""
    assert response.status_code in FITTING, f"{what}: {response.status}"
    if response.mimetype != "text/html" or response.status_code < 400:
        return None
    page = Page(response)
    assert page.html.count("<h1") == 1, what
    assert "." in MARKUP.sub(" ", page.html.partition("<main")[2]), f"{what}: no sentence"
    return page


def test_every_form_is_tried_here() -> None:
    assert {form.rule for form in FORMS} == {rule for method, rule in MATRIX if method == "POST"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.rule)
def test_a_bad_field_is_answered_with_a_sentence_and_what_was_typed(
    app: TransactionalFlask, database: Database, scene: Scene, form: Filled
) -> None:
    for name in form.fields:
        for what, value in (*bad_values(database).items(), ("missing", None)):
            browser = browser_of(app, scene, form.role)
            page = judged(sent(app, browser, form, with_bad(form, name, value)), f"{name} is {what}")
            if page is None or page.status != 422:
                continue
            wanted = {other: form.good[other] for other in form.typed if other != name}
            if name in form.typed and what == "long":
                wanted[name] = LONG.strip()
            values = _values(page) if wanted else ""
            for other, text in wanted.items():
                assert text in values, f"{name} is {what}: {other} was lost"


def _values(page: Page) -> str:
    """Everything that stands in the page's fields, and its text."""
    fields = [element.get("value", "") for element in page.tree.iter("input")]
    return "\n".join([*fields, *("".join(e.itertext()) for e in page.tree.iter("textarea")), page.text])


@ON_ONE
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.rule)
def test_a_body_of_another_kind_is_answered_with_a_page(
    app: TransactionalFlask, database: Database, scene: Scene, form: Filled
) -> None:
    """JSON, a broken upload, a file where text belongs, the same field many times, 2 MB, no token."""
    before = fingerprint(database)
    first = form.fields[0] if form.fields else "anything"
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * 2_000_000 + b"\r\n--x--\r\n"
    file = {name: (BytesIO(b"\x89PNG\r\n"), "picture.png") for name in form.fields}
    for what, options in {
        "JSON": {"json": {name: [1] for name in form.fields}},
        "a list as JSON": {"json": [1]},
        "broken JSON": {"data": b"{", "content_type": "application/json"},
        "a broken upload": {"data": b"--x\r\nnothing", "content_type": "multipart/form-data; boundary=x"},
        "an upload without boundary": {"data": b"x", "content_type": "multipart/form-data"},
        "2 MB": {"data": {first: "x" * 2_000_000}},
        "2 MB in parts": {"data": part, "content_type": "multipart/form-data; boundary=x"},
        "ten thousand fields": {"data": {f"f{n}": "" for n in range(10_000)}},
        "a token that is none": {"data": {"csrf_token": "\x00\ud7ff", **form.good}},
        "files": {"data": file or {"file": (BytesIO(b"x"), "x")}, "content_type": "multipart/form-data"},
    }.items():
        browser = browser_of(app, scene, form.role)
        response = browser.ask("POST", form.rule, **options)
        page = judged(response, what)
        assert response.status_code != 200 or form.rule == "/join", what
        if page is not None and what == "2 MB in parts":
            assert page.status in {404, 413}  # 404 where there is nothing at the address to ask
            check_page(page)
    assert fingerprint(database) == before
    many = encoded({f"{name}": b"1&" + name.encode() + b"=2" for name in form.fields})
    if form.fields and form.rule != "/desk/<slug>/exports":
        judged(sent(app, browser_of(app, scene, form.role), form, many), "the same field twice")


GARBAGE = (
    "%00",
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "x" * 4000,
    "../../etc/passwd",
    "%2e%2e",
    "-1",
    "9" * 30,
    "%27%20OR%201=1--",
    "%3Cscript%3E",
    "%F0%9F%A6%84",
    "²",
)
GARBAGE_AT_THE_DATABASE = ("%00", "%ed%a0%80", "9" * 30)
GARBAGE_OF_QUERIES = ("%00", "%ff", "9" * 30, "../../x", "1.%C2%B2")


def _broken_addresses(rule: str, browser: Browser, tried: set[str]) -> Iterator[str]:
    """All garbage in each part of an address; where others begin the same, only what a database might choke on."""
    values = browser.values
    for part in rule.split("/"):
        if part.startswith("<"):
            start = rule[: rule.index(part)] + part
            for garbage in GARBAGE_AT_THE_DATABASE if start in tried else GARBAGE:
                address = rule.replace(part, garbage)
                for name, value in values.items():
                    address = address.replace(f"<{name}>", str(value)).replace(f"<int:{name}>", str(value))
                yield address
            tried.add(start)


@pytest.mark.parametrize("role", ["anonymous", "director_in"])
def test_garbage_in_an_address_is_not_found(app: TransactionalFlask, scene: Scene, role: str) -> None:
    browser = browser_of(app, scene, role)
    token = token_for(browser.client, app)
    tried: set[str] = set()
    for method, rule in MATRIX:
        for address in _broken_addresses(rule, browser, tried):
            data = {"csrf_token": token} if method == "POST" else None
            response = browser.client.open(address, method=method, data=data)
            judged(response, f"{method} {address[:80]}")
            assert response.status_code in {303, 401, 403, 404, 405, 422}, f"{method} {address[:80]}"


class Watched(ImmutableMultiDict[str, str]):
    """What an address asks with. Notes in `read` every name that somebody looks for."""

    read: ClassVar[set[str]] = set()

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> list[Any]:
        self.read.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)


@pytest.mark.parametrize("role", ["participant", "director_in"])
def test_garbage_in_a_query_is_answered_with_a_page(
    app: TransactionalFlask, scene: Scene, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every name that the page looks for: all of them at once, and one after the other."""
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Watched)
    browser = browser_of(app, scene, role)
    shown = [rule for (method, rule), expected in MATRIX.items() if method == "GET" and expected[role] == 200]
    everywhere: set[str] = set()
    for rule in shown:
        if "upload>" in rule:
            continue  # reads the file in a process of its own each time; the tests of the roster file ask it
        Watched.read.clear()
        judged(browser.ask("GET", rule), rule)
        tried: set[str] = set()
        while new := sorted(Watched.read - tried):
            tried.update(new)
            queries = [f"{name}={garbage}" for name, garbage in zip(new, cycle(GARBAGE_OF_QUERIES))]
            queries += ["&".join(f"{name}={garbage}" for name in new) for garbage in GARBAGE_OF_QUERIES]
            for query in queries:
                judged(browser.ask("GET", rule, query_string=query), f"{rule}?{query[:60]}")
        everywhere |= tried
    wanted = (
        {"after", "search", "state", "person", "theme", "from", "said"} if role == "director_in" else set()
    )
    assert {"lang", *wanted} <= everywhere


def test_garbage_in_the_cookie_and_the_headers_is_ignored(app: TransactionalFlask, scene: Scene) -> None:
    for value in ("garbage", "." * 500, "e30.x.y", "%00", '"\\000"'):
        client = PlainClient(app, app.response_class)
        client.set_cookie("consult", value)
        for path in ("/", "/desk/", "/respond/"):
            judged(client.get(path), f"cookie {value}")
    for header in (
        "Accept-Language",
        "Content-Type",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Referer",
    ):
        for value in (";;;q=x", "\xff\xfe", "x" * 5000, "*", "bytes=9-1"):
            judged(PlainClient(app, app.response_class).get("/c/warsaw", headers={header: value}), header)


@FEW
@given(path=st.text(max_size=30), name=st.text(max_size=8), value=st.text(max_size=20))
def test_no_address_breaks_the_program(
    app: TransactionalFlask, scene: Scene, path: str, name: str, value: str
) -> None:
    director = browser_of(app, scene, "director_in")
    for start in ("/", "/c/", "/desk/warsaw/queue/", "/i/"):
        address = start + quote(path.encode("utf-8", "surrogatepass"), safe="")
        query = {name.encode("utf-8", "replace"): value.encode("utf-8", "replace")}
        response = director.client.get(address, query_string=query)
        assert response.status_code in {200, 303, 304, 308, 404}, address


ANYTHING = st.text(max_size=20) | st.from_regex(r"[0-9]{1,8}-[0-9]{1,8}(-[a-z_]{1,20})?", fullmatch=True)


@FEW
@given(
    values=st.dictionaries(
        st.sampled_from(
            ["spans", "words", "start", "end", "kind", "reason", "note", "after", "state", "drop"]
        ),
        st.lists(ANYTHING, max_size=3),
    ),
    act=st.sampled_from(["approve", "reject", "reopen", "redact", "drop", "nonsense"]),
)
def test_no_decision_form_breaks_the_program(
    app: TransactionalFlask, scene: Scene, values: dict[str, Any], act: str
) -> None:
    """With the right hash, so that everything behind it is reached."""
    director = browser_of(app, scene, "director_in")
    known = {"csrf_token": token_for(director.client, app), "read_number": "0", "act": act}
    data = {name: [one.encode("utf-8", "replace") for one in given] for name, given in values.items()}
    response = director.ask(
        "POST",
        "/desk/<slug>/queue/<answer_id>/decide",
        data={**data, **known, "read": scene.waiting_hash["october"]},
    )
    assert response.status_code in {200, 303, 404, 409, 422}
