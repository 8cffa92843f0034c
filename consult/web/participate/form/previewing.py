"""A meeting's form as a participant walks it, for those who try it or sign it off. It leads to no answer."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import consultation_to_sign_off, ground_rules_in_force
from consult.core.errors import NotFound
from consult.core.markdown import rendered
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at, meetings_of
from consult.responses.rules import waivable
from consult.web.guards import anyone
from consult.web.languages import reads
from consult.web.participate.form.forms import AnswerForm, answer_form
from consult.web.participate.form.uses import furthest, meanings, printed_lines, ways, who_sees
from consult.web.participate.form.walk import Walk, turned, walk_values
from consult.web.participate.views import participate, shown
from consult.web.transactions import Session, current_session

WHOLE = "whole"
"""The view in which everything stands on one page, to be read and signed off at a glance."""


@dataclass(frozen=True)
class Previewed:
    """What is looked at, and where its buttons lead. `others` are (address, meeting, whether it is this one)."""

    consultation: Consultation
    meeting: Meeting
    rules: GroundRules
    address: str
    others: list[tuple[str, str, bool]]
    keeps: bool = False
    """Whether sending keeps a pilot answer."""
    desk_url: str | None = None

    @property
    def whole(self) -> bool:
        """Whether everything is to stand on one page."""
        return request.args.get("view") == WHOLE

    @property
    def whole_address(self) -> str:
        return f"{self.address}{'&' if '?' in self.address else '?'}view={WHOLE}"

    @property
    def action(self) -> str:
        """Where the buttons lead: the same view again."""
        return self.whole_address if self.whole else self.address


@participate.get("/preview/<sign_off>")
@anyone
def preview(sign_off: str) -> ResponseReturnValue:
    """What a link for sign-off shows, until it expires or is taken back: this form and nothing else."""
    seen = _signed_off(sign_off)
    return preview_page(seen, preview_form(current_session(), seen, fresh=True))


@participate.post("/preview/<sign_off>")
@anyone
def preview_walk(sign_off: str) -> ResponseReturnValue:
    """From page to page; what was written travels in the form and is kept nowhere."""
    seen = _signed_off(sign_off)
    form = preview_form(current_session(), seen)
    if (page := preview_turned(seen, form)) is not None:
        return page
    return preview_page(seen, preview_form(current_session(), seen, fresh=True), over=True)


def preview_form(session: Session, seen: Previewed, *, fresh: bool = False) -> AnswerForm:
    """The form of that meeting, with every use that is offered to a participant."""
    reads(seen.consultation)
    rules = seen.rules
    return answer_form(
        askings_at(session, seen.meeting), rules.ceiling, AnswerForm, beyond=waivable(rules), fresh=fresh
    )


def preview_turned(seen: Previewed, form: AnswerForm) -> tuple[str, int] | None:
    """The page that the pressed button leads to, or None once the form was sent to its end."""
    turn = turned(form, seen.consultation.language, whole=seen.whole)
    return (preview_page(seen, form, turn[0]), turn[1]) if turn is not None else None


def preview_page(seen: Previewed, form: AnswerForm, walk: Walk | None = None, *, over: bool = False) -> str:
    """One page of the form; `over` says what a participant would be shown next."""
    form.readable()
    consultation, own = seen.consultation, seen.consultation.language
    walk = walk or Walk(form, own, whole=seen.whole)
    promise, promise_language = shown(seen.rules.promise, own)
    text, rules_language = shown(seen.rules.rules_text, own)
    lines = printed_lines(
        consultation,
        seen.meeting,
        furthest(seen.rules),
        role_label=_("a NATO official"),
        country_group=next(iter(consultation.country_groups), ""),
    )
    return render_template(
        "participate/preview.html",
        seen=seen,
        form=form,
        several=Walk(form, own).reviewed,
        over=over,
        **walk_values(walk, consultation.title),
        meanings=meanings(),
        ways=ways(furthest(seen.rules)),
        lines=lines,
        giveaways=[],
        promise_text=promise,
        who_sees=who_sees()[seen.rules.mode],
        promise_language=promise_language,
        rules=rendered(text),
        rules_language=rules_language,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
    )


def _signed_off(sign_off: str) -> Previewed:
    session = current_session()
    consultation = consultation_to_sign_off(session, sign_off)
    if consultation is None:
        raise NotFound("This link has expired or was taken back. Ask whoever sent it for a new one.")
    meetings = list(meetings_of(session, consultation))
    wanted = request.args.get("meeting")
    meeting = next((one for one in meetings if one.slug == wanted), meetings[0] if meetings else None)
    if meeting is None:
        raise NotFound("Nothing can be shown yet: no meeting was added. Ask whoever sent the link.")

    def at(slug: str) -> str:
        return url_for("participate.preview", sign_off=sign_off, meeting=slug)

    others = [(at(one.slug), one.short_title, one is meeting) for one in meetings]
    return Previewed(
        consultation, meeting, ground_rules_in_force(session, consultation), at(meeting.slug), others
    )
