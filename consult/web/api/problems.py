"""The blueprint, and its refusals: problem details (RFC 9457) in English, which programs and their makers read."""

import json

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from consult.core.errors import DomainError
from consult.web.errors import status_of

api = Blueprint("api", __name__, url_prefix="/api/v1")

PROBLEM = "application/problem+json"
TITLES = {404: "Not found", 422: "Please check the request", 503: "Not available just now"}


def problem(status: int, detail: str) -> Response:
    """A refusal as a program reads it."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Not done"),
        "status": status,
        "detail": detail,
    }
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=PROBLEM)


@api.errorhandler(DomainError)
def refused(error: DomainError) -> Response:
    return problem(status_of(error), str(error))


@api.errorhandler(HTTPException)
def not_found(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or "Look at /api/v1/openapi.json.")
