"""The roster is kept up to date by address, and an invitation stands once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest, new_secret
from consult.core.sealing import Seal
from consult.participants.actions import decline, ensure_participant, invite, reissue
from consult.participants.models import Invitation, Participant
from consult.participants.queries import combinations_invited, invitation_by_code, invitation_by_secret
from tests.factories import LINK_KEY, World

SEAL = Seal(LINK_KEY)


def add(session: Session, world: World, email: str = "Someone@Example.org", **facts: str) -> Participant:
    return ensure_participant(
        session, world.consultation, email=email, **{"name": "Participant 100", **facts}
    )


def test_a_person_is_found_again_by_address_and_brought_up_to_date(session: Session, world: World) -> None:
    first = add(session, world, country="pl", role_label="a national official")
    again = add(session, world, " someone@EXAMPLE.org ", name=" Participant 101 ", country="EE")
    assert again is first
    assert (again.email, again.name, again.country, again.role_label) == (
        "someone@example.org",
        "Participant 101",
        "EE",
        "",
    )


def test_the_same_address_elsewhere_is_another_person(session: Session, world: World) -> None:
    here = add(session, world)
    there = ensure_participant(session, world.elsewhere, name="Participant", email=here.email)
    assert there is not here


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "x@\x00.org"])
def test_what_is_no_address_is_refused_with_an_example(session: Session, world: World, email: str) -> None:
    with pytest.raises(Invalid, match="is not an e-mail address"):
        add(session, world, email)


@pytest.mark.parametrize("facts", [{"name": " "}, {"name": "a\x00b"}, {"organisation": "\ud83d"}])
def test_facts_that_cannot_be_kept_are_refused_at_their_field(
    session: Session, world: World, facts: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, world, **facts)
    assert refused.value.field == next(iter(facts))


def test_an_invitation_is_opened_by_secret_and_code_which_are_kept_as_hashes(
    session: Session, world: World
) -> None:
    issued = invite(session, add(session, world), world.october, seal=SEAL)
    session.flush()
    assert invitation_by_secret(session, issued.secret) is issued.invitation
    assert invitation_by_code(session, f"{issued.code[:4]} {issued.code[4:].lower()}") is issued.invitation
    stored = session.execute(select(Invitation.__table__)).mappings().all()
    for row in stored:
        assert issued.secret not in row.values()
        assert issued.code not in row.values()


def test_an_invitation_that_stands_is_not_issued_twice(session: Session, world: World) -> None:
    person = add(session, world)
    invite(session, person, world.october, seal=SEAL)
    with pytest.raises(Refused):
        invite(session, person, world.october, seal=SEAL)
    invite(session, person, world.may, seal=SEAL)
    session.commit()
    twice = Invitation(
        participant_id=person.id,
        meeting_id=world.october.id,
        secret_hash=digest(new_secret()),
        code_hash=digest(new_secret()),
    )
    session.add(twice)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_reissued_invitation_replaces_the_lost_one_and_is_counted(session: Session, world: World) -> None:
    person = add(session, world)
    lost = invite(session, person, world.october, seal=SEAL)
    fresh = reissue(session, person, world.october, seal=SEAL)
    assert fresh.invitation.supplementary
    assert not lost.invitation.supplementary
    assert invitation_by_secret(session, lost.secret) is None
    assert invitation_by_code(session, lost.code) is None
    assert invitation_by_secret(session, fresh.secret) is fresh.invitation


def test_nobody_is_invited_again_after_answering(session: Session, world: World) -> None:
    person = add(session, world)
    issued = invite(session, person, world.october, seal=SEAL)
    issued.invitation.answered = True
    session.flush()
    with pytest.raises(Refused):
        reissue(session, person, world.october, seal=SEAL)
    assert invitation_by_secret(session, issued.secret) is issued.invitation


def test_somebody_elses_roster_is_not_invited(session: Session, world: World) -> None:
    stranger = ensure_participant(session, world.elsewhere, name="Participant", email="x@example.org")
    with pytest.raises(Invalid):
        invite(session, stranger, world.october, seal=SEAL)


def test_declining_is_noted_until_an_answer_is_in(session: Session, world: World) -> None:
    invitation = world.participant.invitation
    decline(session, invitation)
    assert invitation.declined
    invitation.answered = True
    with pytest.raises(Refused):
        decline(session, invitation)


def test_revoked_invitations_count_for_nobody(session: Session, world: World) -> None:
    before = sum(combinations_invited(session, world.october.id).values())
    person = add(session, world, country="PL", sector="government")
    invite(session, person, world.october, seal=SEAL)
    reissue(session, person, world.october, seal=SEAL)
    assert sum(combinations_invited(session, world.october.id).values()) == before + 1
    assert session.scalar(select(func.count()).select_from(Invitation)) == 4
