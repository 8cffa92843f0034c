"""What the addresses take and give, as an OpenAPI 3.1 document. A member that is added needs no new version."""

import json
from pathlib import Path
from typing import Any

import consult

_EDITION = json.loads(
    (Path(consult.__file__).parent / "exports" / "editions" / "schema" / "edition-1.json").read_text("utf-8")
)
"""The schema that every edition document keeps to. Its own definitions move beside those of this document."""


def _moved(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/")
            if key == "$ref" and isinstance(value, str)
            else _moved(value)
            for key, value in node.items()
            if key not in {"$schema", "$id", "$defs"}
        }
    return [_moved(each) for each in node] if isinstance(node, list) else node


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _page(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    following = {"type": ["string", "null"], "description": "Address of the next page, null on the last."}
    return _object(**more, items={"type": "array", "items": item}, next=following)


def _refers(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _asked(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": words}


def _get(
    name: str,
    summary: str,
    gives: dict[str, Any],
    parameters: list[dict[str, Any]],
    *refusals: str,
    opened: bool | None = None,
) -> dict[str, Any]:
    """`opened`: whether a token is needed, None where it makes no difference and False where it opens more."""
    given = {
        "description": "As asked for, with its ETag.",
        "content": {"application/json": {"schema": gives}},
    }
    problem = {"application/problem+json": {"schema": _refers("Problem")}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            **({} if opened is None else {"security": [{"token": []}, *([] if opened else [{}])]}),
            "responses": {
                "200": given,
                "304": {"description": "What the reader has, by its If-None-Match, is what there is."},
                **{
                    status: {"description": _REFUSALS[status], "content": problem}
                    for status in (*refusals, *(() if opened is None else _TO_TOKENS))
                },
            },
        }
    }


_REFUSALS = {
    "401": "The token does not work, or one is needed.",
    "403": "The token is for something else.",
    "404": "There is no such thing, or it is not published.",
    "410": "The convenor took it back.",
    "422": "A parameter is out of its range.",
}
_TO_TOKENS = ("401", "403")
_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 2_000_000_000}
_SLUG = _in_path("slug", {**_TEXT, "pattern": "^[a-z0-9-]{1,80}$"})
_EDITION_NUMBER = _in_path("number", _NUMBER)
_LIMIT = _asked("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "Items in a page.")
_AFTER_SLUG = _asked("after", {**_TEXT, "pattern": "^[a-z0-9-]{0,80}$"}, "Slug of the last item read.")
_AFTER_NUMBER = _asked("after", {**_NUMBER, "default": 0}, "Number or place of the last item read.")
_ADDRESS = {**_TEXT, "format": "uri-reference"}

_CONSULTATION = _object(
    slug=_TEXT, title=_TEXT, convenor=_TEXT, language=_TEXT, demonstration={"type": "boolean"}, edition=_NUMBER,
    editions=_ADDRESS,
)  # fmt: skip
_ENTRY = _object(
    number=_NUMBER, state={"enum": ["frozen", "published", "superseded"]}, frozen_on={**_TEXT, "format": "date"},
    corrections=_NUMBER, document_hash=_TEXT, document=_ADDRESS, answers=_ADDRESS,
)  # fmt: skip
_QUOTE = _moved(_EDITION["$defs"]["QuoteEntry"])
_ANSWER = {
    **_QUOTE,
    "required": ["place", *_QUOTE["required"]],
    "properties": {"place": _NUMBER, **_QUOTE["properties"]},
}
_CURRENT = {
    "type": "object",
    "required": ["consultation", "handling", "rows"],
    "properties": {
        "consultation": _TEXT,
        "handling": _TEXT,
        "rows": {"type": "array", "items": {"type": "object"}},
    },
}
_HOME = "/consultations/{slug}/editions"

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Published consultations",
        "version": "1",
        "description": "Published editions and the views they print, after moderation and the rules on small groups. "
        "Each answer is printed with its attribution line, in a shuffled order.",
    },
    "servers": [{"url": "/api/v1"}],
    "paths": {
        "/openapi.json": _get("openapi", "This document", {"type": "object"}, []),
        "/consultations": _get(
            "consultations",
            "Consultations with a published edition, by slug",
            _page(_CONSULTATION),
            [_AFTER_SLUG, _LIMIT],
            "422",
        ),
        _HOME: _get(
            "editions",
            "Editions that anybody may read, by number",
            _page(_ENTRY),
            [_SLUG, _AFTER_NUMBER, _LIMIT],
            "404",
            "422",
            opened=False,
        ),
        _HOME + "/{number}": _get(
            "edition",
            "One edition, whole: every figure and word it prints",
            _refers("Edition"),
            [_SLUG, _EDITION_NUMBER],
            "404",
            "410",
            opened=False,
        ),
        _HOME + "/{number}/answers": _get(
            "answers",
            "The views that an edition prints, in its order",
            _page(_ANSWER, edition=_NUMBER, handling=_TEXT),
            [_SLUG, _EDITION_NUMBER, _AFTER_NUMBER, _LIMIT],
            "404",
            "410",
            "422",
            opened=False,
        ),
        "/consultations/{slug}/answers": _get(
            "current_answers",
            "The published view as it stands now, with what no edition prints yet: not for release",
            _CURRENT,
            [_SLUG, _asked("meeting", _TEXT, "Slug of one meeting; all of them without it.")],
            "404",
            opened=True,
        ),
    },
    "components": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Made by a programme director at the desk, for one consultation: its frozen editions, "
                "or its answers as they stand. It ends by itself and can be taken back.",
            }
        },
        "schemas": {
            **_moved(_EDITION["$defs"]),
            "Edition": _moved(_EDITION),
            "Problem": _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT),
        },
    },
}
