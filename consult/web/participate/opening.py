"""The form as it is opened: made once for all who are asked the same in one language, with holes for what is one's own.

It is made with stand-ins in the place of the token, the ticket and the person, so what is kept never held anybody's.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import g
from flask_wtf.csrf import generate_csrf
from jinja2.utils import htmlsafe_json_dumps

from consult.core.identifiers import new_secret
from consult.core.marks import kept
from consult.responses.rules import waivable
from consult.web.guards import Invited
from consult.web.participate import ticket as tickets
from consult.web.participate.forms import AnswerForm, answer_form
from consult.web.participate.showing import form_shown
from consult.web.participate.uses import giveaways, lines
from consult.web.participate.views import language, settings
from consult.web.participate.walk import Walk, today_in_words

_MARK = f"hole{new_secret()}"
"""Known to this process alone, so that nobody's words make a hole."""
_HOLES = re.compile(rf"{_MARK}(token|ticket|tab)|\[\"{_MARK}(names)\"\]")


def opened_form(guest: Invited) -> str:
    """The first page of the form, empty, for whoever opened this invitation."""
    own_lines, own_names = lines(guest), giveaways(guest.invitation.participant)
    secret_key, invitation_id = settings().secret_key, guest.invitation.id
    own = {
        "token": generate_csrf(),
        "ticket": tickets.issue(secret_key, invitation_id),
        "tab": tickets.tab_key(secret_key, invitation_id),
        "names": str(htmlsafe_json_dumps(own_names)),
    }
    asked = (
        "form",
        guest.meeting.id,
        language(),
        tuple(own_lines.items()),
        bool(own_names),
        today_in_words(),
    )

    def made() -> str:
        return _with_holes(guest, own_lines, named=bool(own_names))

    page = made() if guest.marks is None else kept(guest.session, asked, guest.marks.setting, made)
    return _HOLES.sub(lambda hole: own[hole[1] or hole[2]], page)


def _with_holes(guest: Invited, own_lines: Mapping[str, str], *, named: bool) -> str:
    """The same with a mark wherever something of one's own stands. The person is not within reach of the template."""
    token = g.csrf_token
    g.csrf_token = f"{_MARK}token"
    try:
        form = answer_form(
            guest.askings, guest.rules.ceiling, AnswerForm, beyond=waivable(guest.rules), fresh=True
        )
        form.ticket.data = f"{_MARK}ticket"
        return form_shown(
            replace(guest, invitation=cast(Any, None)),
            form,
            Walk(form, guest.consultation.language),
            own_lines=own_lines,
            own_names=[f"{_MARK}names"] if named else [],
            tab_key=f"{_MARK}tab",
        )
    finally:
        g.csrf_token = token
