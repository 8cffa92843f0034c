"""What a definition says about moderation: two approvals, and the names of reasons."""

import pytest
from sqlalchemy.orm import Session

from consult.operations.definition import InvalidDefinition, parse
from consult.operations.loading.consultation import load
from tests.operations.small import SMALL

MODERATED = (
    "second_approval = true\n"
    + SMALL
    + '\n[reason_labels]\noff_topic = "Not about the march"\nduplicate = ""\n'
)


def test_two_approvals_and_names_of_reasons_are_taken(session: Session) -> None:
    consultation = load(session, parse(MODERATED)).consultation
    assert consultation.second_approval
    assert consultation.reason_labels == {"off_topic": "Not about the march", "duplicate": ""}
    assert load(session, parse(MODERATED)).changes == []
    load(session, parse(SMALL))
    assert (consultation.second_approval, consultation.reason_labels) == (False, {})


@pytest.mark.parametrize("line", ['other = ""', 'treason = "Treason"', "off_topic = 3"])
def test_a_reason_that_there_is_none_of_is_refused(line: str) -> None:
    with pytest.raises(InvalidDefinition, match=r"reason_labels|treason|other|off_topic"):
        parse(SMALL + f"\n[reason_labels]\n{line}\n")
