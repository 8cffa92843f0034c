"""A rapporteur's notes: read by moderators, coded and quoted as notes, and never counted as anybody."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, release_participation
from consult.analysis.disclosure.rows import release_cells
from consult.analysis.queries.tallies import MEETING, counted
from consult.core.errors import Invalid
from consult.meetings.models import Meeting, MeetingSession
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.models import PublishedCase, PublishedText
from consult.moderation.published import participation_facts, withheld
from consult.responses.actions import note
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer
from consult.responses.queries import current_revision, note_at, notes_at
from tests.factories import World

SAID = "Several speakers asked for a channel that works in a crisis."


def part_of(session: Session, meeting: Meeting, title: str = "Session 2: The Baltic Sea") -> MeetingSession:
    part = MeetingSession(meeting_id=meeting.id, position=1, title=title)
    session.add(part)
    session.flush()
    return part


def approved_note(session: Session, world: World, part: MeetingSession | None) -> Answer:
    answer = note(session, world.october, part, SAID, language="en", by=world.rapporteur)
    read = current_revision(session, answer).hash
    decide(session, answer, Verdict.APPROVE, read=read, by=world.director)
    return answer


def test_a_note_waits_is_quoted_as_a_note_and_counts_nowhere(session: Session, world: World) -> None:
    part = part_of(session, world.october)
    waiting = note(session, world.october, part, SAID, language="en", by=world.rapporteur)
    assert waiting.state is AnswerState.WAITING
    assert (waiting.response.source, waiting.response.submitted_at) == (Source.RAPPORTEUR, None)
    assert withheld(session, world.consultation).waiting == 0, "a note is no answer that waits"
    decide(session, waiting, Verdict.APPROVE, read=current_revision(session, waiting).hash, by=world.director)
    quoted = session.scalars(select(PublishedText)).one()
    assert quoted.attribution_line.startswith("Rapporteur’s note, Session 2: The Baltic Sea, ")
    facts = next(
        row
        for row in participation_facts(session, world.consultation).meetings
        if row.meeting_id == world.october.id
    )
    assert (facts.responses, facts.answered) == (0, 0)
    assert counted(session, world.consultation, MEETING) == {}
    shown = release_participation(session, world.consultation, world.rules).to_document()["meetings"]
    assert all(row["answered"] == 0 for row in shown)
    (cells,) = release_cells(session, world.consultation, Profile.PUBLICATION)
    assert "Rapporteur’s note" in " ".join(str(cell) for cell in cells)


def test_the_database_refuses_to_count_a_note(session: Session, world: World) -> None:
    approved_note(session, world, None)
    case = session.scalars(select(PublishedCase)).one()
    with pytest.raises(IntegrityError, match="never counted"):
        session.execute(
            text("UPDATE published_case SET counts_as_participant = TRUE WHERE revision_id = :id"),
            {"id": case.revision_id},
        )


def test_notes_are_found_by_meeting_and_refused_where_they_do_not_belong(
    session: Session, world: World
) -> None:
    part = part_of(session, world.may)
    with pytest.raises(Invalid, match="another meeting"):
        note(session, world.october, part, SAID, language="en", by=world.rapporteur)
    with pytest.raises(Invalid, match="Write the note"):
        note(session, world.october, None, " \n", language="en", by=world.rapporteur)
    kept = note(session, world.october, None, SAID, language="en", by=world.rapporteur)
    assert [row.text for row in notes_at(session, world.october)] == [SAID]
    assert notes_at(session, world.may) == []
    assert note_at(session, [world.may.id], kept.id) is None
    assert note_at(session, [world.october.id], kept.id) is not None
