"""The demonstration: full of life, the same roster everywhere, and nothing that says who gave which answer."""

import shutil
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from consult.accounts.actions import sign_in
from consult.analysis.models import Coding
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.sealing import Seal
from consult.meetings.queries import askings_at, meetings_of
from consult.moderation.models import Decision, Redaction
from consult.operations.definition import read
from consult.operations.demonstration import Demonstrated, demonstrate
from consult.operations.loading.consultation import load
from consult.operations.roster import roster
from consult.operations.verification import faults
from consult.participants.models import Invitation, Participant
from consult.participants.queries import invitation_by_secret
from consult.reports.queries import published_edition
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response
from consult.settings import folder
from tests.factories import make_answer, make_invited

SECRET, LINK, PASSWORD = "s" * 40, "l" * 40, "correct horse battery"
FILES = folder("config") / "consultations"


def made(session: Session, *, link_key: str = LINK) -> Demonstrated:
    result = demonstrate(session, secret_key=SECRET, seal=Seal(link_key), password=PASSWORD)
    session.commit()
    return result


def written() -> dict[str, Any]:
    return tomllib.loads((FILES / "warsaw-2016.demonstration.toml").read_text(encoding="utf-8"))


def ids(session: Session) -> list[set[str]]:
    tables = (Answer, Participant, Invitation, Decision, Coding, Response)
    return [set(session.scalars(select(table.id))) for table in tables]


def opened(session: Session, result: Demonstrated) -> Invitation:
    """What the printed link opens."""
    assert result.link_path is not None
    invitation = invitation_by_secret(session, result.link_path.removeprefix("/i/"))
    assert invitation is not None
    return invitation


def is_open(session: Session, result: Demonstrated) -> bool:
    rules = ground_rules_in_force(session, result.consultation)
    return phase(result.consultation, rules, now()) is Phase.OPEN


def test_a_demonstration_is_full_of_life_and_stays_so(session: Session) -> None:
    first = made(session)
    _check_life(session, first)
    for director in first.directors:
        assert sign_in(session, director.email, PASSWORD).id == director.id
    assert not opened(session, first).answered
    before, opening = ids(session), first.consultation.opens_at

    first.consultation.closes_at = now()
    session.commit()
    second = made(session)
    assert second.changes == []
    assert second.link_path == first.link_path
    assert second.consultation.opens_at == opening
    assert is_open(session, second)
    assert ids(session) == before

    opened(session, second).answered = True
    session.commit()
    third = made(session)
    assert third.link_path != first.link_path
    assert not opened(session, third).answered

    with_another_key = made(session, link_key="m" * 40)
    assert with_another_key.link_path != third.link_path
    assert not opened(session, with_another_key).answered


def _check_life(session: Session, result: Demonstrated) -> None:
    assert result.consultation.demonstration
    assert is_open(session, result)
    states = Counter(session.scalars(select(Answer.state)))
    assert states == {AnswerState.APPROVED: 100, AnswerState.REJECTED: 12, AnswerState.WAITING: 20}
    people = session.scalars(select(Participant)).all()
    assert len(people) == 142
    assert len({person.country for person in people}) == 28
    assert (session.scalar(select(func.count()).select_from(Redaction)) or 0) >= 5
    assert session.scalar(select(func.count(func.distinct(Coding.revision_id)))) == 92
    deciders = set(session.scalars(select(Decision.decided_by)))
    assert deciders == {director.id for director in result.directors}
    edition = published_edition(session, result.consultation)
    assert edition is not None
    assert edition.number == 1
    assert faults(session) == []


def test_who_answers_what_is_drawn_anew(sqlite_url: str, tmp_path: Path) -> None:
    """Two demonstrations from the same files and keys, one of them loaded before, leave other people without answer."""
    silent = []
    shutil.copyfile(str(make_url(sqlite_url).database), tmp_path / "other.db")
    for url in (sqlite_url, f"sqlite:///{tmp_path / 'other.db'}"):
        database = Database(url)
        with database.session(writing=True) as session:
            if url == sqlite_url:
                load(session, read(FILES / "warsaw-2016.toml"))
            assert made(session).consultation.demonstration
            unanswered = select(Participant.email).join(Participant.invitations)
            silent.append(set(session.scalars(unanswered.where(Invitation.answered.is_(False)))))
        database.close()
    assert silent[0] != silent[1]


def test_it_stays_out_of_a_consultation_with_people_of_its_own(session: Session) -> None:
    consultation = load(session, read(FILES / "warsaw-2016.toml")).consultation
    make_invited(session, consultation, meetings_of(session, consultation)[0])
    session.commit()
    with pytest.raises(Refused, match="stays out of it"):
        made(session)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Participant)) == 1
    assert session.scalars(select(Consultation.demonstration)).all() == [False]


def test_it_stays_out_of_a_consultation_with_answers_of_its_own(session: Session) -> None:
    consultation = load(session, read(FILES / "warsaw-2016.toml")).consultation
    asking = askings_at(session, meetings_of(session, consultation)[0])[0]
    make_answer(session, consultation, ground_rules_in_force(session, consultation), asking)
    session.commit()
    with pytest.raises(Refused, match="stays out of it"):
        made(session)


def test_the_roster_is_the_same_everywhere() -> None:
    people = roster(written()["roster"])
    assert people == roster(written()["roster"])
    assert [person.number for person in people] == list(range(1, 143))
    assert people[16].name == "Participant 017"
    assert people[16].email == "participant-017@example.org"
    attendance = Counter(person.meetings for person in people)
    assert sorted(attendance.values()) == [10, 58, 74]
    groups = read(FILES / "warsaw-2016.toml").country_groups
    assert {person.country for person in people} == {code for codes in groups.values() for code in codes}
    for person in people:
        assert not (person.sector == "International organisation" and person.country in {"GE", "RU", "UA"})
    assert len({(person.country, person.sector) for person in people}) > 60  # well mixed
