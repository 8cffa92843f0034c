"""A meeting's form as a participant sees it, for those who try it or sign it off. It leads to no answer."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import consultation_to_sign_off, ground_rules_in_force
from consult.core.errors import NotFound
from consult.core.markdown import rendered
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at, meetings_of
from consult.web.guards import anyone
from consult.web.participate.forms import AnswerForm, answer_form
from consult.web.participate.uses import meanings, printed_lines, ways
from consult.web.participate.views import participate, shown
from consult.web.participate.walk import Walk, walk_values
from consult.web.transactions import Session, current_session


@participate.get("/preview/<sign_off>")
@anyone
def preview(sign_off: str) -> ResponseReturnValue:
    """What a link for sign-off shows, until it expires or is taken back: this page and nothing else."""
    session = current_session()
    consultation = consultation_to_sign_off(session, sign_off)
    if consultation is None:
        raise NotFound("This link has expired or was taken back. Ask whoever sent it for a new one.")
    meetings = list(meetings_of(session, consultation))
    wanted = request.args.get("meeting")
    meeting = next((one for one in meetings if one.slug == wanted), meetings[0] if meetings else None)
    if meeting is None:
        raise NotFound("Nothing can be shown yet: no meeting was added. Ask whoever sent the link.")
    rules = ground_rules_in_force(session, consultation)
    others = [
        (url_for("participate.preview", sign_off=sign_off, meeting=one.slug), one.short_title, one is meeting)
        for one in meetings
    ]
    form = preview_form(session, meeting, rules, fresh=True)
    return preview_page(consultation, meeting, rules, form, others=others)


def preview_form(
    session: Session, meeting: Meeting, rules: GroundRules, *, fresh: bool = False
) -> AnswerForm:
    """The form of that meeting."""
    return answer_form(askings_at(session, meeting), rules.ceiling, AnswerForm, fresh=fresh)


def preview_page(
    consultation: Consultation,
    meeting: Meeting,
    rules: GroundRules,
    form: AnswerForm,
    *,
    others: list[tuple[str, str, bool]],
    **desk: Any,
) -> str:
    """All questions one under the other, as each would stand. `others` are (address, meeting, whether it is this)."""
    form.readable()
    own = consultation.language
    promise, promise_language = shown(rules.promise, own)
    text, rules_language = shown(rules.rules_text, own)
    lines = printed_lines(
        consultation,
        meeting,
        rules.ceiling,
        role_label=_("a NATO official"),
        country_group=next(iter(consultation.country_groups), ""),
    )
    return render_template(
        "participate/preview.html",
        consultation=consultation,
        meeting=meeting,
        form=form,
        others=others if len(others) > 1 else [],
        **walk_values(Walk(form, own, whole=True), consultation.title),
        meanings=meanings(),
        ways=ways(rules.ceiling),
        lines=lines,
        giveaways=[],
        promise_text=promise,
        promise_language=promise_language,
        rules=rendered(text),
        rules_language=rules_language,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
        **{"trying": None, "desk_url": None, **desk},
    )
