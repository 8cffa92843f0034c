"""One part of the report as it would be printed, while its authors write."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.moderation.published import printed
from consult.reports.document import Document, QuoteEntry
from consult.reports.drafting import sourced_draft


def part_draft(
    session: Session,
    consultation: Consultation,
    *,
    number: int,
    on: date,
    code: str,
    heading: str,
    body: str,
    picked: Sequence[str],
) -> Document:
    """The document with that part alone, in these words. Of the answers it holds those picked."""
    document, _sources = sourced_draft(session, consultation, number=number, on=on, quoted=False)
    standing = printed(session, consultation.id, picked)
    quotes = [_quote(*standing[revision_id]) for revision_id in picked if revision_id in standing]
    document["quotes"] = quotes
    section = {"code": code, "heading": heading, "body": body, "quotes": list(range(len(quotes)))}
    document["sections"] = [section]  # type: ignore[list-item]
    return document


def _quote(text: str, line: str) -> QuoteEntry:
    return {
        "meeting": "",
        "question": "",
        "segments": [[text, None]],
        "text": text,
        "language": "",
        "attribution": "",
        "line": line,
        "themes": [],
    }
