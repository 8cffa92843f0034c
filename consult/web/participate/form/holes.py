"""Pages that are alike for many: made once with holes for what is one's own, then filled for each.

What is kept was made from stand-ins alone, so it never held anybody's token, code or words.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager

from flask import g
from flask_wtf.csrf import generate_csrf

from consult.core.identifiers import new_secret
from consult.core.marks import kept
from consult.web.guards import Invited

_MARK = f"hole{new_secret()}"
"""Known to this process alone, so that nobody's words make a hole."""
_HOLES = re.compile(rf'(?:\["{_MARK}-(\w+)\."\]|{_MARK}-(\w+)\.)')


def hole(name: str) -> str:
    """What stands in a page where `name` of one's own comes; as the one text of a JSON list it is the list."""
    return f"{_MARK}-{name}."


def filled(guest: Invited, alike: Hashable, made: Callable[[], str], own: Mapping[str, str]) -> str:
    """The page for this person. `own` is ready to stand in HTML; the form's token is added to it.

    `alike` is all that `made` depends on beside the setting of the meeting.
    """
    own = {**own, "token": generate_csrf()}

    def with_holes() -> str:
        with _nobodys_token():
            return made()

    key = ("page", guest.meeting.id, alike)
    page = with_holes() if guest.marks is None else kept(guest.session, key, guest.marks.setting, with_holes)
    return _HOLES.sub(lambda found: own[found[1] or found[2]], page)


@contextmanager
def _nobodys_token() -> Iterator[None]:
    token = g.csrf_token
    g.csrf_token = hole("token")
    try:
        yield
    finally:
        g.csrf_token = token
