"""What stands in the published view, and how its words are put together."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.errors import Invalid
from consult.meetings.enums import DatePrecision
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.phrases import attribution_line
from consult.moderation.published import as_printed, participation_facts, withheld
from consult.moderation.rules import checked_spans, merged, segments_of, words_between
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer

PLACE = RedactionKind.PLACE_OR_TIME


@pytest.mark.parametrize(
    ("text", "removed", "left"),
    [
        ("In Riga 🙂 we met.", "Riga", "In [place or time] 🙂 we met."),
        ("👨‍👩‍👧 met in Łódź.", "Łódź", "👨‍👩‍👧 met in [place or time]."),
        ("Q̂uito̍ was where.", "Q̂uito̍", "[place or time] was where."),
        ("التقينا في الرياض أمس", "الرياض", "التقينا في [place or time] أمس"),
        ("Line one\nRiga\nline three", "Riga", "Line one\n[place or time]\nline three"),
    ],
)
def test_spans_are_counted_in_code_points(text: str, removed: str, left: str) -> None:
    starts = text.index(removed)
    spans = checked_spans(text, [Span(starts, starts + len(removed), PLACE)])
    segments = segments_of(text, spans)
    assert as_printed(segments, "en") == left
    assert removed not in str(segments)


@pytest.mark.parametrize("spans", [[(0, 99)], [(-1, 2)], [(2, 2)], [(3, 1)], [(0, 4), (3, 6)], [(0, 10)]])
def test_spans_that_cannot_stand_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid) as refused:
        checked_spans("0123456789", [Span(starts, ends, PLACE) for starts, ends in spans])
    assert refused.value.field == "spans"


def test_ticked_neighbours_become_one_span() -> None:
    text = "the  Latvian ministry in Riga"
    words = {word: (starts, ends) for starts, ends, word in words_between(text)}
    spans = merged(text, [words["ministry"], words["Riga"], words["Latvian"]], PLACE)
    assert [text[span.starts : span.ends] for span in spans] == ["Latvian ministry", "Riga"]


@pytest.mark.parametrize(
    ("level", "line"),
    [
        (Attribution.QUOTE_UNATTRIBUTED, "A participant, May 2016 meeting"),
        (Attribution.QUOTE_WITH_ROLE, "A NATO official, May 2016 meeting"),
        (Attribution.QUOTE_WITH_COUNTRY_GROUP, "A NATO official, Baltic states, May 2016 meeting"),
    ],
)
def test_the_line_says_no_more_than_its_level(level: Attribution, line: str) -> None:
    written = attribution_line(
        "en",
        level,
        date(2016, 5, 1),
        DatePrecision.MONTH,
        role_label="a NATO official",
        country_group="Baltic states",
    )
    assert written == line


def test_the_line_follows_the_consultations_language() -> None:
    lines = [
        attribution_line(language, Attribution.QUOTE_UNATTRIBUTED, date(2015, 10, 1), DatePrecision.MONTH)
        for language in ("fr", "pl", "et")
    ]
    assert lines == [
        "Un participant, réunion, octobre 2015",
        "Uczestnik, spotkanie, październik 2015",
        "A participant, October 2015 meeting",
    ]


def _decided(
    session: Session, world: World, verdict: Verdict | None, text: str = "Words.", **facts: object
) -> Answer:
    """An answer with its decision. `spans` and `reason` go to the decision, the rest to the answer."""
    spans, reason = facts.pop("spans", ()), facts.pop("reason", None)
    answer = make_answer(session, world.consultation, world.rules, world.asking, text, **facts)  # type: ignore[arg-type]
    if verdict:
        read = current_revision(session, answer).hash
        decide(session, answer, verdict, read=read, by=world.director, reason=reason, redactions=spans)  # type: ignore[arg-type]
    return answer


def test_what_is_withheld_is_counted_once_and_by_its_reason(session: Session, world: World) -> None:
    _decided(session, world, Verdict.APPROVE, "In Riga.", spans=[Span(3, 7, PLACE)])
    _decided(session, world, Verdict.APPROVE, attribution=Attribution.AGGREGATE_ONLY)
    _decided(session, world, Verdict.REJECT, reason=RejectReason.SENSITIVE)
    _decided(
        session, world, Verdict.REJECT, reason=RejectReason.NOT_FOR_USE, attribution=Attribution.NOT_FOR_USE
    )
    _decided(session, world, None)
    _decided(session, world, None, state=AnswerState.WITHDRAWN)
    facts = withheld(session, world.consultation)
    assert facts.rejected_by_reason == {RejectReason.SENSITIVE: 1}
    assert facts.redactions_by_kind == {PLACE: 1}
    assert (facts.aggregate_only, facts.not_for_use, facts.waiting) == (1, 1, 1)


def test_the_last_decision_alone_says_why(session: Session, world: World) -> None:
    answer = _decided(session, world, Verdict.REJECT, reason=RejectReason.OFF_TOPIC)
    read = current_revision(session, answer).hash
    decide(session, answer, Verdict.REOPEN, read=read, by=world.director, read_number=1)
    decide(
        session,
        answer,
        Verdict.REJECT,
        read=read,
        by=world.director,
        reason=RejectReason.ALLEGATION,
        read_number=2,
    )
    assert withheld(session, world.consultation).rejected_by_reason == {RejectReason.ALLEGATION: 1}


def test_participation_counts_people_and_not_notes(session: Session, world: World) -> None:
    _decided(session, world, Verdict.APPROVE)
    _decided(session, world, None)
    _decided(session, world, Verdict.APPROVE, source=Source.RAPPORTEUR)
    facts = participation_facts(session, world.consultation)
    first, second = facts.meetings
    assert (first.meeting_id, first.invited, first.responses) == (world.october.id, 1, 2)
    assert (second.invited, second.responses) == (1, 0)
    assert (facts.people, facts.countries) == (2, 2)
