"""Entering publications in the register: editions when they are frozen, exports for release when they are made."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure.cells.attack import YES, Cell, Fact, Relation
from consult.analysis.disclosure.cells.gridding import View
from consult.analysis.disclosure.choices import closed_questions
from consult.analysis.disclosure.participation import released_participation
from consult.analysis.disclosure.themes import released_themes
from consult.analysis.disclosure.told.answering import Answers, told_answers
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.disclosure.told.register import last_entered, register_publication
from consult.analysis.queries.tallies import MEETING, THEME
from consult.analysis.queries.texts import attributes_of_texts
from consult.consultations.models import Consultation, GroundRules


@dataclass(frozen=True)
class Publication:
    """What is printed now, worked out and not entered yet. `after` is the register's last number it was checked by."""

    after: int
    document: dict[str, Any]
    counted: dict[str, Any]
    views: list[View]
    people: int


def keep_published(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    *,
    by: User | None,
    found: Publication | None = None,
) -> None:
    """Note what is printed now, figures and rows, so that every later publication and table is checked against it.

    `found` was worked out in a reading session, so that nobody waits for the tallies of a million answers to be written
    down; it is not used where something else was entered since.
    """
    if found is None or found.after != last_entered(session, consultation):
        found = publication_now(session, consultation, rules)
    register_publication(
        session,
        consultation,
        rules,
        found.document,
        found.counted,
        views=found.views,
        people=found.people,
        by=by,
    )


def publication_now(
    session: Session, consultation: Consultation, rules: GroundRules, figures: Publishing | None = None
) -> Publication:
    """What an edition and rows for release say now; `figures` where they are at hand, read at the same moment."""
    after = last_entered(session, consultation)
    publishing = figures or Publishing(session, consultation, rules)
    themes, participation = released_themes(publishing), released_participation(publishing)
    answers = [told_answers(publishing, question) for question in closed_questions(session, consultation)]
    responses = {publishing.slugs[row.meeting_id]: row.responses for row in publishing.participation.meetings}
    return Publication(
        after,
        {
            "themes": [table.to_document() for table in themes.tables],
            "participation": [row.to_document() for row in participation.meetings],
            "choices": [
                {"question": each.question.id, "meeting": scope, **figures.to_document()}
                for each in answers
                for scope, figures in each.at.items()
            ],
        },
        {
            "words": publishing.words_behind(),
            "hidden": sorted(publishing.told.hidden),
            "hidden_answered": sorted(publishing.answered(responses).hidden),
            "hidden_approved": sorted(publishing.approved.hidden),
            "hidden_choices": {each.question.id: sorted(each.hidden) for each in answers},
        },
        views=[
            *publishing.views(),
            *_views_of_texts(session, consultation, rules),
            *_views_of(publishing, answers),
        ],
        people=sum(publishing.people.values()),
    )


def views_of_rows(session: Session, consultation: Consultation, rules: GroundRules) -> list[View]:
    """What rows for release, and distributions of choices, say that was not said before."""
    publishing = Publishing(session, consultation, rules)
    answers = [told_answers(publishing, question) for question in closed_questions(session, consultation)]
    return [*_views_of_texts(session, consultation, rules), *_views_of(publishing, answers)]


def _views_of(publishing: Publishing, answers: Sequence[Answers]) -> list[View]:
    return [view for each in answers for view in each.views(publishing)]


def _views_of_texts(session: Session, consultation: Consultation, rules: GroundRules) -> list[View]:
    """What rows of words say of groups: so many at least have an attribute, and so many of them named a theme.

    A line shows an attribute only where its writer allows it, and a theme under it only from k texts on. Texts of one
    question are of as many people, so each question is a bound of its own.
    """
    telling: dict[str | None, View] = defaultdict(View)
    for meeting_id, attribute, value, theme_id, number in attributes_of_texts(session, consultation):
        if theme_id is not None and number < rules.smallest_group:
            continue
        where = {MEETING: {meeting_id}, attribute: {value}}
        if theme_id is not None:
            where[f"{THEME}:{theme_id}"] = {YES}
        telling[theme_id].facts.append(Fact(Cell.of(where), number, Relation.AT_LEAST))
    return list(telling.values())
