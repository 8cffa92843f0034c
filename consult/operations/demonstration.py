"""The Warsaw consultation with invented people and invented answers, so that every page opens with life in it.

Everything goes the way that real input goes: answers through `submit` with invitations of their own, verdicts through
`decide`, themes through `assign`. Who gave which answer is drawn by lot and kept nowhere.
"""

import os
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.actions import set_password
from consult.accounts.models import User
from consult.accounts.queries import user_by_email
from consult.accounts.rules import matches
from consult.analysis.actions import assign
from consult.analysis.queries import themes_of
from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.errors import Refused
from consult.core.identifiers import digest, new_secret
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at, meetings_of
from consult.moderation.actions import decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.rules import Span
from consult.operations.definition import Definition, read
from consult.operations.loading.consultation import load, responses_in
from consult.operations.roster import roster
from consult.participants.actions import ensure_participant, invite, reissue
from consult.participants.models import Invitation, Participant
from consult.reports.actions import approve, freeze, publish
from consult.responses.actions import GivenAnswer, submit
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revisions
from consult.settings import folder

OPENED_BEFORE = timedelta(days=10)
CLOSES_AFTER = timedelta(days=14)
_NAME = "warsaw-2016"

Thing = TypeVar("Thing")


@dataclass
class Demonstrated:
    """The demonstration as it stands: whom to sign in as, and the path of one invitation that nobody has used."""

    consultation: Consultation
    directors: list[User]
    link_path: str | None
    changes: list[str] = field(default_factory=list)


def demonstrate(session: Session, *, secret_key: str, seal: Seal, password: str) -> Demonstrated:
    """Make the demonstration where there is none; where there is one, only keep it open. One transaction.

    Raises Refused where the consultation exists and is no demonstration, so that real answers never mix with invented
    ones.
    """
    definition = read(folder("config") / "consultations" / f"{_NAME}.toml")
    written = tomllib.loads(
        (folder("config") / "consultations" / f"{_NAME}.demonstration.toml").read_text(encoding="utf-8")
    )
    changes = _loaded(session, definition)
    consultation = consultation_by_slug(session, definition.slug)
    assert consultation is not None  # noqa: S101 - just loaded
    consultation.opens_at = consultation.opens_at or now() - OPENED_BEFORE
    consultation.closes_at = now() + CLOSES_AFTER
    directors = _directors(session, definition, password)
    if responses_in(session, consultation) == 0:
        _people(session, consultation, written["roster"], seal)
        answers = _answers(session, consultation, written["answers"], secret_key, seal)
        _decisions(session, consultation, answers, directors)
        edition = freeze(session, consultation, by=directors[0])
        approve(session, edition, read=edition.document_hash, by=directors[1])
        publish(session, edition, by=directors[0])
        changes.append(f"invited {written['roster']['people']} invented people")
        changes.append(f"took {len(answers)} invented answers, decided and coded them, published edition 1")
    session.flush()
    return Demonstrated(consultation, directors, _open_link(session, consultation, seal), changes)


def _loaded(session: Session, definition: Definition) -> list[str]:
    """Load the definition the first time only: later the demonstration is whatever people made of it."""
    standing = consultation_by_slug(session, definition.slug)
    if standing is not None and standing.demonstration:
        return []
    if standing is not None and (responses_in(session, standing) or _has_people(session, standing)):
        raise Refused(
            "%(slug)s exists with people or answers of its own, so the demonstration stays out of it. "
            "Use another database for the demonstration.",
            slug=definition.slug,
        )
    loaded = load(session, definition)
    loaded.consultation.demonstration = True
    return loaded.changes


def _has_people(session: Session, consultation: Consultation) -> bool:
    found = select(Participant.id).where(Participant.consultation_id == consultation.id).limit(1)
    return session.scalar(found) is not None


def _directors(session: Session, definition: Definition, password: str) -> list[User]:
    """The two directors; the password opens both accounts."""
    directors = []
    for part in definition.directors:
        user = user_by_email(session, part.email)
        if user is None:
            raise Refused("The demonstration's director %(email)s is gone.", email=part.email)
        if not matches(user.password_hash, password):
            set_password(session, user, password)
        directors.append(user)
    return directors


def _people(session: Session, consultation: Consultation, written: dict[str, Any], seal: Seal) -> None:
    meetings = {meeting.slug: meeting for meeting in meetings_of(session, consultation)}
    for person in roster(written):
        participant = ensure_participant(
            session,
            consultation,
            name=person.name,
            email=person.email,
            country=person.country,
            organisation=person.organisation,
            role_label=person.role_label,
            sector=person.sector,
            language=person.language,
        )
        for slug in person.meetings:
            invite(session, participant, meetings[slug], seal=seal)
    session.flush()


def _answers(
    session: Session,
    consultation: Consultation,
    written: list[dict[str, Any]],
    secret_key: str,
    seal: Seal,
) -> dict[str, dict[str, Any]]:
    """Submit every answer by somebody drawn by lot. Returns the answers' identifiers with what is written of each."""
    given = {}
    for meeting in meetings_of(session, consultation):
        asking = askings_at(session, meeting)[0]
        mine = [entry for entry in written if entry["meeting"] == meeting.slug]
        drawn = _drawn(_invitations(session, meeting))
        for entry, invitation in zip(_drawn(mine), drawn, strict=False):
            attribution = Attribution.from_code(entry["attribution"])
            receipt = submit(
                session,
                invitation,
                [GivenAnswer(asking, entry["text"], attribution, entry["language"])],
                submission_key=new_secret(),
                secret_key=secret_key,
                seal=seal,
            )
            given[receipt.response_id] = entry
    answer_of = session.execute(
        select(Answer.response_id, Answer.id).where(Answer.consultation_id == consultation.id)
    )
    return {answer_id: given[response_id] for response_id, answer_id in answer_of}


def _decisions(
    session: Session, consultation: Consultation, answers: dict[str, dict[str, Any]], directors: list[User]
) -> None:
    """Decide and code what the file says is decided, the directors taking turns, in an order drawn by lot."""
    revisions = current_revisions(session, list(answers))
    themes = {theme.code: theme for theme in themes_of(session, consultation)}
    decided = [answer_id for answer_id in answers if answers[answer_id]["decision"] != "waiting"]
    for turn, answer_id in enumerate(_drawn(decided)):
        entry, revision = answers[answer_id], revisions[answer_id]
        by = directors[turn % len(directors)]
        decide(
            session,
            session.get_one(Answer, answer_id),
            Verdict(entry["decision"]),
            read=revision.hash,
            read_number=0,
            by=by,
            reason=RejectReason(entry["reason"]) if "reason" in entry else None,
            redactions=[_span(revision, redaction) for redaction in entry.get("redactions", [])],
        )
        for code in entry.get("themes", []):
            assign(session, revision, themes[code], by=by)


def _span(revision: Revision, redaction: dict[str, str]) -> Span:
    starts = (revision.text or "").index(redaction["words"])
    return Span(starts, starts + len(redaction["words"]), RedactionKind(redaction["kind"]))


def _open_link(session: Session, consultation: Consultation, seal: Seal) -> str | None:
    """The path of the first invitation that has not been answered, the same at every run while it stays so."""
    invitation = session.scalars(
        select(Invitation)
        .join(Invitation.participant)
        .where(
            Participant.consultation_id == consultation.id,
            Invitation.revoked.is_(False),
            Invitation.answered.is_(False),
            Invitation.declined.is_(False),
        )
        .order_by(Participant.email, Invitation.id)
        .limit(1)
        .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
    ).first()
    if invitation is None:
        return None
    secret = seal.invitation_secret(invitation.id)
    if invitation.secret_hash != digest(secret):  # the link key is another
        secret = reissue(session, invitation.participant, invitation.meeting, seal=seal).secret
    return f"/i/{secret}"


def _invitations(session: Session, meeting: Meeting) -> list[Invitation]:
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False))
            .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
        )
    )


def _drawn(things: list[Thing]) -> list[Thing]:
    """In an order drawn by lot from the machine's own randomness."""
    return sorted(things, key=lambda _thing: os.urandom(16))
