"""Forms for the parts of a meeting."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from consult.meetings.actions import LARGEST_DOCUMENT
from consult.meetings.enums import LinkKind
from consult.meetings.models import Meeting, MeetingLink
from consult.web.desk.setup.forms import Form, LongTextField, TextField, at_most, needed
from consult.web.fields import SelectChoice

LATER, ADDRESS, DOCUMENT = "later", "address", "document"
CHAIR = "|"


class SessionsForm(Form):
    """The sessions, one a line: title, then the chair after a bar."""

    sessions = LongTextField(_l("Sessions"), [at_most(60_000)])


class LinkForm(Form):
    """A link: what it leads to, and whether that is there yet."""

    link = HiddenField()
    kind = SelectField(_l("What it is"))
    link_title = TextField(_l("Title of the link"), [needed(), at_most(300)])
    state = RadioField(_l("Where it is"), [InputRequired(_l("Choose where it is."))])
    url = TextField(_l("Web address"), [at_most(1000)])
    document = FileField(_l("PDF"))


def kinds() -> dict[str, str]:
    """What a link can lead to."""
    return {
        LinkKind.WEB_PAGE.value: _("Web page"),
        LinkKind.PROGRAMME.value: _("Programme"),
        LinkKind.REPORT.value: _("Report"),
        LinkKind.PODCAST.value: _("Podcast"),
    }


def part_forms(meeting: Meeting, parts: dict[str, Any]) -> dict[str, Any]:
    """The forms of the parts as the page needs them; those in `parts` came back with an error."""
    lines = [f"{one.title} {CHAIR} {one.chair}" if one.chair else one.title for one in meeting.sessions]
    sessions = parts.get("sessions") or SessionsForm(formdata=None, data={"sessions": "\n".join(lines)})
    chosen = next((link for link in meeting.links if link.id == request.args.get("link")), None)
    blank = parts.get("link") or link_form(of=chosen, fresh=True)
    return {
        "sessions_form": sessions,
        "link_form": blank,
        "other_form": parts.get("other"),
        "links": [(link, kinds()[link.kind.value]) for link in meeting.links],
        "editing": blank.link.data or "",
        "largest": LARGEST_DOCUMENT >> 20,
    }


def link_form(*, of: MeetingLink | None = None, fresh: bool = False) -> LinkForm:
    """The form of a link, filled from the request, from one that stands, or blank."""
    known: dict[str, Any] = {"state": LATER}
    if of is not None:
        state = DOCUMENT if of.document_id else ADDRESS if of.url else LATER
        url = "" if of.document_id else of.url
        known = {"link": of.id, "kind": of.kind.value, "link_title": of.title, "state": state, "url": url}
    form = LinkForm(formdata=None, data=known) if fresh else LinkForm()
    form.kind.choices = [SelectChoice(code, name) for code, name in kinds().items()]
    form.state.choices = [
        SelectChoice(LATER, _("Still to be published")),
        SelectChoice(ADDRESS, _("At a web address")),
        SelectChoice(DOCUMENT, _("A PDF, kept here")),
    ]
    return form
