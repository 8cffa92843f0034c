"""A director of an unlinked consultation who knows when somebody answers, and wants to find that answer."""

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.consultations.models import Question, Wording
from consult.core.identifiers import new_id, new_secret
from consult.meetings.models import Asking
from consult.responses.actions import join, submit_unlinked
from consult.responses.models import ResponseCode
from tests.factories import make_membership, make_question, make_user
from tests.pages import PageClient
from tests.responses.test_unlinked import Scene, answer, code_for, given, shown


def other_words(session: Session, question: Question) -> Wording:
    words = {
        "prompt": {"en": "What outcome, please?"},
        "help_text": {},
        "source_text": "What outcome, please?",
    }
    wording = Wording(question_id=question.id, version=2, **words)
    session.add(wording)
    session.flush()
    return wording


def test_no_words_change_while_answers_without_links_come_in(session: Session) -> None:
    """Each answer names the words that it saw: asked anew every hour, they would say in which hour it was given."""
    scene = Scene(session, 2)
    question = session.get_one(Question, scene.asking.question_id)
    wording, further = (
        other_words(session, question),
        make_question(session, scene.consultation, "more", "More?"),
    )
    session.execute(update(Asking).where(Asking.id == scene.asking.id).values(wording_id=wording.id))
    code_for(session, scene, 0)
    own = Asking.id == scene.asking.id
    for act in (
        update(Asking).where(own).values(wording_id=question.wordings[0].id),
        delete(Asking).where(own),
        insert(Asking).values(
            id=new_id(),
            meeting_id=scene.meeting.id,
            question_id=further.id,
            wording_id=further.wordings[0].id,
            position=2,
        ),
    ):
        with pytest.raises(DBAPIError, match="stays while answers come in"), session.begin_nested():
            session.execute(act)
    session.execute(update(Asking).where(own).values(position=7))
    session.execute(update(Asking).where(Asking.id == scene.other_asking.id).values(wording_id=wording.id))
    session.execute(delete(ResponseCode))  # as closing does
    session.execute(update(Asking).where(own).values(wording_id=question.wordings[0].id))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_desk_says_why_words_stay(client: PageClient, session: Session) -> None:
    scene = Scene(session, 2)
    director = make_user(session, "A director")
    make_membership(session, director, Role.PROGRAMME_DIRECTOR, scene.consultation)
    session.delete(scene.other_asking)
    code_for(session, scene, 0)
    address = f"/desk/{scene.consultation.slug}/setup/questions"
    page = client.sign_in(director).page(f"{address}/outcome")
    for form, fields in (
        ("/words", {"prompt_en": "What outcome by noon?"}),
        ("/asked", {"wording_0": ""}),
        ("/remove", {}),
    ):
        told = client.submit(page, form, **fields)
        assert told.status in {409, 422}, form
        assert "Answers without links are given" in told.text, form
    added = client.submit(
        client.page(f"{address}/new"), "/new", prompt_en="Anything since noon?", code="noon"
    )
    assert "asked where nobody is answering yet" in added.text
    session.rollback()
    asked = session.scalars(select(Asking.question_id).where(Asking.meeting_id == scene.meeting.id)).all()
    assert asked == [scene.asking.question_id]


def test_who_answers_four_times_by_a_poster_does_not_see_the_fifth(session: Session) -> None:
    """The desk can filter by how an answer came in, so each way waits for five of its own."""
    scene = Scene(session, 5)
    for _time in range(4):
        code = new_secret().upper()
        join(session, scene.meeting, code)
        submit_unlinked(session, code, given(scene.asking, "Of the director's own."))
    answer(session, scene, 0, "The only one that is not.")
    assert shown(session, scene) == 0
    for number in range(1, 5):
        answer(session, scene, number)
    assert shown(session, scene) == 5
