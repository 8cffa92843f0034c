"""Refusals as programs read them: problem details (RFC 9457), in English, wherever an address begins with /api/."""

import json

from flask import Response, request

PROBLEM = "application/problem+json"
TITLES = {
    400: "Cannot be read",
    401: "A token is needed",
    403: "Not open to this token",
    404: "Not found",
    405: "Only read here",
    410: "Withdrawn",
    413: "Too large",
    422: "Please check the request",
    500: "Something went wrong on our side",
    503: "Not available just now",
}
DETAILS = {
    404: "There is nothing at this address. /api/v1/openapi.json lists what there is.",
    405: "Addresses of the API are read with GET.",
    500: "Nothing was changed. Try again later.",
}


def for_a_program() -> bool:
    """Whether this request asks for an address of the API."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str = "") -> Response:
    """A refusal as a program reads it."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Not done"),
        "status": status,
        "detail": detail or DETAILS.get(status, "Look at /api/v1/openapi.json."),
    }
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="consult"'
    return response
