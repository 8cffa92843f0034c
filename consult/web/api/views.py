"""The addresses: consultations with a published edition, their editions, and the views that an edition prints."""

import json
from typing import Any

from flask import Response, url_for

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.errors import NotFound
from consult.reports.document import parsed
from consult.reports.models import Edition
from consult.reports.queries import open_edition, open_editions_after, published_after
from consult.web.api.description import OPENAPI
from consult.web.api.paging import LARGEST_NUMBER, after_number, after_text, answer, limit, page
from consult.web.api.problems import api
from consult.web.guards import anyone
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


@api.get("/consultations/<slug>/editions")
@anyone
def editions(slug: str) -> Response:
    wanted, session = limit(), current_session()
    found = open_editions_after(session, _consultation(slug), after_number(), wanted + 1)
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
    if found is None or found.draft:
        raise NotFound("There is no such consultation.")
    return found


def _edition(slug: str, number: int) -> Edition:
    consultation = _consultation(slug)
    found = open_edition(current_session(), consultation, number) if number <= LARGEST_NUMBER else None
    if found is None:
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
