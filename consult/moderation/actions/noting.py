"""Notes that moderators leave each other."""

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid
from consult.core.text import unstorable
from consult.moderation.actions.deciding import LONGEST_NOTE
from consult.moderation.models import AnswerNote
from consult.responses.models import Answer


def add_note(session: Session, answer: Answer, words: str, *, by: User) -> AnswerNote:
    """Leave a note at an answer. The audit log says that, never what. Raises Invalid for none or too long a one."""
    if not words.strip():
        raise Invalid("Write the note.", field="words")
    if len(words) > LONGEST_NOTE or unstorable(words):
        raise Invalid("Shorten the note to %(most)s characters.", field="words", most=LONGEST_NOTE)
    note = AnswerNote(answer_id=answer.id, words=words, written_by=by.id, written_at=now())
    session.add(note)
    session.flush()
    audit.record(session, "note", user_id=by.id, consultation_id=answer.consultation_id, subject=answer.id)
    return note
