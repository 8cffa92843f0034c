"""Keeping one person of the roster. Nothing done here, and no refusal, tells whether the person has answered."""

import re
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import Invalid, Refused
from consult.core.text import tidy, unstorable
from consult.operations.definition.fields import LANGUAGE
from consult.operations.people.countries import country_code
from consult.operations.people.queries import answering_has_begun, person_by_address
from consult.participants.actions import normalised
from consult.participants.models import Invitation, Participant

FACTS = ("name", "email", "country", "organisation", "role", "role_label", "sector", "language")
LONGEST = {
    "name": 200,
    "email": 254,
    "country": 80,
    "organisation": 300,
    "role": 200,
    "role_label": 120,
    "sector": 80,
    "language": 12,
}

MOST_USUAL = 64
_USUAL = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*")


def checked_facts(written: Mapping[str, str]) -> dict[str, str]:
    """Facts about a person as they are kept. Raises Invalid with the field; facts not given are not there."""
    facts = {}
    for field, text in written.items():
        plain = text.isascii() and text.isprintable()
        if not plain and unstorable(text):
            raise Invalid("This holds a character that cannot be stored. Type it anew.", field=field)
        facts[field] = text.strip() if plain else tidy(text)
        if len(facts[field]) > LONGEST[field]:
            raise Invalid("Shorten this to %(longest)s characters.", field=field, longest=LONGEST[field])
    if "name" in facts and not facts["name"]:
        raise Invalid("Give the person a name.", field="name")
    if "email" in facts:
        if not facts["email"]:
            raise Invalid("Give an e-mail address.", field="email")
        facts["email"] = _address(facts["email"])
    if "country" in facts:
        facts["country"] = country_code(facts["country"])
    if "language" in facts:
        facts["language"] = facts["language"] or "en"
        if not LANGUAGE.fullmatch(facts["language"]):
            raise Invalid(
                "“%(code)s” is not a language code like en or pl.", field="language", code=facts["language"]
            )
    return facts


def add_person(
    session: Session, consultation: Consultation, written: Mapping[str, str], *, by: User
) -> Participant:
    """Somebody new on the roster. Raises Invalid where the address is on it already."""
    facts = checked_facts(written)
    _check_free(session, consultation, facts["email"], None)
    person = Participant(consultation_id=consultation.id, **facts)
    session.add(person)
    session.flush()
    audit.record(session, "person_added", user_id=by.id, consultation_id=consultation.id, subject=person.id)
    return person


def change_person(
    session: Session, consultation: Consultation, person: Participant, written: Mapping[str, str], *, by: User
) -> bool:
    """Bring a person up to date; whether the address changed. An address that somebody else has is refused."""
    facts = checked_facts(written)
    _check_free(session, consultation, facts.get("email", person.email), person)
    changed = [field for field, value in facts.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, facts[field])
    if changed:
        session.flush()
        audit.record(
            session,
            "person_changed",
            user_id=by.id,
            consultation_id=consultation.id,
            subject=person.id,
            fields=" ".join(changed),
        )
    return "email" in changed


def may_be_removed(session: Session, person: Participant) -> bool:
    """While no answer could be theirs: by the figures of their meetings, so that trying tells nothing of one person."""
    meeting_ids = session.scalars(
        select(Invitation.meeting_id).where(Invitation.participant_id == person.id)
    ).all()
    return not answering_has_begun(session, meeting_ids)


def remove_person(session: Session, consultation: Consultation, person: Participant, *, by: User) -> None:
    """Take a person off the roster with their invitations and mail. Raises Refused once an answer could be theirs.

    After that the counts would tell: 61 of 142 before, 60 of 141 afterwards, and it was theirs.
    """
    session.scalars(
        select(Invitation.id).where(Invitation.participant_id == person.id).with_for_update()
    ).all()
    if not may_be_removed(session, person):
        raise Refused(
            "Answers have come in at a meeting of this person, so nobody of it is removed any more: "
            "the counts would tell whether they had answered. Take their link out of use instead."
        )
    session.execute(delete(Invitation).where(Invitation.participant_id == person.id))
    session.delete(person)
    session.flush()
    audit.record(session, "person_removed", user_id=by.id, consultation_id=consultation.id, subject=person.id)


def _address(written: str) -> str:
    """The address as it is kept. One of the usual letters before the @ is right once its domain is known to be."""
    local, _, domain = written.rpartition("@")
    if len(written) <= MOST_USUAL and _USUAL.fullmatch(local) and _known_domain(domain):
        return written.lower()
    return normalised(written)


@lru_cache(maxsize=4096)
def _known_domain(domain: str) -> bool:
    try:
        return domain.isascii() and normalised(f"a@{domain}") == f"a@{domain.lower()}"
    except Invalid:
        return False


def _check_free(
    session: Session, consultation: Consultation, address: str, person: Participant | None
) -> None:
    there = person_by_address(session, consultation, address)
    if there is not None and there is not person:
        raise Invalid(
            "%(name)s has this address already. One address is one person: invite them to more than one meeting.",
            field="email",
            name=there.name,
        )
