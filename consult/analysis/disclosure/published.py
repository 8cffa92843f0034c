"""Entering publications in the register: editions when they are frozen, exports for release when they are made."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure.attack import YES, Cell, Fact, Relation
from consult.analysis.disclosure.axes import axis_of_question
from consult.analysis.disclosure.choices import told_of_choices
from consult.analysis.disclosure.gridding import View
from consult.analysis.disclosure.participation import released_participation
from consult.analysis.disclosure.publishing import Publishing
from consult.analysis.disclosure.register import register_publication
from consult.analysis.disclosure.themes import released_themes
from consult.analysis.queries.tallies import MEETING, THEME
from consult.analysis.queries.texts import attributes_of_texts
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, GroundRules
from consult.moderation.published import participation_facts


def keep_published(
    session: Session, consultation: Consultation, rules: GroundRules, *, by: User | None
) -> None:
    """Note what is printed now, figures and rows, so that every later publication and table is checked against it."""
    publishing = Publishing(session, consultation, rules)
    themes, participation = released_themes(publishing), released_participation(publishing)
    responses = {
        publishing.slugs[row.meeting_id]: row.responses
        for row in participation_facts(session, consultation).meetings
    }
    register_publication(
        session,
        consultation,
        rules,
        {
            "themes": [table.to_document() for table in themes.tables],
            "participation": [row.to_document() for row in participation.meetings],
        },
        {
            "words": publishing.words_behind(),
            "hidden": sorted(publishing.told.hidden),
            "hidden_answered": sorted(publishing.answered(responses).hidden),
            "hidden_approved": sorted(publishing.approved.hidden),
        },
        views=[*publishing.views(), *views_of_rows(session, consultation, rules)],
        people=sum(publishing.people.values()),
        by=by,
    )


def views_of_rows(session: Session, consultation: Consultation, rules: GroundRules) -> list[View]:
    """What rows for release say of groups: so many at least have an attribute, and so many of them named a theme.

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
    return [*telling.values(), *_views_of_choices(session, consultation)]


def _views_of_choices(session: Session, consultation: Consultation) -> Iterator[View]:
    """What rows of choices say: of each question a view, and of one with several answers a view of each answer."""
    for question, meeting_id, told in told_of_choices(session, consultation):
        axis = axis_of_question(question, consultation.language)
        relation = Relation.AT_LEAST if axis.personal else Relation.IS
        given: dict[str, int] = defaultdict(int)
        for chosen, number in told.items():
            for value in {KINDS[question.kind].band(question, code) for code in chosen}:
                given[value] += number
        if not axis.several:
            facts = [
                Fact(Cell.of({MEETING: {meeting_id}, axis.variable: {value}}), number, relation)
                for value, number in given.items()
            ]
            yield View(facts)
            continue
        answered = Fact(Cell.of({MEETING: {meeting_id}, axis.of or "": {YES}}), sum(told.values()), relation)
        for value, number in given.items():
            named = Cell.of({MEETING: {meeting_id}, f"{axis.variable}:{value}": {YES}})
            yield View([answered, Fact(named, number, relation)])
