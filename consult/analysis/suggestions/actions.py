"""Making suggestions, and a person's yes or no to them. The only writers of these."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import hold, record
from consult.analysis.enums import CodingState, SuggesterKind
from consult.analysis.models import (
    AnswerCluster,
    BulkAcceptance,
    Coding,
    Suggestion,
    Theme,
)
from consult.analysis.models import Suggester as SuggesterRow
from consult.analysis.queries.codebook import STANDS
from consult.analysis.rules import check_theme
from consult.analysis.suggestions.by_words import ByWords, clusters
from consult.analysis.suggestions.queries import (
    coded_answers,
    declined,
    seen,
    sure_answers,
    theme_texts,
    uncoded_answers,
)
from consult.analysis.suggestions.suggester import ENOUGH, HAS_LEARNING, Coded, Suggester, shown
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import NotFound, Refused
from consult.responses.models import Revision

SURE = 0.9
"""From this score on all suggestions of a theme may be taken together."""
MOST_AT_ONCE = 200
MOST_CLUSTERED = 3000


@dataclass(frozen=True)
class Made:
    """What one round found, before it is written."""

    kind: SuggesterKind
    machine: str
    learned_from: int
    seen: int
    waiting: int
    milliseconds: int
    suggestions: Sequence[tuple[str, str, float]]
    clusters: Sequence[Sequence[str]]


def _learned(coded: Sequence[Coded]) -> Suggester:
    from consult.analysis.suggestions.learned import Learned  # noqa: PLC0415  heavy, and only the worker's need

    return Learned(coded)


def suggest(session: Session, consultation: Consultation, *, other: Suggester | None = None) -> Made:
    """Look for themes for every answer without one. Reads only; takes its time. `other` suggests in place of ours."""
    begun, counted = time.perf_counter(), seen(session, consultation)
    coded, waiting = coded_answers(session, consultation), uncoded_answers(session, consultation)
    kind, by = SuggesterKind.BY_WORDS, other
    if by is None and len(coded) >= ENOUGH and HAS_LEARNING:
        kind, by = SuggesterKind.LEARNED, _learned(coded)
    if by is None:
        by = ByWords(theme_texts(session, consultation))
    refused = declined(session, [revision_id for revision_id, _ in waiting])
    scores = by.suggest([answer for _, answer in waiting]) if waiting else []
    found = [
        (revision_id, theme_id, score)
        for (revision_id, _), each in zip(waiting, scores, strict=True)
        for theme_id, score in shown(each).items()
        if (revision_id, theme_id) not in refused
    ]
    alike = [] if kind is SuggesterKind.LEARNED else waiting[:MOST_CLUSTERED]
    groups = clusters([answer.text for _, answer in alike])
    return Made(
        kind=kind,
        machine=by.name[:80],
        learned_from=len(coded),
        seen=counted,
        waiting=len(waiting),
        milliseconds=round(1000 * (time.perf_counter() - begun)),
        suggestions=found,
        clusters=[[alike[place][0] for place in group] for group in groups],
    )


def keep(session: Session, consultation: Consultation, made: Made) -> None:
    """Put what one round found in the place of what the last one had. Answers that have gone meanwhile are left out."""
    for table in (Suggestion, AnswerCluster):
        of_it = select(Theme.id).where(Theme.consultation_id == consultation.id)
        where = (
            Suggestion.theme_id.in_(of_it)
            if table is Suggestion
            else AnswerCluster.consultation_id == consultation.id
        )
        session.execute(delete(table).where(where))
    wanted = {each[0] for each in made.suggestions} | {each for group in made.clusters for each in group}
    there = _there(session, wanted)
    rows = [
        {"revision_id": revision_id, "theme_id": theme_id, "score": score}
        for revision_id, theme_id, score in made.suggestions
        if revision_id in there
    ]
    if rows:
        session.execute(insert(Suggestion), rows)
    members = [
        {"revision_id": revision_id, "consultation_id": consultation.id, "number": number, "place": place}
        for number, group in enumerate(made.clusters)
        for place, revision_id in enumerate(group)
        if revision_id in there
    ]
    if members:
        session.execute(insert(AnswerCluster), members)
    row = session.get(SuggesterRow, consultation.id) or SuggesterRow(consultation_id=consultation.id)
    row.kind, row.machine, row.learned_from = made.kind, made.machine, made.learned_from
    row.seen, row.waiting, row.milliseconds, row.made_at = made.seen, made.waiting, made.milliseconds, now()
    session.add(row)
    session.flush()


def _there(session: Session, revision_ids: Collection[str]) -> set[str]:
    ids = sorted(revision_ids)
    return {
        each
        for start in range(0, len(ids), 500)
        for each in session.scalars(select(Revision.id).where(Revision.id.in_(ids[start : start + 500])))
    }


def confirm(session: Session, revision: Revision, theme: Theme, *, by: User) -> Coding:
    """Give the theme that was suggested. The coding is this person's, and names what suggested it and how surely."""
    answer = hold(session, revision)
    check_theme(theme, answer.consultation_id)
    suggestion = session.get(Suggestion, (revision.id, theme.id))
    if suggestion is None:
        raise NotFound("This is not suggested any more. Choose the theme in the codebook.")
    standing = session.scalars(
        select(Coding).where(Coding.revision_id == revision.id, Coding.theme_id == theme.id, STANDS)
    ).first()
    if standing is not None:
        return standing
    machine = session.get_one(SuggesterRow, theme.consultation_id).machine
    coding = _coding(revision.id, theme, by, machine, suggestion.score)
    session.add(coding)
    session.flush()
    record(session, "confirm_suggestion", answer, theme, by)
    return coding


def decline(session: Session, revision: Revision, theme: Theme, *, by: User) -> None:
    """Say no to a suggestion: it stays on record as the machine's, removed, and is not made again."""
    answer = hold(session, revision)
    suggestion = session.get(Suggestion, (revision.id, theme.id))
    if suggestion is None:
        return
    machine = session.get_one(SuggesterRow, theme.consultation_id).machine
    session.add(
        Coding(
            revision_id=revision.id,
            theme_id=theme.id,
            machine=machine,
            score=suggestion.score,
            state=CodingState.REMOVED,
            coded_at=now(),
        )
    )
    session.delete(suggestion)
    session.flush()
    record(session, "decline_suggestion", answer, theme, by)


def accept_sure(
    session: Session,
    consultation: Consultation,
    theme: Theme,
    meeting_ids: Collection[str],
    read: Mapping[str, float] | Collection[str],
    *,
    by: User,
) -> BulkAcceptance:
    """Take a theme for the answers that were looked at and are still sure of it. Raises Refused where none is left."""
    check_theme(theme, consultation.id)
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
    sure = [
        each
        for each in sure_answers(session, theme, meeting_ids, SURE, limit=MOST_AT_ONCE)
        if each.revision_id in read
    ]
    if not sure:
        raise Refused("None of these answers waits for this theme any more. Look at the list again.")
    machine = session.get_one(SuggesterRow, consultation.id).machine
    batch = BulkAcceptance(
        consultation_id=consultation.id,
        theme_id=theme.id,
        least=SURE,
        machine=machine,
        accepted=len(sure),
        accepted_by=by.id,
        accepted_at=now(),
    )
    session.add(batch)
    session.flush()
    for each in sure:
        coding = _coding(each.revision_id, theme, by, machine, each.score)
        coding.batch_id = batch.id
        session.add(coding)
    session.flush()
    audit.record(
        session,
        "accept_suggestions",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=batch.id,
        theme=theme.code,
        accepted=len(sure),
    )
    return batch


def undo(session: Session, consultation: Consultation, batch_id: str, *, by: User) -> int:
    """Take back what was accepted together, as far as it still stands. Says how many. Raises NotFound or Refused."""
    batch = session.get(BulkAcceptance, batch_id)
    if batch is None or batch.consultation_id != consultation.id:
        raise NotFound("There is no such list of accepted suggestions.")
    if batch.undone_at is not None:
        raise Refused("This has been undone already.")
    removed = session.scalars(
        update(Coding)
        .where(Coding.batch_id == batch.id, Coding.state == CodingState.CONFIRMED)
        .values(state=CodingState.REMOVED)
        .returning(Coding.id)
    ).all()
    batch.undone_by, batch.undone_at = by.id, now()
    session.flush()
    audit.record(
        session,
        "undo_suggestions",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=batch.id,
        removed=len(removed),
    )
    return len(removed)


def _coding(revision_id: str, theme: Theme, by: User, machine: str, score: float) -> Coding:
    return Coding(
        revision_id=revision_id,
        theme_id=theme.id,
        coder_id=by.id,
        suggested_by=machine,
        score=score,
        coded_at=now(),
    )
