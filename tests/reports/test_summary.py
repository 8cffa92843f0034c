"""The symposium of 2011: a summary drafted from rapporteurs' notes, which says no more than they carry."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from consult.accounts.queries import staff_of
from consult.analysis.disclosure import release_themes
from consult.analysis.disclosure.attendance import release_attendance
from consult.analysis.disclosure.scales import USUAL
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.errors import Refused
from consult.exports.editions import docx, markdown
from consult.exports.editions.folder import SCHEMA
from consult.exports.editions.html import render as html
from consult.exports.speaking import voice
from consult.meetings.attending import listed, set_attendees, written
from consult.meetings.models import Attendee
from consult.meetings.queries import meetings_in_full
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.published import published_notes
from consult.operations.definition import Definition, InvalidDefinition, parse, read
from consult.operations.loading.consultation import load
from consult.reports.actions import freeze
from consult.reports.composing.actions import start
from consult.reports.composing.checking import margin
from consult.reports.composing.queries import outline_of
from consult.reports.composing.shapes import summary
from consult.reports.composing.summarising import drafted_from
from consult.reports.document import Document
from consult.reports.queries import document_of
from consult.responses.models import Answer
from consult.responses.queries import current_revisions
from tests.factories import World

FILE = Path(__file__).resolve().parents[2] / "config" / "consultations" / "ddpr-symposium-2011.toml"


@pytest.fixture(scope="module")
def definition() -> Definition:
    return read(FILE)


@pytest.fixture
def symposium(session: Session, definition: Definition) -> Consultation:
    """Loaded, and every note of it approved."""
    consultation = load(session, definition).consultation
    directors = [membership.user for membership in staff_of(session, consultation.id)]
    answers = session.scalars(select(Answer).where(Answer.consultation_id == consultation.id)).all()
    read_now = current_revisions(session, [answer.id for answer in answers])
    for answer in answers:
        decide(session, answer, Verdict.APPROVE, read=read_now[answer.id].hash, by=directors[0])
    return consultation


def composed(session: Session, consultation: Consultation) -> dict[str, str]:
    """Begins with the shape; heading → body of its texts."""
    meetings = meetings_in_full(session, consultation)
    say = voice("en").say
    drafted = drafted_from(
        consultation,
        meetings,
        counted={},
        notes=published_notes(session, consultation),
        when={"symposium": "15 December 2011"},
        attendance=release_attendance(meetings, ground_rules_in_force(session, consultation)),
        told=say,
    )
    by = staff_of(session, consultation.id)[0].user
    start(session, consultation, summary(meetings, drafted, say), replace=False, by=by)
    return {section.heading: section.body for section in outline_of(session, consultation) if section.body}


def edition_of(session: Session, consultation: Consultation) -> Document:
    by = staff_of(session, consultation.id)[0].user
    return document_of(session, freeze(session, consultation, by=by))


def test_its_summary_reads_session_by_session_and_every_quantifier_is_carried(
    session: Session, symposium: Consultation
) -> None:
    texts = composed(session, symposium)
    assert list(texts) == [
        "Introduction",
        "The Deterrence and Defence Posture Review",
        "Building trust between NATO and Russia",
    ]
    opening, posture, trust = texts.values()
    assert opening.startswith("On 15 December 2011 PISM and the European Leadership Network held “High Level")
    assert "Lord Browne of Ladyton, former UK Secretary of State for Defence; Jan Kavan, " in opening
    assert "; and Bogusław Winid, " in opening
    for said in (
        "Many participants pointed out that for the states of Central and Eastern Europe it matters",
        "It was pointed out that besides sound contingency planning, NATO should",
        "Some participants stressed that a review in which",
    ):
        assert said in posture
    assert "Nearly all participants agreed that it is of crucial importance" in trust
    assert posture.count("\n\n") == 2
    document = edition_of(session, symposium)
    released = release_themes(session, symposium, ground_rules_in_force(session, symposium))
    notes = published_notes(session, symposium)
    for body in texts.values():
        assert margin(body, released, USUAL, document, "symposium", notes=notes) == []
        unnoted = margin(body, released, USUAL, document, "symposium")
        assert bool(unnoted) == bool(re.search(r"(?i)\b(many|some|nearly all) participants", body))


def test_a_word_that_the_notes_do_not_carry_is_remarked(session: Session, symposium: Consultation) -> None:
    trust = composed(session, symposium)["Building trust between NATO and Russia"]
    document = edition_of(session, symposium)
    released = release_themes(session, symposium, ground_rules_in_force(session, symposium))
    notes = published_notes(session, symposium)

    def remarks(words: str) -> list[tuple[str, str]]:
        found = margin(words, released, USUAL, document, "symposium", notes=notes)
        return [(one.word, one.noted) for one in found]

    assert remarks(
        trust.replace("Some participants stressed that any", "Most participants stressed that any")
    ) == [("most", "some")]
    assert remarks("Many participants agreed that NATO has lacked consistency.") == [("many", "said")]
    assert remarks("Many participants praised the coffee and the weather.") == [("many", "")]
    assert remarks("Some participants said that a breakthrough in relations is improbable.") == [("some", "")]
    assert remarks("A few participants thought that talks at working level have to continue.") == []


def test_its_edition_prints_the_list_and_says_what_it_rests_on(
    session: Session, symposium: Consultation
) -> None:
    composed(session, symposium)
    document = edition_of(session, symposium)
    assert document["notes"] == 19
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    (entry,) = document["attendance"]
    assert [person["name"] for person in entry["people"]][:2] == ["Lord Browne of Ladyton", "Jan Kavan"]
    for page in (html(document).decode(), markdown.render(document).decode()):
        assert "Imants Lieģis" in page
        assert "The discussion is told after 19 notes of rapporteurs" in page
        assert "Words for quantities mean these shares" not in page
        assert (
            page.index("Introduction")
            < page.index("Many participants pointed out")
            < page.index("Who took part")
        )
    assert docx.render(document).startswith(b"PK")


def test_loading_again_changes_nothing_and_a_closed_list_is_gone(
    session: Session, symposium: Consultation, definition: Definition
) -> None:
    assert load(session, definition).changes == []
    rules = ground_rules_in_force(session, symposium)
    values = {column.key: getattr(rules, column.key) for column in rules.__mapper__.columns}
    closed = type(rules)(**values | {"id": None, "version": rules.version + 1, "attendance": "closed"})
    session.add(closed)
    session.flush()
    session.expire_all()
    assert session.scalars(select(Attendee)).all() == []
    meeting = meetings_in_full(session, symposium)[0]
    assert "attendance" not in edition_of(session, symposium)
    with pytest.raises(DatabaseError, match="close the list"), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO meeting_attendee (id, meeting_id, position, name, description) "
                "VALUES ('x', :meeting, 1, 'Somebody', '')"
            ),
            {"meeting": meeting.id},
        )


def test_a_file_with_a_closed_list_or_a_note_on_nothing_is_refused() -> None:
    words = FILE.read_text(encoding="utf-8")
    for good, bad, told in (
        ('attendance = "open"', 'attendance = "closed"', "do not reveal who took part"),
        ('voiced = "many"', 'voiced = "loudly"', "told, said, a few, some, many, most, nearly all"),
        ('[[notes]]\nmeeting = "symposium"', '[[notes]]\nmeeting = "other"', "there is no meeting “other”"),
        (
            'session = "Building trust between NATO and Russia"\nvoiced',
            'session = "Coffee"\nvoiced',
            "no session “Coffee”",
        ),
    ):
        assert good in words
        with pytest.raises(InvalidDefinition) as caught:
            parse(words.replace(good, bad, 1))
        assert told in str(caught.value)


def test_a_list_is_written_a_person_a_line_and_refused_where_it_is_closed(
    session: Session, symposium: Consultation, world: World
) -> None:
    meeting = meetings_in_full(session, symposium)[0]
    by = staff_of(session, symposium.id)[0].user
    assert listed(written(meeting).splitlines())[0] == (
        "Lord Browne of Ladyton",
        "former UK Secretary of State for Defence",
    )
    people = listed(["Maria Skłodowska , University of Paris, Sorbonne", "Plato", " , nobody"])
    assert people == [("Maria Skłodowska", "University of Paris, Sorbonne"), ("Plato", "")]
    set_attendees(session, symposium, meeting, people, by=by)
    assert written(meeting) == "Maria Skłodowska, University of Paris, Sorbonne\nPlato"
    with pytest.raises(Refused, match="do not reveal who took part"):
        set_attendees(session, world.consultation, world.october, people, by=by)
