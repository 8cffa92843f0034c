"""Answers from paper cards: one person types, another compares, and only then are they answers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Conflict, Invalid, Refused, StaleRead
from consult.core.identifiers import new_id
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at
from consult.responses.actions.gathering import response_values
from consult.responses.actions.words import GivenAnswer, answer_values, checked, revision_values
from consult.responses.enums import Source
from consult.responses.models import Answer, PaperCard, Response, Revision


def enter_card(
    session: Session,
    meeting: Meeting,
    given: Sequence[GivenAnswer],
    *,
    consented: bool,
    language: str,
    by: User,
) -> PaperCard:
    """Keep what stands on a card until somebody else has compared it. Raises Invalid without consent or words."""
    consultation, rules = _open(session, meeting)
    card = PaperCard(
        id=new_id(),
        consultation_id=consultation.id,
        meeting_id=meeting.id,
        language=language,
        consented=_consented(consented),
        entered=_kept(given, rules, meeting),
        entered_by=by.id,
    )
    session.add(card)
    session.flush()
    audit.record(session, "card_entered", user_id=by.id, consultation_id=consultation.id, subject=meeting.id)
    return card


def correct_card(
    session: Session, card: PaperCard, given: Sequence[GivenAnswer], *, read: int, consented: bool, by: User
) -> None:
    """Put other words in their place: whoever corrects has typed it, so that somebody else compares it."""
    meeting = _held(session, card, read)
    _consultation, rules = _open(session, meeting)
    _consented(consented)
    card.entered, card.entered_by, card.version = _kept(given, rules, meeting), by.id, card.version + 1
    session.flush()


def confirm_card(session: Session, card: PaperCard, *, read: int, by: User) -> list[str]:
    """The card says what was typed, says somebody who did not type it: now they are answers that wait for moderators.

    They name nobody and have no time. Returns their identifiers. Raises Refused for whoever typed them, StaleRead
    where they were corrected since.
    """
    meeting = _held(session, card, read)
    if card.entered_by == by.id:
        raise Refused("You typed this card. Somebody else compares it with the paper.")
    consultation, rules = _open(session, meeting)
    answers = checked(given_on(session, card), rules, meeting)
    written = [
        Answer(**answer_values(item, meeting), revisions=[Revision(**revision_values(item, rules))])
        for item in answers
    ]
    session.add(Response(**response_values(meeting, rules, Source.PAPER), answers=written))
    card.entered, card.checked_by = None, by.id
    session.flush()
    audit.record(
        session, "card_confirmed", user_id=by.id, consultation_id=consultation.id, subject=meeting.id
    )
    return [answer.id for answer in written]


def discard_card(session: Session, card: PaperCard, *, by: User) -> None:
    """Throw away what was typed, because there is no such card."""
    _held(session, card, card.version)
    audit.record(
        session,
        "card_discarded",
        user_id=by.id,
        consultation_id=card.consultation_id,
        subject=card.meeting_id,
    )
    session.delete(card)
    session.flush()


def given_on(session: Session, card: PaperCard) -> list[GivenAnswer]:
    """What was typed, by asking. An asking that is gone is left out."""
    askings = {asking.id: asking for asking in askings_at(session, session.get_one(Meeting, card.meeting_id))}
    return [
        GivenAnswer(
            askings[one["asking"]],
            one["text"],
            Attribution.from_code(one["attribution"]),
            card.language,
            tuple(one["choices"]) if one["choices"] else None,
        )
        for one in card.entered or ()
        if one["asking"] in askings
    ]


def _consented(consented: bool) -> bool:
    if not consented:
        raise Invalid(
            "Without this tick on the card it is not entered: nobody has said that it may be used.",
            field="consented",
        )
    return True


def _kept(given: Sequence[GivenAnswer], rules: GroundRules, meeting: Meeting) -> list[dict[str, object]]:
    return [
        {
            "asking": item.asking.id,
            "text": item.text,
            "choices": list(item.choices) if item.choices else None,
            "attribution": item.attribution.code,
        }
        for item in checked(given, rules, meeting)
    ]


def _held(session: Session, card: PaperCard, read: int) -> Meeting:
    session.flush()
    session.execute(select(PaperCard.id).where(PaperCard.id == card.id).with_for_update())
    session.refresh(card)
    if card.checked_by is not None:
        raise Conflict("This card was confirmed already. Its answers wait for a moderator.")
    if card.version != read:
        raise StaleRead("This card was corrected since you opened it. Compare it once more.")
    return session.get_one(Meeting, card.meeting_id)


def _open(session: Session, meeting: Meeting) -> tuple[Consultation, GroundRules]:
    consultation = session.get_one(Consultation, meeting.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    if phase(consultation, rules, now()) is Phase.PREPARING:
        raise Refused("This consultation has not opened yet, so there are no cards to enter.")
    return consultation, rules
