"""Changing and withdrawing across the nouns: answer, published view, editions with their files, invitation."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Timing
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.clock import now
from consult.core.sealing import Seal
from consult.participants.models import Invitation
from consult.reports.actions import erase
from consult.reports.enums import ErasureKind
from consult.responses.actions import Change, GivenAnswer, change, withdraw
from consult.responses.models import Response, ResponseLink
from consult.responses.queries import response_by_id


def change_answers(
    session: Session, response: Response, given: Sequence[GivenAnswer], *, seen: str
) -> Change:
    """Change a response, and take the words that no longer stand out of every edition. See responses.actions.change."""
    consultation = _held(session, response)
    made = change(session, response, given, seen=seen)
    if made.replaced:
        _take_out(session, consultation, response, made, ErasureKind.CHANGED)
    return made


def withdraw_response(
    session: Session,
    response: Response,
    *,
    invitation: Invitation | None = None,
    seal: Seal | None = None,
    after_cut_off: bool = False,
) -> Change:
    """Withdraw a response and erase its words wherever they stand; the decisions remain.

    With the invitation it came from the way between the two is forgotten as well. The person is not reminded, and may
    answer anew: that is another response. With the receipt alone, the same is found out when the invitation is opened.
    """
    consultation = _held(session, response)
    made = withdraw(session, response, after_cut_off=after_cut_off)
    if made.changed:
        _take_out(session, consultation, response, made, ErasureKind.WITHDRAWN)
    if invitation is not None and seal is not None:
        handle = seal.handle(invitation.id)
        session.execute(delete(ResponseLink).where(ResponseLink.handle == handle))
        invitation.answered, invitation.declined = False, True
        session.flush()
    return made


def withdraw_again(session: Session, response_ids: Iterable[str]) -> int:
    """Bring a restored backup in line with a ledger that is newer than it; how many responses that concerned."""
    found = 0
    for response_id in response_ids:
        response = response_by_id(session, response_id)
        if response is not None and withdraw_response(session, response, after_cut_off=True).changed:
            found += 1
    return found


def _held(session: Session, response: Response) -> Consultation:
    """The consultation, held so that nobody freezes an edition of words that are just being taken back."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.id == response.consultation_id)
        .with_for_update(key_share=True)
    ).one()


def _take_out(
    session: Session, consultation: Consultation, response: Response, made: Change, kind: ErasureKind
) -> None:
    keeps_days = ground_rules_in_force(session, consultation).timing is not Timing.NONE
    day: date | None = now().date() if keeps_days else None
    erase(session, consultation, made.replaced, kind=kind, response_id=response.id, day=day)
