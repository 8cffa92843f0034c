"""What is held about one person, for that person. Staff are told nothing in it that they may not know.

Outside attributed mode whether somebody answered, and what, goes into a pack only for the person themselves: opened by
their own invitation, or for the answers whose receipt codes they present.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.audit import AuditEntry
from consult.core.errors import Invalid
from consult.core.mail.models import MailMessage
from consult.core.sealing import Seal
from consult.moderation.queries import told_of_openings
from consult.participants.models import Invitation, Participant
from consult.responses.models import Answer, Response
from consult.responses.queries import own_response, response_by_receipt

_NEVER_HELD = (
    "No address of your computer, no name of your browser, and no function of your e-mail address is kept with an "
    "answer. Links and codes of invitations are kept as hashes that nobody can turn back."
)
_APART = {
    Mode.ATTRIBUTED: "Answers have names here, so yours are in this pack.",
    Mode.CONFIDENTIAL: "What you answered is kept apart from your name. Of answers this pack holds those alone that "
    "your own invitation or a receipt code led to.",
    Mode.UNLINKED: "Nothing that is kept leads from your name to an answer. Of answers this pack holds those alone "
    "whose receipt code was presented.",
}


@dataclass(frozen=True)
class Pack:
    """Everything held, as plain data, and the sentences that explain it."""

    held: dict[str, Any]
    notes: tuple[str, ...]

    def as_zip(self) -> bytes:
        """held.json and read-me.txt."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("held.json", json.dumps(self.held, ensure_ascii=False, indent=2))
            archive.writestr("read-me.txt", "\n\n".join(self.notes) + "\n")
        return file.getvalue()


def held_about(
    session: Session,
    consultation: Consultation,
    person: Participant,
    *,
    codes: Sequence[str] = (),
    themselves: Seal | None = None,
) -> Pack:
    """The pack. `themselves` is given where the person asks through their own invitation. Raises Invalid for a code."""
    mode = ground_rules_in_force(session, consultation).mode
    open_to_all = mode is Mode.ATTRIBUTED
    invitations = session.scalars(
        select(Invitation).where(Invitation.participant_id == person.id).order_by(Invitation.id)
    ).all()
    responses: dict[str, Response] = {}
    for code in codes:
        found = response_by_receipt(session, code)
        if found is None or found.consultation_id != consultation.id:
            raise Invalid("No answer of this consultation has that receipt code.", field="codes")
        responses[found.id] = found
    if open_to_all:
        named = select(Response).where(Response.participant_id == person.id)
        responses |= {response.id: response for response in session.scalars(named)}
    elif themselves is not None:
        own = [own_response(session, invitation, mode, themselves) for invitation in invitations]
        responses |= {response.id: response for response in own if response is not None}
    told = open_to_all or themselves is not None
    held = {
        "consultation": consultation.title,
        "person": _person(person),
        "invitations": [_invitation(invitation, told=told) for invitation in invitations],
        "mail": list(_mail(session, person)),
        "acts_of_staff": list(_acts(session, person)),
        "answers": [_response(session, response) for _id, response in sorted(responses.items())],
    }
    notes = [f"{consultation.title}: what is held about {person.name}.", _APART[mode], _NEVER_HELD]
    if not told:
        notes.append(
            "Whether you have answered is noted beside your invitation, so that you are not reminded. Staff are not "
            "shown it: open your own invitation to read it, and to get this pack with it."
        )
    return Pack(held, tuple(notes))


def _person(person: Participant) -> dict[str, str]:
    return {
        name: getattr(person, name)
        for name in (
            "name", "email", "country", "organisation", "role", "role_label", "sector", "language",
        )
    }  # fmt: skip


def _invitation(invitation: Invitation, *, told: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "meeting": invitation.meeting.title,
        "replaced": invitation.revoked,
        "supplementary": invitation.supplementary,
    }
    if told:
        facts |= {
            "answered": invitation.answered,
            "response_code_handed_out": invitation.issued,
            "does_not_wish_to_answer": invitation.declined,
        }
    return facts


def _mail(session: Session, person: Participant) -> Iterator[dict[str, Any]]:
    """Messages to the person. One that goes only to those who have not answered is kept no longer than it waits."""
    messages = select(MailMessage).where(MailMessage.participant_id == person.id, ~MailMessage.forgotten)
    for message in session.scalars(messages.order_by(MailMessage.created_at, MailMessage.id)):
        yield {
            "kind": message.kind,
            "address": message.address,
            "language": message.language,
            "state": message.state.value,
            "sent_at": _written(message.sent_at),
        }


def _acts(session: Session, person: Participant) -> Iterator[dict[str, Any]]:
    """What the audit log says of the person, without who of the staff it was."""
    entries = select(AuditEntry).where(AuditEntry.subject == person.id).order_by(AuditEntry.number)
    for entry in session.scalars(entries):
        yield {"at": _written(entry.at), "act": entry.act}


def _response(session: Session, response: Response) -> dict[str, Any]:
    return {
        "mode": response.mode.value,
        "source": response.source.value,
        "submitted": _written(response.submitted_at),
        "late": response.late,
        "kept_with_it": {
            name: getattr(response, name)
            for name in ("country", "country_group", "sector", "role_label", "language")
        },
        "name_was_read_by_two_directors": [
            {"at": _written(told.at), "reasons": list(told.reasons)}
            for told in told_of_openings(session, response)
        ],
        "answers": [_answer(answer) for answer in sorted(response.answers, key=lambda one: one.id)],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "state": answer.state.value,
        "words": [
            {
                "text": revision.text,
                "choices": revision.choices,
                "language": revision.language,
                "use": revision.attribution.code,
                "waived": _written(revision.waived_at),
                "stands": revision.current,
            }
            for revision in answer.revisions
        ],
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
