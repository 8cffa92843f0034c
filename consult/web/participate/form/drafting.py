"""Saving what is written and not sent, and finding it again: behind the invitation, and nowhere without one."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.responses.actions import Drafted, KeptDraft, drop_draft, kept_draft, save_draft
from consult.responses.rules import waivable
from consult.web.guards import Invited
from consult.web.installation import current_seal
from consult.web.pages import instant
from consult.web.participate.form.forms import AnswerForm, answer_form

SAVE, FORGET = "save", "forget"
ACTS = frozenset({SAVE, FORGET})
"""What the two buttons send as `act`."""


def saved(guest: Invited, form: AnswerForm) -> ResponseReturnValue:
    """Keep what the form holds, whole or not."""
    answers = {
        item.asking.question_id: Drafted(
            text=(item.text.data or "") if item.text is not None else "",
            choices=list(item.choice.data) if item.choice is not None else (),
            use=(item.use.data or "") if item.use is not None else "",
        )
        for item in form.items()
    }
    closed = form["use_closed"].data or "" if "use_closed" in form else ""
    save_draft(guest.session, guest.invitation, guest.rules, answers, use_closed=closed, seal=current_seal())
    return redirect(url_for("participate.respond", done=SAVE), code=303)


def forgotten(guest: Invited) -> ResponseReturnValue:
    """Forget what was kept."""
    drop_draft(guest.session, guest.invitation.id, current_seal())
    return redirect(url_for("participate.respond"), code=303)


def draft_of(guest: Invited) -> KeptDraft | None:
    """What this person saved."""
    return kept_draft(guest.session, guest.invitation, guest.rules, current_seal())


def form_from(guest: Invited, draft: KeptDraft) -> AnswerForm:
    """The form with what was saved. A limit that was set aside is set aside anew, on the day of sending."""
    form = answer_form(
        guest.askings, guest.rules.ceiling, AnswerForm, beyond=waivable(guest.rules), fresh=True
    )
    for item in form.items():
        kept = draft.answers.get(item.asking.question_id, Drafted())
        if item.choice is not None:
            item.choice.data = list(kept.choices)
        if item.text is not None:
            item.text.data = kept.text
        if item.use is not None:
            item.use.data = kept.use or None
    if "use_closed" in form:
        form["use_closed"].data = draft.use_closed or None
    return form


def told(guest: Invited, draft: KeptDraft, done: str) -> str:
    """What the page says of what was saved."""
    until = instant(draft.until, guest.meeting.time_zone)
    if done == SAVE:
        return str(_("Saved until %(when)s. Open your invitation again to go on, on any device.", when=until))
    return str(_("This is what you saved. It is kept until %(when)s, or until you submit.", when=until))
