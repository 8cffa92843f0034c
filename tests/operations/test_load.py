"""Loading a definition as often as one likes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.analysis.models import Theme
from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation, GroundRules, Wording
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force
from consult.core.errors import Refused
from consult.meetings.models import Asking, Meeting, Outcome
from consult.meetings.queries import meetings_in_full
from consult.operations.definition import parse
from consult.operations.loading.consultation import Loaded, load
from consult.reports.queries import takeaways_of
from tests.factories import make_answer
from tests.operations.small import SMALL


def loaded(session: Session, definition: str = SMALL) -> Loaded:
    result = load(session, parse(definition))
    session.commit()
    return result


def test_a_first_load_makes_everything(session: Session) -> None:
    result = loaded(session)
    assert result.changes[0] == "created consultation marching-orders"
    assert "meeting winter: question what-matters is asked in wording 1" in result.changes
    assert "director@example.org: made programme director; the account has no password yet" in result.changes
    winter, spring = meetings_in_full(session, result.consultation)
    assert [outcome.text for outcome in winter.outcomes] == ["First.", "Second."]
    assert winter.links[0].to_be_published
    assert [asking.question.code for asking in winter.askings] == ["what-matters", "what-next"]
    assert [asking.question.code for asking in spring.askings] == ["what-matters"]
    assert spring.sessions[0].title == "Opening"
    detail, unity = session.scalars(select(Theme).order_by(Theme.position))
    assert detail.parent_id == unity.id
    assert takeaways_of(session, result.consultation)[0].theme_codes == ["unity"]
    rules = ground_rules_in_force(session, result.consultation)
    assert (rules.version, rules.mode, rules.ceiling) == (
        1,
        Mode.CONFIDENTIAL,
        Attribution.QUOTE_UNATTRIBUTED,
    )
    member = session.scalars(select(Membership)).one()
    assert (member.role, member.meeting_id) == (Role.PROGRAMME_DIRECTOR, None)


def test_loading_the_same_again_changes_nothing(session: Session) -> None:
    loaded(session)
    tables = (Consultation, GroundRules, Wording, Meeting, Outcome, Asking, Theme, User, Membership)
    before = [list(session.scalars(select(table.id).order_by(table.id))) for table in tables]
    again = loaded(session)
    assert (again.changes, again.notes) == ([], [])
    assert [list(session.scalars(select(table.id).order_by(table.id))) for table in tables] == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Second."', '"Two."', "meeting winter: outcome 2 reworded"),
        ('"First.", "Second."', '"First."', "meeting winter: outcome 2 removed"),
        ('"Second."', '"Second.", "Third."', "meeting winter: outcome 3 added"),
        ("to_be_published = true", 'url = "https://x.example.org"', "meeting winter: link 1 changed"),
        ('title = "Opening"', 'title = "Closing"', "meeting spring: session 1 changed"),
        ('title = "Spring meeting"', 'title = "Spring"', "meeting spring: title changed"),
        ('title = "Marching orders"', 'title = "Orders"', "consultation: title changed"),
        ("Who", "Who", None),
        ("Nobody is named.", "Nobody.", "ground rules: version 2, with other rules_text"),
        ('text = "March together."', 'text = "March."', "takeaway 1: changed"),
        ('title = "Unity"', 'title = "One"', "theme unity: changed"),
        ("max_length = 1000", "max_length = 900", "question what-matters: max_length changed"),
    ],
)
def test_a_change_is_made_and_told(session: Session, old: str, new: str, told: str | None) -> None:
    loaded(session)
    changed = loaded(session, SMALL.replace(old, new))
    if told is None:
        assert changed.changes == []
        return
    assert told in changed.changes
    assert loaded(session, SMALL.replace(old, new)).changes == []


def test_changed_ground_rules_are_a_new_version_and_the_old_one_stays(session: Session) -> None:
    first = loaded(session)
    loaded(session, SMALL.replace("Nobody is named.", "Nobody at all is named."))
    versions = session.scalars(select(GroundRules).order_by(GroundRules.version)).all()
    assert [rules.rules_text["en"] for rules in versions] == ["Nobody is named.", "Nobody at all is named."]
    assert ground_rules_in_force(session, first.consultation).version == 2
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE ground_rules SET grace_minutes = 1"))


def test_a_wording_that_stands_is_never_edited(session: Session) -> None:
    loaded(session)
    with pytest.raises(Refused, match=r"Wording 1 of question what-matters .* version 2"):
        load(session, parse(SMALL.replace("What matters most?", "What matters?")))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Wording)) == 2


def test_a_new_wording_is_added_and_asked(session: Session) -> None:
    loaded(session)
    with_second = SMALL.replace(
        '[[questions]]\ncode = "what-next"',
        '[[questions.wordings]]\nversion = 2\nprompt = { en = "What matters?" }\n\n'
        '[[questions]]\ncode = "what-next"',
    ).replace('meeting = "spring"', 'meeting = "spring"\nwording = 2')
    assert loaded(session, with_second).changes == [
        "question what-matters: wording 2 added",
        "meeting spring: question what-matters is now asked in wording 2",
    ]
    assert loaded(session, with_second).changes == []


def test_the_mode_is_fixed_by_the_first_answer(session: Session) -> None:
    result = loaded(session)
    attributed = SMALL.replace('"confidential"', '"attributed"')
    assert "ground rules: version 2, with other mode" in loaded(session, attributed).changes
    rules = ground_rules_in_force(session, result.consultation)
    asking = meetings_in_full(session, result.consultation)[0].askings[0]
    make_answer(session, result.consultation, rules, asking)
    session.commit()
    with pytest.raises(Refused, match="cannot change from attributed to confidential"):
        load(session, parse(SMALL))


def test_what_the_file_has_lost_stays_and_is_named(session: Session) -> None:
    loaded(session)
    start, end = SMALL.index('[[meetings]]\nslug = "spring"'), SMALL.index("[[questions]]")
    without = (SMALL[:start] + SMALL[end:]).replace(
        '[[askings]]\nquestion = "what-matters"\nmeeting = "spring"\n', ""
    )
    result = loaded(session, without)
    assert result.changes == []
    assert result.notes == ["meeting spring: not in the file; it stays"]
    assert session.scalar(select(func.count()).select_from(Meeting)) == 2


def test_times_that_are_absent_are_left_as_they_are(session: Session) -> None:
    opening = "opens_at = 2018-01-01T09:00:00+01:00\ncloses_at = 2018-04-01T09:00:00+02:00\n"
    loaded(session, opening + SMALL)
    loaded(session)
    consultation = consultation_by_slug(session, "marching-orders")
    assert consultation is not None
    assert consultation.opens_at is not None
    assert consultation.opens_at == datetime(2018, 1, 1, 8, tzinfo=UTC)


def test_an_account_that_exists_keeps_its_name_and_is_made_director(session: Session) -> None:
    first = loaded(session)
    other = SMALL.replace('slug = "marching-orders"', 'slug = "other"').replace('"Director"', '"Somebody"')
    assert "director@example.org: made programme director" in loaded(session, other).changes
    person = session.scalars(select(User)).one()
    assert person.name == "Director"
    assert len(person.memberships) == 2
    assert first.consultation.slug == "marching-orders"
