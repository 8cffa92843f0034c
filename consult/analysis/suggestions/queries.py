"""What suggesters learn from and look at, and what they have suggested."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from consult.analysis.enums import CodingState
from consult.analysis.models import AnswerCluster, BulkAcceptance, Coding, Suggester, Suggestion, Theme
from consult.analysis.queries.codebook import STANDS, themes_of
from consult.analysis.suggestions.suggester import LEAST_SCORE, Coded, ThemeText, Uncoded
from consult.consultations.models import Consultation
from consult.moderation.models import PublishedCase, PublishedText
from consult.responses.models import Revision

MOST_LOOKED_AT = 20_000
"""Answers without a theme for which suggestions are made in one round."""


def theme_texts(session: Session, consultation: Consultation) -> list[ThemeText]:
    """The codebook's words, theme by theme."""
    return [
        ThemeText(theme.id, " ".join((theme.title, theme.description, theme.includes, *theme.examples)))
        for theme in themes_of(session, consultation)
    ]


def coded_answers(session: Session, consultation: Consultation) -> list[Coded]:
    """Published texts with the themes that stand on them. What may only be counted is not learned from."""
    used = {theme.id for theme in themes_of(session, consultation)}
    found: dict[str, tuple[str, str, set[str]]] = {}
    for revision_id, text, language, theme_id in session.execute(
        select(PublishedText.revision_id, PublishedText.text, PublishedText.language, Coding.theme_id)
        .join(Coding, Coding.revision_id == PublishedText.revision_id)
        .where(PublishedText.consultation_id == consultation.id, STANDS)
        .order_by(PublishedText.shuffle_key, PublishedText.revision_id)
    ):
        if theme_id in used:
            found.setdefault(revision_id, (text, language, set()))[2].add(theme_id)
    return [Coded(text, language, frozenset(themes)) for text, language, themes in found.values()]


def uncoded_answers(session: Session, consultation: Consultation) -> list[tuple[str, Uncoded]]:
    """(revision, published text) of answers without a theme, in shuffled order."""
    rows = session.execute(
        select(PublishedText.revision_id, PublishedText.text, PublishedText.language)
        .where(
            PublishedText.consultation_id == consultation.id,
            ~exists().where(Coding.revision_id == PublishedText.revision_id, STANDS),
        )
        .order_by(PublishedText.shuffle_key, PublishedText.revision_id)
        .limit(MOST_LOOKED_AT)
    )
    return [(revision_id, Uncoded(text, language)) for revision_id, text, language in rows]


def declined(session: Session, revision_ids: Collection[str]) -> set[tuple[str, str]]:
    """(revision, theme) that a person has refused or taken back, which are not suggested again."""
    rows = session.execute(
        select(Coding.revision_id, Coding.theme_id).where(
            Coding.revision_id.in_(revision_ids), Coding.state == CodingState.REMOVED
        )
    )
    return {(revision_id, theme_id) for revision_id, theme_id in rows}


def seen(session: Session, consultation: Consultation) -> int:
    """A number that changes when people code, answers come or the codebook changes."""
    codings = select(func.count()).select_from(Coding).join(Theme, Theme.id == Coding.theme_id)
    states = codings.where(Theme.consultation_id == consultation.id)
    removed = states.where(Coding.state == CodingState.REMOVED)
    texts = select(func.count()).where(PublishedText.consultation_id == consultation.id)
    themes = select(func.count()).where(Theme.consultation_id == consultation.id, Theme.retired.is_(False))
    return sum(session.scalar(each) or 0 for each in (states, removed, texts, themes))


def suggester_of(session: Session, consultation: Consultation) -> Suggester | None:
    return session.get(Suggester, consultation.id)


@dataclass(frozen=True)
class Offered:
    """A suggestion for one answer."""

    theme: Theme
    score: float


def suggested_for(session: Session, revision_id: str) -> list[Offered]:
    """What is suggested for an answer, the surest first; nothing that stands on it already."""
    rows = session.execute(
        select(Theme, Suggestion.score)
        .join(Suggestion, Suggestion.theme_id == Theme.id)
        .where(
            Suggestion.revision_id == revision_id,
            Theme.retired.is_(False),
            ~exists().where(Coding.revision_id == revision_id, Coding.theme_id == Theme.id, STANDS),
        )
        .order_by(Suggestion.score.desc(), Theme.id)
    )
    return [Offered(theme, score) for theme, score in rows]


def sure_counts(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], least: float
) -> dict[str, tuple[int, int]]:
    """Theme id → (how many answers without a theme it is suggested for, how many of them from `least` on)."""
    rows = session.execute(
        select(
            Suggestion.theme_id,
            func.count(),
            func.count().filter(Suggestion.score >= least),
        )
        .join(PublishedCase, PublishedCase.revision_id == Suggestion.revision_id)
        .where(
            PublishedCase.consultation_id == consultation.id,
            PublishedCase.meeting_id.in_(meeting_ids),
            Suggestion.score >= LEAST_SCORE,
            ~exists().where(Coding.revision_id == Suggestion.revision_id, STANDS),
        )
        .group_by(Suggestion.theme_id)
    )
    return {theme_id: (all_, sure) for theme_id, all_, sure in rows}


@dataclass(frozen=True)
class Agreed:
    """How often people who looked at one suggestion at a time gave the theme that was suggested."""

    given: int
    answered: int


def agreed_with(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[str, Agreed]:
    """Theme id → the same, at these meetings. What was accepted together is left out: nobody judged it by itself."""
    by_person = and_(Coding.coder_id.is_not(None), Coding.suggested_by.is_not(None))
    rows = session.execute(
        select(
            Coding.theme_id,
            func.count().filter(Coding.state == CodingState.CONFIRMED, by_person),
            func.count(),
        )
        .join(Theme, Theme.id == Coding.theme_id)
        .join(PublishedCase, PublishedCase.revision_id == Coding.revision_id)
        .where(
            Theme.consultation_id == consultation.id,
            PublishedCase.meeting_id.in_(meeting_ids),
            Coding.batch_id.is_(None),
            or_(by_person, and_(Coding.machine.is_not(None), Coding.state == CodingState.REMOVED)),
        )
        .group_by(Coding.theme_id)
    )
    return {theme_id: Agreed(given, answered) for theme_id, given, answered in rows}


@dataclass(frozen=True)
class Sure:
    """An answer with a sure suggestion, as published."""

    revision_id: str
    segments: list[list[str | None]]
    language: str
    score: float


def sure_answers(
    session: Session, theme: Theme, meeting_ids: Collection[str], least: float, *, limit: int = 200
) -> list[Sure]:
    """Answers without a theme for which this one is suggested from `least` on, the least sure first."""
    rows = session.execute(
        select(PublishedText.revision_id, PublishedText.segments, PublishedText.language, Suggestion.score)
        .join(Suggestion, Suggestion.revision_id == PublishedText.revision_id)
        .join(Revision, and_(Revision.id == PublishedText.revision_id, Revision.current.is_(True)))
        .where(
            Suggestion.theme_id == theme.id,
            Suggestion.score >= least,
            PublishedText.meeting_id.in_(meeting_ids),
            ~exists().where(Coding.revision_id == Suggestion.revision_id, STANDS),
        )
        .order_by(Suggestion.score, PublishedText.shuffle_key)
        .limit(limit)
    )
    return [Sure(*row) for row in rows]


def acceptances_of(session: Session, consultation: Consultation) -> Sequence[tuple[BulkAcceptance, Theme]]:
    """What was taken in bulk, the newest first."""
    return session.execute(
        select(BulkAcceptance, Theme)
        .join(Theme, Theme.id == BulkAcceptance.theme_id)
        .where(BulkAcceptance.consultation_id == consultation.id)
        .order_by(BulkAcceptance.accepted_at.desc(), BulkAcceptance.id)
        .limit(20)
    ).all()


@dataclass(frozen=True)
class Cluster:
    """Answers without a theme that are alike: how many, and the most typical, as published."""

    size: int
    exemplars: list[tuple[str, list[list[str | None]], str]]
    """(answer, segments, language)"""


def clusters_of(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], *, exemplars: int = 3
) -> list[Cluster]:
    """The largest first."""
    found: dict[int, Cluster] = {}
    for number, answer_id, segments, language in session.execute(
        select(AnswerCluster.number, Revision.answer_id, PublishedText.segments, PublishedText.language)
        .join(PublishedText, PublishedText.revision_id == AnswerCluster.revision_id)
        .join(Revision, Revision.id == AnswerCluster.revision_id)
        .where(
            AnswerCluster.consultation_id == consultation.id,
            PublishedText.meeting_id.in_(meeting_ids),
            ~exists().where(Coding.revision_id == AnswerCluster.revision_id, STANDS),
        )
        .order_by(AnswerCluster.number, AnswerCluster.place)
    ):
        before = found.get(number, Cluster(0, []))
        shown = before.exemplars + ([(answer_id, segments, language)] if before.size < exemplars else [])
        found[number] = Cluster(before.size + 1, shown)
    return sorted(found.values(), key=lambda cluster: -cluster.size)
