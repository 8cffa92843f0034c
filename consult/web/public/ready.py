"""The story page for a reader without a cookie, answered before a request is even made of it.

One query asks which edition is published. Where its page stands ready, the bytes and headers leave as they left the
first time; everything else (a cookie, a query, another method, a new edition) goes the usual way, whose answer is what
stands ready afterwards. A withdrawal changes the document's hash, and with it the page that is asked for.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_etags, unquote_etag

from consult.reports.following.queries import mark_now
from consult.web.languages import LANGUAGES
from consult.web.packing import takes
from consult.web.public.showing import SHOWN
from consult.web.transactions import TransactionalFlask, glance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_STORY = re.compile(r"/c/([a-z0-9-]+)")
_ASKS_MORE = (
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "SCRIPT_NAME",
)
"""What only the usual way answers."""
_OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding"})
MOST = 32

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Ready:
    """An answer as it was given."""

    headers: Headers
    etag: str
    content: bytes


class ReadyPages:
    """The application with this way in front of it."""

    def __init__(self, app: TransactionalFlask, usual: "WSGIApplication") -> None:
        self._app, self._usual = app, usual
        self._ready = OrderedDict[tuple[str | bool, ...], Ready]()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        slug = _asked(environ, self._app.config["SESSION_COOKIE_NAME"])
        if slug is None:
            return self._usual(environ, start_response)
        way = environ["wsgi.url_scheme"], takes(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = self._ready.get((*self._key(slug, environ), *way))
        if found is None:
            return self._as_usual(environ, start_response, way)
        if found.etag and parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(found.etag):
            start_response(
                "304 NOT MODIFIED", [one for one in found.headers if one[0].lower() not in _OF_THE_BODY]
            )
            return []
        start_response("200 OK", [*found.headers])
        return [found.content]

    def _key(self, slug: str, environ: "WSGIEnvironment") -> tuple[str, ...]:
        mark = glance(self._app, lambda database: mark_now(database, slug))
        return () if mark is None else (slug, *mark, _language(environ.get("HTTP_ACCEPT_LANGUAGE", "")))

    def _as_usual(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", way: tuple[str, bool]
    ) -> Iterable[bytes]:
        """The usual answer; one that shows a kept page stands ready from now on. `way`: its scheme, whether packed."""
        given: list[Any] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            given[:] = [status, headers]
            return start_response(status, headers, *rest)

        answer = self._usual(environ, start)
        key = environ.get(SHOWN)
        if key is None or given[0][:3] != "200":
            return answer
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        headers = dict(given[1])
        if "Set-Cookie" not in headers:
            etag, _weak = unquote_etag(headers["ETag"])
            self._ready[(*key, *way)] = Ready(given[1], etag or "", content)
            while len(self._ready) > MOST:
                self._ready.popitem(last=False)
        return [content]


def _asked(environ: "WSGIEnvironment", cookie: str) -> str | None:
    """The slug, where the request asks for a story page and for nothing that depends on who asks."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    found = _STORY.fullmatch(environ.get("PATH_INFO", ""))
    if found is None or f"{cookie}=" in environ.get("HTTP_COOKIE", ""):
        return None
    return None if any(environ.get(name) for name in _ASKS_MORE) else found[1]


@lru_cache(maxsize=512)
def _language(accepted: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or "en"
