"""Sessions, links and documents of a meeting."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from consult.core.errors import Invalid, NotFound
from consult.core.text import tidy, unstorable
from consult.meetings.actions import (
    DOCUMENTS,
    LARGEST_DOCUMENT,
    WrittenSession,
    attach_document,
    remove_link,
    serve_document_at,
    set_link,
    set_sessions,
)
from consult.meetings.enums import LinkKind
from consult.meetings.models import Meeting, MeetingLink
from consult.meetings.queries import link_at
from consult.permissions import Permission
from consult.web.desk.setup.forms import ButtonForm
from consult.web.desk.setup.meeting_forms import ADDRESS, CHAIR, DOCUMENT, LinkForm, SessionsForm, link_form
from consult.web.desk.setup.meetings import meeting_of, meeting_page
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires
from consult.web.installation import site_address

MOST_SESSIONS = 100


@desk.post("/<slug>/setup/meetings/<meeting>/sessions")
@requires(Permission.SET_UP)
def setup_sessions(scope: Scope, meeting: str) -> ResponseReturnValue:
    form, found = SessionsForm(), meeting_of(scope, meeting)
    if form.validate():
        written, problem = _sessions(form.sessions.data or "", found)
        if problem is None:
            set_sessions(scope.session, scope.consultation, found, written, by=scope.user)
            return redirect(_back(scope, found), code=303)
        form.sessions.errors = [problem]
    return meeting_page(scope, found, sessions=form), 422


@desk.post("/<slug>/setup/meetings/<meeting>/links")
@requires(Permission.SET_UP)
def setup_link(scope: Scope, meeting: str) -> ResponseReturnValue:
    request.max_content_length = LARGEST_DOCUMENT + 256 * 1024
    form, found = link_form(), meeting_of(scope, meeting)
    given = form.document.data if isinstance(form.document.data, FileStorage) else None
    content, name = (given.stream.read(), given.filename or "") if given and given.filename else (b"", "")
    if given is not None:
        given.close()
    link = link_at(scope.session, found, form.link.data) if form.link.data else None
    if form.link.data and link is None:
        raise NotFound("There is no such link at this meeting. Load the page again.")
    if not form.validate() or not _fits(form, link, content):
        return meeting_page(scope, found, link=form), 422
    try:
        _save(scope, found, link, form, (content, name))
    except Invalid as error:
        scope.session.rollback()
        form.document.errors = [words(error)]
        return meeting_page(scope, meeting_of(scope, meeting), link=form), 422
    return redirect(_back(scope, found), code=303)


@desk.post("/<slug>/setup/meetings/<meeting>/links/<link>/remove")
@requires(Permission.SET_UP)
def setup_link_remove(scope: Scope, meeting: str, link: str) -> ResponseReturnValue:
    form, found = ButtonForm(), meeting_of(scope, meeting)
    standing = link_at(scope.session, found, link)
    if not form.validate():
        return meeting_page(scope, found), 422
    if standing is not None:
        remove_link(scope.session, scope.consultation, found, standing, by=scope.user)
    return redirect(_back(scope, found), code=303)


def _fits(form: LinkForm, link: MeetingLink | None, content: bytes) -> bool:
    """Whether what was given goes with where the thing is said to be."""
    if form.state.data == ADDRESS and not _whole(form.url.data or ""):
        form.url.errors = [_("Write a whole address that begins with https:// or http://.")]
        return False
    if form.state.data == DOCUMENT:
        if LinkKind(form.kind.data) not in DOCUMENTS:
            form.kind.errors = [_("Only a programme or a report can be a document kept here.")]
            return False
        if not content and (link is None or link.document_id is None):
            form.document.errors = [_("Choose a PDF.")]
            return False
    return True


def _save(
    scope: Scope, meeting: Meeting, link: MeetingLink | None, form: LinkForm, document: tuple[bytes, str]
) -> None:
    content, name = document
    kept = link.url if link is not None and form.state.data == DOCUMENT and not content else None
    link = set_link(
        scope.session,
        scope.consultation,
        meeting,
        link,
        kind=LinkKind(form.kind.data),
        title=form.link_title.data or "",
        url=form.url.data if form.state.data == ADDRESS else kept,
        by=scope.user,
    )
    if form.state.data == DOCUMENT and content:
        file = attach_document(
            scope.session, scope.consultation, meeting, link, content, name=_named(name), by=scope.user
        )
        base = site_address()
        path = url_for("public.document", slug=scope.consultation.slug, document_id=file.id)
        serve_document_at(scope.session, link, f"{base}{path}")


def _named(given: str) -> str:
    name = given.replace("\\", "/").rpartition("/")[2]
    return "document.pdf" if unstorable(name) else tidy(name).replace("\n", " ")[:120] or "document.pdf"


def _whole(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def _sessions(text: str, meeting: Meeting) -> tuple[list[WrittenSession], str | None]:
    """The lines as sessions, each with the identifier of the one of its title that stands; or what is wrong."""
    standing = {one.title: one.id for one in meeting.sessions}
    written: list[WrittenSession] = []
    for line in text.split("\n"):
        title, _bar, chair = (part.strip() for part in line.partition(CHAIR))
        if not line.strip():
            continue
        if not title or len(title) > 300 or len(chair) > 200:
            return [], _(
                "Shorten each title to 300 and each chair to 200 characters; no line without a title."
            )
        written.append(WrittenSession(standing.pop(title, ""), title, chair))
    if len({one.title for one in written}) < len(written):
        return [], _("Two sessions have the same title. Give each its own.")
    if len(written) > MOST_SESSIONS:
        return [], _("Write at most %(most)s lines.", most=MOST_SESSIONS)
    # One that was renamed keeps its place, and so what is asked there.
    left = list(standing.values())
    if len(written) == len(meeting.sessions):
        by_place = [one.id for one in meeting.sessions]
        written = [
            one
            if one.id
            else WrittenSession(by_place[place] if by_place[place] in left else "", one.title, one.chair)
            for place, one in enumerate(written)
        ]
    return written, None


def _back(scope: Scope, meeting: Meeting) -> str:
    return url_for("desk.setup_meeting", slug=scope.consultation.slug, meeting=meeting.slug, said="saved")
