"""Taking in what was gathered elsewhere, by the thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation, GroundRules
from consult.core.database import table_of
from consult.core.errors import Invalid
from consult.core.identifiers import digest, new_id, new_secret
from consult.meetings.models import Asking, Meeting
from consult.responses.actions.words import GivenAnswer, answer_values, checked, revision_values
from consult.responses.enums import Source
from consult.responses.models import Answer, ImportedRow, Response, Revision
from consult.responses.rules import coarse_time

_RESPONSE, _ANSWER, _REVISION, _IMPORTED = (
    insert(table_of(model)) for model in (Response, Answer, Revision, ImportedRow)
)


@dataclass(frozen=True)
class GatheredAnswer:
    """One row gathered elsewhere. `row_key` is the 64-hex HMAC under which an import finds the row again, or empty."""

    asking: Asking
    text: str
    attribution: Attribution
    language: str
    row_key: str = ""
    choices: tuple[str, ...] | None = None
    at: datetime | None = None
    """When it was given, if that is known; stored as finely as the timing switch allows."""


def add_answers(
    session: Session,
    *,
    consultation: Consultation,
    meeting: Meeting,
    rules: GroundRules,
    source: Source,
    rows: Sequence[GatheredAnswer],
) -> list[str]:
    """Responses of one answer each, which name nobody. Returns the answers' identifiers in the order of the rows.

    All or none: the first row that cannot be taken raises Invalid with its `row`, counted from 0, among the facts.
    """
    if meeting.consultation_id != consultation.id or rules.consultation_id != consultation.id:
        raise Invalid("This meeting belongs to another consultation.", field="meeting")
    responses: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        given = _taken(row, number, rules, meeting)
        response, answer = response_values(meeting, rules, source, row.at), answer_values(given, meeting)
        responses.append(response)
        answers.append({**answer, "response_id": response["id"]})
        revisions.append({**revision_values(given, rules), "answer_id": answer["id"]})
    taken = [{"meeting_id": meeting.id, "key": row.row_key} for row in rows if row.row_key]
    session.flush()
    if rows:
        connection = session.connection()  # past the object layer, which costs as much as the database
        # In the order of their keys: neighbours go into the same page of a table that is ordered by them.
        connection.execute(_RESPONSE, sorted(responses, key=itemgetter("id")))
        connection.execute(_ANSWER, sorted(answers, key=itemgetter("id")))
        connection.execute(_REVISION, sorted(revisions, key=itemgetter("id")))
        if taken:
            connection.execute(_IMPORTED, sorted(taken, key=itemgetter("key")))
    return [str(answer["id"]) for answer in answers]


def _taken(row: GatheredAnswer, number: int, rules: GroundRules, meeting: Meeting) -> GivenAnswer:
    try:
        (given,) = checked(
            [GivenAnswer(row.asking, row.text, row.attribution, row.language, row.choices)],
            rules,
            meeting,
            alone=True,
        )
    except Invalid as error:
        raise Invalid(error.message, field=error.field, **{**error.facts, "row": number}) from error
    return given


def response_values(
    meeting: Meeting, rules: GroundRules, source: Source, at: datetime | None = None
) -> dict[str, Any]:
    """The columns of a response that no participant sent: it names nobody, and nothing leads back to it."""
    return {
        "id": new_id(),
        "consultation_id": meeting.consultation_id,
        "meeting_id": meeting.id,
        "mode": rules.mode,
        "source": source,
        "ground_rules_id": rules.id,
        "submission_hash": digest(new_secret()),
        "receipt_hash": digest(new_secret()),
        "late": False,
        "submitted_at": None if at is None else coarse_time(at, rules),
    }
