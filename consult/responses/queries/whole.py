"""One response with all its answers, by the ways that lead to it."""

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from consult.consultations.enums import Mode
from consult.core.identifiers import digest
from consult.core.sealing import Seal
from consult.participants.models import Invitation
from consult.responses.models import (
    Answer,
    Response,
    ResponseCode,
    ResponseLink,
    Revision,
)
from consult.responses.rules import (
    code_hash,
    is_withdrawn,
    tidy_receipt,
)


def in_full() -> Select[Response]:
    """One response with its few answers and their few revisions, in one statement."""
    return (
        select(Response)
        .options(joinedload(Response.answers).joinedload(Answer.revisions))
        .execution_options(populate_existing=True)
    )


_BY_RECEIPT = in_full().where(Response.receipt_hash == bindparam("receipt_hash"))


def response_by_receipt(session: Session, code: str) -> Response | None:
    """The response that a receipt code leads to, however the code was spaced, cased or misread, with its answers."""
    return found_by(session, _BY_RECEIPT, receipt_hash=digest(tidy_receipt(code)))


def meeting_of_code(session: Session, code: str) -> str | None:
    """The meeting for which a response code was handed out, used or not."""
    handed = handed_out(session, code)
    return None if handed is None else handed.meeting_id


def handed_out(session: Session, code: str) -> ResponseCode | None:
    """The response code as it was handed out, used or not."""
    return session.get(ResponseCode, code_hash(code))


def response_by_id(session: Session, response_id: str) -> Response | None:
    """That response with its answers."""
    return found_by(session, in_full().where(Response.id == response_id))


def response_by_submission(session: Session, submission_key: str) -> Response | None:
    """The response that came in under a form's submission key, with its answers."""
    return found_by(session, in_full().where(Response.submission_hash == digest(submission_key)))


def own_response(session: Session, invitation: Invitation, mode: Mode, seal: Seal) -> Response | None:
    """What came in with this invitation, with its answers, where the mode keeps a way to it."""
    if mode is Mode.ATTRIBUTED:
        statement = in_full().where(
            Response.participant_id == invitation.participant_id,
            Response.meeting_id == invitation.meeting_id,
        )
        return found_by(session, statement)
    if mode is Mode.UNLINKED:
        return None
    handle = seal.handle(invitation.id)
    link = session.get(ResponseLink, handle)
    if link is None:
        return None
    return found_by(session, in_full().where(Response.id == seal.open(link.sealed, under=handle)))


def has_answered(session: Session, invitation: Invitation, mode: Mode, seal: Seal) -> bool:
    """Whether an answer of this invitation stands. Once it is withdrawn, the person may answer anew."""
    if not invitation.answered:
        return False
    own = own_response(session, invitation, mode, seal)
    if own is None:
        return mode is not Mode.ATTRIBUTED
    return not is_withdrawn(own)


def standing_revisions(response: Response) -> list[Revision]:
    """The words of a response as they stand; none of what was withdrawn."""
    return [revision for answer in response.answers for revision in answer.revisions if revision.current]


def locked_response(session: Session, response: Response) -> Response:
    """The same, held against everybody else until the transaction ends, as it stands now."""
    session.execute(select(Response.id).where(Response.id == response.id).with_for_update())
    session.execute(
        select(Answer.id).where(Answer.response_id == response.id).order_by(Answer.id).with_for_update()
    )
    return session.scalars(in_full().where(Response.id == response.id)).unique().one()


def found_by(session: Session, statement: Select[Response], **bound: str) -> Response | None:
    """What a statement begun with `in_full` finds: one response at most."""
    return session.scalars(statement, bound).unique().first()
