"""What a definition says of a discussion: who took part, as its organisers publish it, and a rapporteur's notes."""

from collections.abc import Mapping

from consult.consultations.enums import Switch
from consult.core.errors import Said
from consult.operations.definition.fields import LANGUAGE, Faults, Fields
from consult.operations.definition.shapes import AttendeePart, Definition, NotePart
from consult.responses.actions.noting import LONGEST_NOTE
from consult.responses.enums import Voiced


def read_attendee(fields: Fields) -> AttendeePart:
    """Somebody whom the organisers' own list names."""
    attendee = AttendeePart(
        fields.text("name", longest=200), fields.text("description", longest=300, default="")
    )
    fields.finish()
    return attendee


def read_note(fields: Fields, source: str) -> NotePart:
    """A note; `source` is the consultation's own language."""
    language = fields.text("language", longest=12, default=source)
    if not LANGUAGE.fullmatch(language):
        fields.note(
            "language", Said("“%(code)s” is not a language code. Write codes like en, fr, pl.", code=language)
        )
    note = NotePart(
        meeting=fields.text("meeting", longest=80),
        session=fields.text("session", longest=300, default=""),
        text=fields.text("text", longest=LONGEST_NOTE),
        voiced=fields.choice("voiced", Voiced, default=Voiced.SAID),
        language=language,
    )
    fields.finish()
    return note


def check_discussions(definition: Definition, sessions: Mapping[str, list[str]], faults: Faults) -> None:
    """Note a list that the ground rules close, and a note on what is not there. `sessions`: meeting → titles."""
    if definition.ground_rules.attendance is not Switch.OPEN:
        for number, meeting in enumerate(definition.meetings):
            if meeting.attendees:
                faults.note(
                    ("meetings", number, "attendees"),
                    Said(
                        "the ground rules do not reveal who took part. Remove the list, or write attendance = “open”."
                    ),
                )
    for number, note in enumerate(definition.notes):
        if note.meeting not in sessions:
            known = ", ".join(sessions)
            faults.note(
                ("notes", number, "meeting"),
                Said("there is no meeting “%(slug)s”. There are: %(known)s.", slug=note.meeting, known=known),
            )
        elif note.session and note.session not in sessions[note.meeting]:
            known = ", ".join(sessions[note.meeting]) or Said("none")
            faults.note(
                ("notes", number, "session"),
                Said(
                    "that meeting has no session “%(title)s”. It has: %(known)s.",
                    title=note.session,
                    known=known,
                ),
            )
