"""The form as it is opened: made once for all who are asked the same in one language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask_babel import get_locale
from jinja2.utils import htmlsafe_json_dumps

from consult.responses.rules import waivable
from consult.web.guards import Invited
from consult.web.installation import current_settings
from consult.web.participate.form import ticket as tickets
from consult.web.participate.form.forms import AnswerForm, answer_form
from consult.web.participate.form.holes import filled, hole
from consult.web.participate.form.showing import form_shown
from consult.web.participate.form.uses import giveaways, lines
from consult.web.participate.form.walk import Walk, today_in_words
from consult.web.participate.views import language


def opened_form(guest: Invited) -> str:
    """The first page of the form, empty, for whoever opened this invitation."""
    own_lines, own_names = lines(guest), giveaways(guest.invitation.participant)
    secret_key, invitation_id = current_settings().secret_key, guest.invitation.id
    own = {
        "ticket": tickets.issue(secret_key, invitation_id),
        "tab": tickets.tab_key(secret_key, invitation_id),
        "names": str(htmlsafe_json_dumps(own_names)),
    }
    saves = not guest.invitation.seen_at_desk
    alike = (
        "form",
        str(get_locale()),
        language(),
        tuple(own_lines.items()),
        bool(own_names),
        today_in_words(),
        saves,
    )
    return filled(
        guest, alike, lambda: _with_holes(guest, own_lines, named=bool(own_names), saves=saves), own
    )


def _with_holes(guest: Invited, own_lines: Mapping[str, str], *, named: bool, saves: bool) -> str:
    """The form with a hole wherever something of one's own stands. The person is not within reach of the template."""
    form = answer_form(
        guest.askings, guest.rules.ceiling, AnswerForm, beyond=waivable(guest.rules), fresh=True
    )
    form.ticket.data = hole("ticket")
    return form_shown(
        replace(guest, invitation=cast(Any, None)),
        form,
        Walk(form, guest.consultation.language),
        own_lines=own_lines,
        own_names=[hole("names")] if named else [],
        tab_key=hole("tab"),
        saves=saves,
    )
