"""Somebody who has the disk, and looks at what is left of words that were taken back."""

from pathlib import Path

import pytest
from sqlalchemy import select

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.core.database import Database
from consult.core.identifiers import new_secret
from consult.core.sealing import Seal
from consult.jobs.empty_log import empty_log
from consult.meetings.queries import askings_at
from consult.operations.withdrawal import withdraw_response
from consult.responses.actions import GivenAnswer, submit
from consult.responses.queries import response_by_receipt
from tests.factories import LINK_KEY, World, make_invited

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TAKEN_BACK = "Kwakoszynowski zapomniany "
KEPT = "Zwykle "


def files_with(database: Database, word: str) -> set[str]:
    """Which of the database's files hold it, in letters great or small."""
    path = Path(str(database.url.database))
    found = {
        file
        for file in path.parent.glob(f"{path.name}*")
        if word.encode().lower() in file.read_bytes().lower()
    }
    return {file.name.removeprefix(path.name) or "itself" for file in found}


def given(database: Database, world: World, words: str, number: int) -> str:
    with database.transaction() as session:
        invited = make_invited(session, world.consultation, world.october, number)
        answers = [
            GivenAnswer(asking, words * 40, Attribution.QUOTE_UNATTRIBUTED, "pl")
            for asking in askings_at(session, world.october)
        ]
        key, seal = new_secret(), Seal(LINK_KEY)
        return submit(
            session, invited.invitation, answers, submission_key=key, secret_key="s" * 40, seal=seal
        ).code


def test_withdrawn_words_leave_the_disk_without_any_closing(database: Database, world: World) -> None:
    codes = [given(database, world, TAKEN_BACK if number == 3 else KEPT, number) for number in range(2, 8)]
    database.empty_log()
    assert files_with(database, "kwakoszyn") == {"itself"}
    with database.transaction() as session:
        response = response_by_receipt(session, codes[1])
        assert response is not None
        withdraw_response(session, response)
    with database.reading() as reading:
        reading.scalars(select(Consultation)).all()
        assert empty_log(database) is False, "somebody reads as of now, and is not cut off"
        with database.transaction() as session:
            session.scalars(select(Consultation)).first().strapline = "Written meanwhile."
    assert empty_log(database) is True
    assert files_with(database, "kwakoszyn") == set()
    assert files_with(database, "zwykle") == {"itself"}
