"""A test client that reads every page as a browser would, and refuses one that is not well made."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts.models import User
from consult.participants.models import Invitation
from consult.web.guards import INVITATION
from consult.web.signing_in import SignedIn

INLINE = ("style", "onclick", "onchange", "onsubmit", "onload", "oninput")


@dataclass
class Form:
    """A form of a page, with the values it would send as it stands."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@lru_cache(maxsize=32)
def _parsed(html: str) -> tuple[Element, list[Any]]:
    """The page's tree, for reading only, and what a strict reader finds wrong with it; a page is read several times."""
    reader = html5lib.HTMLParser(namespaceHTMLElements=False)
    return reader.parse(html), reader.errors


class Page:
    """One fetched page, parsed once somebody looks into it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)

    @property
    def tree(self) -> Element:
        return _parsed(self.html)[0]

    @property
    def errors(self) -> list[Any]:
        return _parsed(self.html)[1]

    @property
    def text(self) -> str:
        """What a person reads, white space folded."""
        body = self.tree.find("body")
        return " ".join("".join(body.itertext()).split()) if body is not None else ""

    @property
    def forms(self) -> list[Form]:
        return [_form(element) for element in self.tree.iter("form")]

    def form(self, action: str = "") -> Form:
        """The first form whose address contains `action`."""
        return next(form for form in self.forms if action in form.action)

    def links(self) -> list[str]:
        return [element.get("href", "") for element in self.tree.iter("a")]


class PageClient(FlaskClient):
    """Fetches pages and checks them: one h1, no repeated id, nothing inline, labels for every field."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        for sent in (response, *response.history):  # what a large upload was spooled into
            sent.request.input_stream.close()
        as_it_is = "Content-Encoding" not in response.headers
        checked = response.mimetype == "text/html" and response.get_data() and as_it_is
        if checked and not 300 <= response.status_code < 400:
            check_page(Page(response))
        return response

    def page(self, path: str, status: int = 200) -> Page:
        """GET a page, following redirects. Fails on another status."""
        page = Page(self.get(path, follow_redirects=True))
        assert page.status == status, f"{path}: {page.status}, not {status}: {page.text[:300]}"
        return page

    def submit(
        self, page: Page, action: str = "", *, button: str | None = None, follow: bool = True, **fields: Any
    ) -> Page:
        """Send a form of the page with its hidden fields, as a browser without JavaScript would."""
        form = page.form(action)
        values: dict[str, Any] = {**form.values, **{k: v for k, v in fields.items() if v is not None}}
        for name in [name for name, value in fields.items() if value is None]:
            values.pop(name, None)
        if button is not None:
            name, _, value = button.partition("=")
            values[name] = value
        path = form.action or page.response.request.path
        return Page(self.post(path, data=values, follow_redirects=follow))

    def sign_in(self, user: User) -> "PageClient":
        """Be that member of staff, without the cost of a password."""
        with self.session_transaction() as cookie:
            cookie["_user_id"] = SignedIn(user).get_id()
            cookie["_fresh"] = True
        return self

    def hold(self, invitation: Invitation) -> "PageClient":
        """Be the browser that opened this invitation."""
        with self.session_transaction() as cookie:
            cookie[INVITATION] = invitation.id
        return self


def check_page(page: Page) -> None:
    """Raises AssertionError for a page that a careful author would not have written."""
    where = page.response.request.path
    assert not page.errors, f"{where}: bad HTML: {page.errors[:3]}"
    headings = list(page.tree.iter("h1"))
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    title = page.tree.find("head/title")
    assert title is not None, f"{where}: no title"
    assert (title.text or "").strip(), f"{where}: an empty title"
    assert page.tree.get("lang"), f"{where}: no language"
    ids = Counter(element.get("id") for element in page.tree.iter() if element.get("id") is not None)
    assert not [name for name, times in ids.items() if times > 1], f"{where}: repeated id"
    for element in page.tree.iter():
        assert not [name for name in INLINE if element.get(name) is not None], (
            f"{where}: inline {element.tag}"
        )
        if element.tag == "script":
            assert element.get("src"), f"{where}: inline script"
        assert element.tag != "style", f"{where}: inline style"
    labelled = {label.get("for") for label in page.tree.iter("label")}
    for element in page.tree.iter():
        if element.tag in {"input", "textarea", "select"} and element.get("type") not in {"hidden", "submit"}:
            named = (
                element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
            )
            assert named, f"{where}: {element.get('name')} has no label"


def _form(element: Element) -> Form:
    form = Form(element.get("action", ""), element.get("method", "get").lower())
    waiting = {id(control) for template in element.iter("template") for control in template.iter()}
    for control in element.iter():
        if id(control) in waiting:  # not on the page before a script puts it there
            continue
        name = control.get("name")
        if control.tag == "button" and name:
            form.buttons.append((name, control.get("value", "")))
        if not name or control.get("disabled") is not None:
            continue
        kind = control.get("type", "text")
        if control.tag == "textarea":
            form.values.setdefault(name, []).append("".join(control.itertext()).removeprefix("\n"))
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            form.values.setdefault(name, []).extend(o.get("value", o.text or "") for o in chosen)
        elif control.tag == "input" and kind in {"checkbox", "radio"}:
            if control.get("checked") is not None:
                form.values.setdefault(name, []).append(control.get("value", "on"))
        elif control.tag == "input" and kind not in {"submit", "button", "file"}:
            form.values.setdefault(name, []).append(control.get("value", ""))
    return form
