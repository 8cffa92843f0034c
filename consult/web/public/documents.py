"""Documents of meetings that the desk keeps: taken away as files, never shown in the page."""

from flask import Response, make_response

from consult.consultations.queries import consultation_by_slug
from consult.core.errors import NotFound
from consult.meetings.queries import document_served
from consult.web.guards import anyone
from consult.web.public.views import public
from consult.web.transactions import current_session


@public.get("/c/<slug>/documents/<document_id>")
@anyone
def document(slug: str, document_id: str) -> Response:
    session = current_session()
    consultation = consultation_by_slug(session, slug)
    file = (
        document_served(session, consultation, document_id)
        if consultation and not consultation.draft
        else None
    )
    if file is None:
        raise NotFound("This document is not offered here any more.")
    response = make_response(file.content)
    response.headers["Content-Type"] = file.content_type
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response
