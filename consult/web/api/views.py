"""The addresses: consultations with a published edition, their editions, and the views that an edition prints.

A token opens one consultation's frozen editions, or its published view as it stands.
"""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.errors import NotFound, Unknown, Withdrawn
from consult.exports.data import json as json_export
from consult.exports.queries import unpublished
from consult.meetings.queries import meeting_by_slug
from consult.reports.document import parsed
from consult.reports.models import Edition
from consult.reports.queries import open_edition, open_editions_after, published_after, withdrawn_edition
from consult.reports.tokens.queries import edition_in, editions_after
from consult.web.api.description import OPENAPI
from consult.web.api.paging import LARGEST_NUMBER, after_number, after_text, answer, limit, page
from consult.web.api.problems import api
from consult.web.api.tokens import allowed
from consult.web.guards import anyone
from consult.web.installation import current_database
from consult.web.transactions import current_session

_DESCRIBED = json.dumps(OPENAPI, ensure_ascii=False)


@api.get("/openapi.json")
@anyone
def openapi() -> Response:
    return answer(_DESCRIBED)


@api.get("/consultations")
@anyone
def consultations() -> Response:
    wanted = limit()
    found = published_after(current_session(), after_text(), wanted + 1)
    items = [_consultation_entry(one, number) for one, number in found]
    return page(items, wanted, items[wanted - 1]["slug"] if len(items) > wanted else None)


@api.get("/consultations/<slug>/answers")
@anyone
def current_answers(slug: str) -> Response:
    """The published view as it stands now: what a director may export, in one piece, for a token that reads answers."""
    consultation = consultation_by_slug(current_session(), slug)
    if consultation is None or not allowed(consultation, "answers"):
        raise Unknown("Answers that no edition prints yet need a token that reads answers.")
    meeting, consultation_id = request.args.get("meeting"), consultation.id
    if meeting and meeting_by_slug(current_session(), consultation, meeting) is None:
        raise NotFound("This consultation has no such meeting.")
    database = current_database()

    def pieces() -> Iterator[bytes]:
        """Read after this request's transaction has ended, so that nobody waits for a long answer."""
        with database.reading() as session:
            found = session.get_one(Consultation, consultation_id)
            yield from json_export.render(unpublished(session, found, meeting or None))

    return Response(pieces(), content_type="application/json")


@api.get("/consultations/<slug>/editions")
@anyone
def editions(slug: str) -> Response:
    wanted, session, consultation = limit(), current_session(), _consultation(slug)
    find = editions_after if allowed(consultation, "editions") else open_editions_after
    found = find(session, consultation, after_number(), wanted + 1)
    items = [_edition_entry(slug, one) for one in found]
    return page(items, wanted, items[wanted - 1]["number"] if len(items) > wanted else None)


@api.get("/consultations/<slug>/editions/<int:number>")
@anyone
def edition(slug: str, number: int) -> Response:
    found = _edition(slug, number)
    return answer(found.document, etag=found.document_hash)


@api.get("/consultations/<slug>/editions/<int:number>/answers")
@anyone
def answers(slug: str, number: int) -> Response:
    """The views that the edition prints, in its order. One that was taken back keeps its place and has no words."""
    wanted, after = limit(), after_number()
    document = parsed(_edition(slug, number).document)
    quotes = document["quotes"][after : after + wanted + 1]
    items = [{"place": after + place, **quote} for place, quote in enumerate(quotes, start=1)]
    handling = document["edition"].get("handling", "")
    return page(items, wanted, after + wanted, edition=number, handling=handling)


def _consultation(slug: str) -> Consultation:
    found = consultation_by_slug(current_session(), slug)
    if found is None or (found.draft and not allowed(found, "editions")):
        raise NotFound("There is no such consultation.")
    return found


def _edition(slug: str, number: int) -> Edition:
    consultation = _consultation(slug)
    find = edition_in if allowed(consultation, "editions") else open_edition
    found = find(current_session(), consultation, number) if number <= LARGEST_NUMBER else None
    if found is None:
        if number <= LARGEST_NUMBER and withdrawn_edition(current_session(), consultation, number):
            raise Withdrawn("The convenor took this edition back.")
        raise NotFound("There is no published edition with this number.")
    return found


def _consultation_entry(consultation: Consultation, number: int) -> dict[str, Any]:
    return {
        "slug": consultation.slug,
        "title": consultation.title,
        "convenor": consultation.convenor,
        "language": consultation.language,
        "demonstration": consultation.demonstration,
        "edition": number,
        "editions": url_for("api.editions", slug=consultation.slug),
    }


def _edition_entry(slug: str, found: Edition) -> dict[str, Any]:
    return {
        "number": found.number,
        "state": found.state.value,
        "frozen_on": found.frozen_at.date().isoformat(),
        "corrections": found.corrections,
        "document_hash": found.document_hash,
        "document": url_for("api.edition", slug=slug, number=found.number),
        "answers": url_for("api.answers", slug=slug, number=found.number),
    }
