"""An edition in every format, rendered once and stored."""

from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.exports.editions import preview
from consult.exports.formats import EDITION_FORMATS
from consult.reports.actions import keep_file
from consult.reports.document import PREVIEW, STORY, abridged, canonical, parsed
from consult.reports.queries import edition_by_id, formats_kept


def render_edition(session: Session, payload: dict[str, str]) -> None:
    """Make the files of the edition that `payload` names. Those already kept are left as they are."""
    edition = edition_by_id(session, payload["edition"])
    if edition is None or edition.withdrawn_at is not None:
        return
    document, kept, rendered_from = (
        parsed(edition.document),
        formats_kept(session, edition),
        edition.document_hash,
    )
    if STORY not in kept:
        content = canonical(abridged(document)).encode("utf-8")
        keep_file(
            session,
            edition,
            STORY,
            content,
            name=f"edition-{edition.number}-story.json",
            content_type="application/json",
            rendered_from=rendered_from,
        )
    if PREVIEW not in kept:
        keep_file(
            session,
            edition,
            PREVIEW,
            preview.render(abridged(document)),
            name=f"edition-{edition.number}.png",
            content_type="image/png",
            rendered_from=rendered_from,
        )
    slug = session.get_one(Consultation, edition.consultation_id).slug
    for format_ in EDITION_FORMATS.values():
        if format_.code not in kept:
            keep_file(
                session,
                edition,
                format_.code,
                format_.render(document),
                name=f"{slug}-edition-{edition.number}.{format_.code}",
                content_type=format_.content_type,
                rendered_from=rendered_from,
            )
