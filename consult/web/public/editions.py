"""The story page and the report: published editions, and nothing else of anybody's answers."""

from babel.dates import format_date
from flask import Response, current_app, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force
from consult.consultations.rules import in_language
from consult.core.errors import NotFound, Withdrawn
from consult.exports.editions.presentation import meeting_dates, present
from consult.exports.editions.story import Story
from consult.exports.formats import EDITION_FORMATS
from consult.meetings.queries import meetings_in_full
from consult.reports.document import PREVIEW
from consult.reports.enums import EditionState
from consult.reports.following.queries import followed_up, mark_of
from consult.reports.models import Edition
from consult.reports.queries import (
    document_of,
    file_of,
    files_of,
    open_edition,
    open_editions_of,
    published_edition,
    story_of,
    withdrawn_edition,
)
from consult.web.guards import anyone
from consult.web.headers import public as kept
from consult.web.installation import site_address
from consult.web.public.showing import Pages, moment, show
from consult.web.public.views import public
from consult.web.transactions import current_session


@public.get("/c/<slug>")
@anyone
def story(slug: str) -> Response:
    mark = mark_of(current_session(), slug)
    if mark is None:
        return _without_edition(_consultation(slug))
    edition_id = mark[0]
    language = language_of_reader()

    def made() -> str:
        document = story_of(current_session(), edition_id)
        return render_template(
            "public/story.html",
            story=present(document, language, _),
            report_url=url_for("public.report", slug=slug),
            address=_address(document["edition"]["number"], slug),
            own_address=_absolute(url_for("public.story", slug=slug)),
            picture=_absolute(url_for("public.preview", slug=slug, number=document["edition"]["number"])),
            followed=followed_up(current_session(), _consultation(slug).id),
        )

    pages: Pages = current_app.extensions.setdefault("public_pages", Pages())
    return pages.show((slug, *mark, language), made)


@public.get("/c/<slug>/report")
@anyone
def report(slug: str) -> Response:
    consultation = _consultation(slug)
    edition = published_edition(current_session(), consultation)
    if edition is None:
        _unless_withdrawn(consultation)
        raise NotFound("No report of this consultation is published yet.")
    return _report(consultation, edition)


@public.get("/c/<slug>/report/<int:number>")
@anyone
def edition(slug: str, number: int) -> Response:
    consultation = _consultation(slug)
    found = open_edition(current_session(), consultation, number) if number <= LARGEST_NUMBER else None
    if found is None:
        if number <= LARGEST_NUMBER:
            _unless_withdrawn(consultation, number)
        raise NotFound("There is no published edition with this number.")
    return _report(consultation, found)


@public.get("/c/<slug>/report/<int:number>/preview.png")
@anyone
def preview(slug: str, number: int) -> Response:
    """The picture that stands for an edition where somebody shares its address."""
    session, consultation = current_session(), _consultation(slug)
    found = open_edition(session, consultation, number) if number <= LARGEST_NUMBER else None
    file = file_of(session, found, PREVIEW) if found is not None else None
    if file is None:
        raise NotFound("There is no picture of this edition yet.")
    return kept(Response(file.content, content_type=file.content_type), seconds=3600)


@public.get("/c/<slug>/report/<int:number>/<code>")
@anyone
def edition_as(slug: str, number: int, code: str) -> Response:
    """A published edition in one format, stored and served as stored."""
    session, consultation = current_session(), _consultation(slug)
    found = open_edition(session, consultation, number) if number <= LARGEST_NUMBER else None
    if found is None and number <= LARGEST_NUMBER:
        _unless_withdrawn(consultation, number)
    file = file_of(session, found, code) if found is not None and code in EDITION_FORMATS else None
    if file is None:
        raise NotFound("There is no such file of a published edition.")
    # A stored page leaves as plain bytes to keep, so that it never opens inside this site.
    kind = "application/octet-stream" if code == "html" else file.content_type
    response = Response(file.content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return kept(response, seconds=3600)


LARGEST_NUMBER = 2_000_000_000
"""No address with a greater number reaches the database, whose integers end there."""


def _unless_withdrawn(consultation: Consultation, number: int | None = None) -> None:
    """Raises Withdrawn for an edition that its convenor took back: the address stays, and says why."""
    edition = withdrawn_edition(current_session(), consultation, number)
    if edition is not None and edition.withdrawn_at is not None:
        raise Withdrawn(
            "The convenor took edition %(number)s back on %(day)s. Reason: %(why)s",
            number=edition.number,
            day=format_date(edition.withdrawn_at.date(), "d MMMM y", locale=language_of_reader()),
            why=edition.withdrawn_why,
        )


def _report(consultation: Consultation, edition: Edition) -> Response:
    others = open_editions_of(current_session(), consultation)
    latest = next((one for one in others if one.state is EditionState.PUBLISHED), None)
    slug, sizes = consultation.slug, files_of(current_session(), edition)
    return show(
        "public/report.html",
        story=_presented(edition),
        story_url=url_for("public.story", slug=slug),
        editions=[
            (one.number, url_for("public.edition", slug=slug, number=one.number), one is edition)
            for one in others
        ],
        files=[
            (code, _(EDITION_FORMATS[code].title), size)
            for code in EDITION_FORMATS
            if (size := sizes.get(code)) is not None
        ],
        number=edition.number,
        slug=slug,
        superseded_by=latest.number if latest and latest is not edition else None,
        address=_address(edition.number, slug),
    )


def _without_edition(consultation: Consultation) -> Response:
    session = current_session()
    rules, meetings = (
        ground_rules_in_force(session, consultation),
        list(meetings_in_full(session, consultation)),
    )
    language = language_of_reader()
    prompts: dict[str, list[str]] = {}
    for meeting in meetings:
        when = meeting_dates(
            meeting.starts_on.isoformat(), meeting.ends_on.isoformat(), meeting.precision.value, language
        )
        for asking in meeting.askings:
            prompts.setdefault(asking.wording.source_text, []).append(f"{meeting.short_title}, {when}")
    return show(
        "public/waiting.html",
        consultation=consultation,
        meetings=meetings,
        prompts=[
            (prompt, _("At every meeting") if len(where) == len(meetings) > 1 else "; ".join(where))
            for prompt, where in prompts.items()
        ],
        state=moment(consultation, rules, meetings),
        promise_text=in_language(rules.promise, language, consultation.language),
    )


def _consultation(slug: str) -> Consultation:
    consultation = consultation_by_slug(current_session(), slug)
    if consultation is None or consultation.draft:
        raise NotFound("There is no such consultation.")
    return consultation


def _presented(edition: Edition) -> Story:
    return present(document_of(current_session(), edition), language_of_reader(), _)


def language_of_reader() -> str:
    """In which language this request's pages are."""
    return str(get_locale() or "en")


def _address(number: int, slug: str) -> str:
    """Where this very edition stays, whatever is published later."""
    return _absolute(url_for("public.edition", slug=slug, number=number))


def _absolute(path: str) -> str:
    """As other sites name it."""
    return site_address() + path
