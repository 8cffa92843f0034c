"""Keyset pages: what to read from, how much, and where the next page is."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from consult.core.errors import Invalid
from consult.web.api.tokens import bears_token
from consult.web.headers import public as kept

MOST = 200
USUAL = 50
LARGEST_NUMBER = 2_000_000_000
"""No greater number reaches the database, whose integers end there."""


def limit() -> int:
    """How many items the reader wants in a page. Raises Invalid for no number from 1 to MOST."""
    return _number("limit", USUAL, 1, MOST)


def after_number() -> int:
    """After which number to go on; 0 is the beginning. Raises Invalid for no number."""
    return _number("after", 0, 0, LARGEST_NUMBER)


def after_text() -> str:
    """After which slug to go on; empty is the beginning."""
    return request.args.get("after", "")


def page(items: Sequence[dict[str, Any]], wanted: int, after: str | int | None, **more: Any) -> Response:
    """So many of the items, and the address of the next page where there was one more than `wanted`."""
    following = None
    if len(items) > wanted:
        given = {**(request.view_args or {}), "limit": wanted, "after": after}
        following = url_for(request.endpoint or "", **given)
    return answer({**more, "items": list(items[:wanted]), "next": following})


def answer(body: object, etag: str = "") -> Response:
    """JSON with its ETag, that anybody may keep for a minute; what a token opened, nobody. No cookie is looked at."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, content_type="application/json")
    if etag:
        response.set_etag(etag)
    if bears_token():
        if not etag:
            response.add_etag()
        response.make_conditional(request)
        return response
    response.vary.add("Authorization")
    return kept(response)


def _number(name: str, usual: int, least: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return usual
    # A long row of digits is not even turned into a number.
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(most))):
        raise Invalid(f"“{name}” is a whole number from {least} to {most}.", field=name)
    number = int(given)
    if not least <= number <= most:
        raise Invalid(f"“{name}” is a whole number from {least} to {most}.", field=name)
    return number
