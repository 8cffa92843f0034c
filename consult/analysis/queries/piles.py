"""What the coding page shows: piles of answers, and one answer at a time in an order that says nothing about time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, and_, distinct, exists, func, null, select, tuple_
from sqlalchemy.orm import Session, aliased, raiseload

from consult.analysis.models import Coding, Theme
from consult.analysis.queries.codebook import STANDS
from consult.analysis.spans import kept_pieces
from consult.consultations.models import Consultation, Wording
from consult.moderation.enums import RedactionKind, Verdict
from consult.moderation.models import Decision, PublishedCase, PublishedText, Redaction
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision


@dataclass(frozen=True)
class Pile:
    """Answers of one meeting that take themes, and how many of them have at least one."""

    meeting_id: str
    answers: int
    coded: int

    @property
    def unassigned(self) -> int:
        return self.answers - self.coded


def piles(session: Session, consultation: Consultation, meeting_ids: Sequence[str]) -> list[Pile]:
    """Progress per meeting, in the order given, for those who read every answer there. Two queries."""
    scope = _in_scope(consultation, meeting_ids)
    per_meeting = select(PublishedCase.meeting_id, func.count()).where(*scope)
    answers = _counts(session, per_meeting.group_by(PublishedCase.meeting_id))
    coded = _counts(
        session, per_meeting.where(_is_coded(PublishedCase.revision_id)).group_by(PublishedCase.meeting_id)
    )
    return [Pile(meeting, answers.get(meeting, 0), coded.get(meeting, 0)) for meeting in meeting_ids]


def answers_with_theme(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[str, int]:
    """Theme id → how many answers of these meetings carry it, for those who read every answer there."""
    return _counts(
        session,
        select(Coding.theme_id, func.count(distinct(Coding.revision_id)))
        .join(PublishedCase, PublishedCase.revision_id == Coding.revision_id)
        .where(*_in_scope(consultation, meeting_ids), STANDS)
        .group_by(Coding.theme_id),
    )


@dataclass(frozen=True)
class Codable:
    """One approved answer as its coder sees it: the published text, or the words that are only ever counted."""

    answer_id: str
    revision_id: str
    meeting_id: str
    question: str
    language: str
    segments: list[list[str | None]]
    quotable: bool
    line: str


def codable_answer(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], answer_id: str
) -> Codable | None:
    """That answer if it takes themes and was given at one of these meetings."""
    return _as_codable(
        session, session.execute(_codable(consultation, meeting_ids).where(Answer.id == answer_id)).first()
    )


def next_codable(
    session: Session,
    consultation: Consultation,
    meeting_ids: Collection[str],
    *,
    theme: Theme | None = None,
    unassigned: bool = False,
    after: str | None = None,
    backwards: bool = False,
) -> Codable | None:
    """The next answer in shuffled order after the answer `after`, with that theme or with none where asked for.

    An answer that has left the pile still says where in the order it stood.
    """
    statement = _codable(consultation, meeting_ids)
    if unassigned:
        statement = statement.where(~_is_coded(Revision.id))
    if theme is not None:
        statement = statement.where(
            exists().where(Coding.revision_id == Revision.id, Coding.theme_id == theme.id, STANDS)
        )
    place = tuple_(Answer.shuffle_key, Answer.id)
    if after is not None:
        reached = session.execute(
            select(Answer.shuffle_key, Answer.id).where(
                Answer.id == after,
                Answer.consultation_id == consultation.id,
                Answer.meeting_id.in_(meeting_ids),
            )
        ).first()
        if reached is not None:
            statement = statement.where(place < tuple(reached) if backwards else place > tuple(reached))
    order = (Answer.shuffle_key.desc(), Answer.id.desc()) if backwards else (Answer.shuffle_key, Answer.id)
    return _as_codable(session, session.execute(statement.order_by(*order).limit(1)).first())


def _in_scope(consultation: Consultation, meeting_ids: Collection[str]) -> list[ColumnElement[bool]]:
    return [
        PublishedCase.consultation_id == consultation.id,
        PublishedCase.meeting_id.in_(meeting_ids),
        PublishedCase.choices.is_(null()),  # what was chosen takes no themes
    ]


def _is_coded(revision_id: object) -> ColumnElement[bool]:
    return exists().where(Coding.revision_id == revision_id, STANDS)


def _codable(
    consultation: Consultation, meeting_ids: Collection[str]
) -> Select[Answer, Revision, str, PublishedText]:
    return (
        select(Answer, Revision, Wording.source_text, PublishedText)
        .join(Revision, and_(Revision.answer_id == Answer.id, Revision.current.is_(True)))
        .join(PublishedCase, PublishedCase.revision_id == Revision.id)
        .join(Wording, Wording.id == Revision.wording_id)
        .outerjoin(PublishedText, PublishedText.revision_id == Revision.id)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
            Answer.state == AnswerState.APPROVED,
            PublishedCase.choices.is_(null()),
        )
        .options(raiseload("*"))
        .execution_options(populate_existing=True)
    )


def redactions_of(session: Session, revision_ids: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    """Revision → code points that its last approval took out. Those with none are left out."""
    earlier = aliased(Decision)
    last = (
        select(func.max(earlier.number))
        .where(
            earlier.answer_id == Revision.answer_id,
            earlier.verdict == Verdict.APPROVE,
            earlier.read_hash == Revision.mark,
        )
        .correlate(Revision)
        .scalar_subquery()
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for revision_id, starts, ends in session.execute(
        select(Revision.id, Redaction.starts, Redaction.ends)
        .select_from(Revision)
        .join(Decision, and_(Decision.answer_id == Revision.answer_id, Decision.number == last))
        .join(Redaction, Redaction.decision_id == Decision.id)
        .where(Revision.id.in_(revision_ids))
        .order_by(Revision.id, Redaction.starts)
    ):
        found[revision_id].append((starts, ends))
    return dict(found)


def _as_codable(
    session: Session, row: Row[Answer, Revision, str, PublishedText | None] | None
) -> Codable | None:
    if row is None:
        return None
    answer, revision, question, text = row
    return Codable(
        answer_id=answer.id,
        revision_id=revision.id,
        meeting_id=answer.meeting_id,
        question=question,
        language=revision.language,
        segments=text.segments if text else _counted_only(session, revision),
        quotable=text is not None,
        line=text.attribution_line if text else "",
    )


def _counted_only(session: Session, revision: Revision) -> list[list[str | None]]:
    """What coders see of words that are never quoted: without what moderation took out."""
    if revision.text is None:
        return [[", ".join(revision.choices or []), None]]
    kept = kept_pieces(len(revision.text), redactions_of(session, [revision.id]).get(revision.id, []))
    segments: list[list[str | None]] = []
    for starts, ends in kept:
        if segments or starts:
            segments.append(["", RedactionKind.SENSITIVE.value])
        segments.append([revision.text[starts:ends], None])
    return segments


def _counts(session: Session, statement: Select[str, int]) -> dict[str, int]:
    return dict(session.execute(statement).all())
