"""What is the same for everybody travels compressed: style sheets, scripts, public pages.

A page that holds a token, a code or somebody's words never does: its length, when it is compressed together with
something that a stranger chose, would let who listens on the line guess at them.
"""

import gzip
from functools import lru_cache

from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

TYPES = frozenset({"text/css", "text/javascript", "text/html", "image/svg+xml"})
"""Fonts and pictures are compressed already; documents leave as they are stored."""
MOST = 64


def pack(response: Response, accepted: str) -> None:
    """Compress an answer that everybody may have, where the reader takes it (`accepted`: Accept-Encoding)."""
    if response.mimetype not in TYPES:
        return
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not takes(accepted):
        return
    response.direct_passthrough = False
    response.set_data(_packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # other bytes, the same words


@lru_cache(maxsize=512)
def takes(accepted: str) -> bool:
    """Whether who sends this Accept-Encoding reads gzip."""
    return parse_accept_header(accepted, Accept).quality("gzip") > 0


@lru_cache(maxsize=MOST)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
