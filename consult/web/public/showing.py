"""What public pages have in common: how they are kept, and how a consultation's state is said."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.meetings.models import Meeting
from consult.web.headers import public as kept
from consult.web.pages import instant

SHOWN = "consult.shown"
"""Where the request says which kept page its answer is."""
LANGUAGE_CHOSEN = "lang"
"""The query that chooses a language and sets a cookie."""


@dataclass(frozen=True)
class Moment:
    """Where a consultation stands, in words."""

    words: str
    is_open: bool


def show(template: str, **values: object) -> Response:
    """A public page: anybody may keep it for a minute, in one language each. A choice of language is not kept."""
    response = make_response(render_template(template, **values))
    if LANGUAGE_CHOSEN in request.args:
        return response
    response.vary.update(["Accept-Language", "Cookie"])
    return kept(response)


@dataclass(frozen=True)
class Page:
    """A public page as it was made for one edition in one language."""

    content: bytes
    etag: str


class Pages:
    """The pages made last, so that a page that many read is made once. Each is named by what it was made from."""

    def __init__(self, most: int = 32) -> None:
        self._most, self._pages = most, OrderedDict[tuple[str, ...], Page]()

    def show(self, key: tuple[str, ...], make: Callable[[], str]) -> Response:
        """The page with that key, made if it is not there, and kept by readers as `show` says."""
        page = self._pages.get(key)
        if page is None:
            content = make().encode("utf-8")
            page = Page(content, hashlib.sha256(content).hexdigest()[:40])
            self._pages[key] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        response = Response(page.content, content_type="text/html; charset=utf-8")
        if LANGUAGE_CHOSEN in request.args:
            return response
        request.environ[SHOWN] = key
        response.vary.update(["Accept-Language", "Cookie"])
        response.set_etag(page.etag)
        return kept(response)


def moment(consultation: Consultation, rules: GroundRules, meetings: list[Meeting]) -> Moment:
    """Whether it takes answers, and from when or until when, in the first meeting's time zone."""
    zone = meetings[0].time_zone if meetings else "UTC"
    where = phase(consultation, rules, now())
    if where is Phase.PREPARING:
        if consultation.opens_at is None:
            return Moment(_("Being prepared"), False)
        return Moment(_("Opens on %(day)s", day=instant(consultation.opens_at, zone)), False)
    if where is Phase.OPEN:
        if consultation.closes_at is None:
            return Moment(_("Open for answers"), True)
        return Moment(_("Open for answers until %(day)s", day=instant(consultation.closes_at, zone)), True)
    if consultation.closes_at is None:
        return Moment(_("Closed"), False)
    return Moment(_("Closed on %(day)s", day=instant(consultation.closes_at, zone)), False)
