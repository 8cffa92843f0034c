"""A participant submits: once, however often the form is sent."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.database import insert_once, insert_or_update, table_of
from consult.core.errors import Conflict, Refused, StaleRead
from consult.core.identifiers import digest, keyed_digest, new_id
from consult.core.marks import Changing, Marks, column_of
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.meetings.setting import setting_at
from consult.participants.models import Invitation
from consult.responses.actions.drafting import HAS_DRAFT, drop_draft
from consult.responses.actions.words import GivenAnswer, answer_values, as_kept, checked, revision_values
from consult.responses.enums import Source
from consult.responses.models import Answer, Response, ResponseLink, Revision
from consult.responses.queries import has_answered, kept_about, response_by_submission
from consult.responses.rules import coarse_time, is_withdrawn

_RECEIPT_BYTES = 16
_STANDING = (
    select(
        Invitation.answered,
        Invitation.declined,
        Invitation.revoked,
        HAS_DRAFT,
        column_of(Changing.SETTING),
        column_of(Changing.ROSTER),
    )
    .where(Invitation.id == bindparam("invitation_id"))
    .with_for_update(of=Invitation)
)
_ANSWER, _REVISION = insert(table_of(Answer)), insert(table_of(Revision))
_HAS_ANSWERED = (
    update(table_of(Invitation))
    .where(table_of(Invitation).c.id == bindparam("invitation_id"))
    .values(answered=True, declined=table_of(Invitation).c.declined & table_of(Invitation).c.readdressed)
)
_ANSWERED = "Your answer is in already. Your receipt code shows it at /receipt."


@dataclass(frozen=True)
class Receipt:
    """The code that leads to a response; `replayed` when the same form came in before."""

    code: str
    response_id: str
    replayed: bool
    late: bool


def receipt_code(secret_key: str, submission_key: str) -> str:
    """26 characters, base32 in upper case: the same for the same form, and known to nobody without the key."""
    digested = keyed_digest(secret_key.encode("utf-8"), "receipt", submission_key)[:_RECEIPT_BYTES]
    return base64.b32encode(digested).decode("ascii").rstrip("=")


def submit(
    session: Session,
    invitation: Invitation,
    given: Sequence[GivenAnswer],
    *,
    submission_key: str,
    secret_key: str,
    seal: Seal,
    opened_before_closing: bool = False,
    source: Source = Source.LINK,
    marks: Marks | None = None,
) -> Receipt:
    """Take a participant's answers, once however often the form is sent.

    The same key with the same words gives the same receipt; with other words it raises Conflict. An invitation that
    has answered under another key, a consultation that is not open and a rule that is broken raise Refused or Invalid.
    `marks` are those under which the answers were read from their form: raises StaleRead where the setting is another
    by now.
    """
    has_draft, standing = _hold(session, invitation, seal)
    if marks is not None and marks.setting != standing.setting:
        raise StaleRead(
            "This consultation was changed a moment ago. Look at the form once more, then send it."
        )
    marks = standing
    setting = setting_at(session, invitation.meeting_id, marks)
    consultation, rules, meeting = setting.consultation, setting.rules, setting.meeting
    code = receipt_code(secret_key, submission_key)
    if invitation.answered and (earlier := response_by_submission(session, submission_key)) is not None:
        return _replay(session, earlier, invitation, given, seal=seal, code=code)
    late = _check_may_answer(
        session,
        invitation,
        consultation,
        rules,
        seal=seal,
        opened_before_closing=opened_before_closing,
    )
    answers = checked(given, rules, meeting)
    if invitation.seen_at_desk:  # last, so that no attempt tells for nothing whether an answer is in
        _check_unanswered(session, invitation, rules, seal)
    about = kept_about(session, invitation, consultation, rules, marks)
    response_id = new_id()
    taken = insert_once(
        session,
        Response,
        id=response_id,
        consultation_id=consultation.id,
        meeting_id=invitation.meeting_id,
        mode=rules.mode,
        source=source,
        ground_rules_id=rules.id,
        submission_hash=digest(submission_key),
        receipt_hash=digest(code),
        participant_id=invitation.participant_id if rules.mode is Mode.ATTRIBUTED else None,
        submitted_at=coarse_time(now(), rules),
        late=late,
        **{name: value or None for name, value in vars(about).items()},
    )
    if not taken:  # the same key from another invitation
        if (earlier := response_by_submission(session, submission_key)) is None:
            raise Conflict("This form was sent before with other words. The first answer stands.")
        return _replay(session, earlier, invitation, given, seal=seal, code=code)
    _write(session, answers, rules, meeting, response_id)
    if rules.mode is Mode.CONFIDENTIAL:
        handle = seal.handle(invitation.id)  # it may still lead to one that was withdrawn
        insert_or_update(
            session, ResponseLink, "handle", handle=handle, sealed=seal.close(response_id, under=handle)
        )
    if has_draft:
        drop_draft(session, invitation.id, seal)
    session.connection().execute(_HAS_ANSWERED, {"invitation_id": invitation.id})
    set_committed_value(invitation, "answered", True)
    set_committed_value(invitation, "declined", invitation.declined and invitation.readdressed)
    return Receipt(code, response_id, replayed=False, late=late)


def _write(
    session: Session, answers: Sequence[GivenAnswer], rules: GroundRules, meeting: Meeting, response_id: str
) -> None:
    """The answers with their words, in one statement each however many there are."""
    written = [{**answer_values(item, meeting), "response_id": response_id} for item in answers]
    words = [
        {**revision_values(item, rules), "answer_id": answer["id"]}
        for item, answer in zip(answers, written, strict=True)
    ]
    session.connection().execute(_ANSWER, written)
    session.connection().execute(_REVISION, words)


def _hold(session: Session, invitation: Invitation, seal: Seal) -> tuple[bool, Marks]:
    """Keep everybody else from this invitation until the transaction ends, and see it as it stands now.

    Whether a draft is kept under it, and the marks as they stand.
    """
    session.flush()
    named = {"invitation_id": invitation.id, "draft_handle": seal.draft_handle(invitation.id)}
    row = session.connection().execute(_STANDING, named).one()
    answered, declined, revoked, has_draft, setting, roster = row
    for name, value in (("answered", answered), ("declined", declined), ("revoked", revoked)):
        set_committed_value(invitation, name, value)
    return bool(has_draft), Marks(int(setting), int(roster))


def _check_may_answer(
    session: Session,
    invitation: Invitation,
    consultation: Consultation,
    rules: GroundRules,
    *,
    seal: Seal,
    opened_before_closing: bool,
) -> bool:
    """Whether the answer is late. Raises Refused where none may be given."""
    if invitation.revoked:
        raise Refused("This invitation was replaced by a newer one. Use the newest link or code.")
    if not invitation.seen_at_desk:
        _check_unanswered(session, invitation, rules, seal)
    if rules.mode is Mode.UNLINKED:
        raise Refused(
            "In this consultation answers come with a response code. Open your invitation's link again."
        )
    at = phase(consultation, rules, now())
    if at is Phase.PREPARING:
        raise Refused("This consultation has not opened yet.")
    if at is Phase.CLOSED or (at is Phase.GRACE and not opened_before_closing):
        raise Refused("This consultation has closed. Your text was not sent: copy it if you want to keep it.")
    return at is Phase.GRACE


def _check_unanswered(session: Session, invitation: Invitation, rules: GroundRules, seal: Seal) -> None:
    if has_answered(session, invitation, rules.mode, seal):
        raise Refused(_ANSWERED)


def _replay(
    session: Session,
    earlier: Response,
    invitation: Invitation,
    given: Sequence[GivenAnswer],
    *,
    seal: Seal,
    code: str,
) -> Receipt:
    """The receipt again, if the same invitation sends the same words."""
    if is_withdrawn(earlier):
        raise Conflict("This answer was withdrawn. Open your invitation again to answer anew.")
    if not _came_from(session, earlier, invitation, seal):
        raise Conflict("This form was sent under another invitation. Open your own link again.")
    stored = {
        answer.question_id: min(answer.revisions, key=lambda revision: revision.number).hash
        for answer in earlier.answers
        if answer.revisions
    }
    sent = {
        item.asking.question_id: item.hash for item in as_kept(given, invitation.meeting) if not item.blank
    }
    if stored != sent:
        raise Conflict("This form was sent before with other words. The first answer stands.")
    return Receipt(code, earlier.id, replayed=True, late=earlier.late)


def _came_from(session: Session, response: Response, invitation: Invitation, seal: Seal) -> bool:
    if response.mode is Mode.ATTRIBUTED:
        return (
            response.participant_id == invitation.participant_id
            and response.meeting_id == invitation.meeting_id
        )
    handle = seal.handle(invitation.id)
    link = session.get(ResponseLink, handle)
    return link is not None and seal.open(link.sealed, under=handle) == response.id
