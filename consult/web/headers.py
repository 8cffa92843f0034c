"""Headers of every answer: nothing from elsewhere, nothing inline, nothing kept where it is private."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

from consult.web.packing import pack

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)
"""For a mail's HTML alone, whose styles are inline and which nothing else may do."""
SHOWS_A_MAIL = frozenset({"development.html_part", "desk.invitation_words_html"})
VENDOR = "/static/vendor/"
"""Others' files lie in folders that name their version, so fonts that a style sheet asks for need no checksum."""
A_YEAR = "public, max-age=31536000, immutable"


def init_headers(app: Flask) -> None:
    """Set the headers, and give every static address the checksum of its file."""
    app.after_request(_secure)

    @cache
    def checksum(filename: str) -> str:
        path = Path(app.static_folder or "", filename)
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "none"

    @app.url_defaults
    def version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "filename" in values:
            values["v"] = checksum(str(values["filename"]))


def _secure(response: Response) -> Response:
    headers = response.headers
    as_mail = request.endpoint in SHOWS_A_MAIL and response.status_code == 200
    headers["Content-Security-Policy"] = MAIL_POLICY if as_mail else CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        versioned = "v" in request.args or request.path.startswith(VENDOR)
        headers["Cache-Control"] = A_YEAR if versioned else "public, max-age=300"
    elif not response.headers.get("X-Public"):
        headers["Cache-Control"] = "no-store"
    if headers.pop("X-Public", None) or request.endpoint == "static":
        pack(response, request.headers.get("Accept-Encoding", ""))
    return response


def public(response: Response, *, seconds: int = 60) -> Response:
    """Mark an answer as one that anybody may keep for a while."""
    response.headers["X-Public"] = "1"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    response.make_conditional(request)
    return response
