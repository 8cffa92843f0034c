"""A moderator sees that an answer was changed since it was decided on, and from what."""

from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.operations.withdrawal import change_answers
from consult.responses.actions import GivenAnswer
from consult.responses.queries import current_revision, response_by_id, standing_revisions
from consult.responses.rules import standing_hash
from tests.factories import World, make_answer
from tests.pages import PageClient


def test_a_changed_answer_waits_again_and_says_so(client: PageClient, world: World, session: Session) -> None:
    answer = make_answer(session, world.consultation, world.rules, world.asking, "The first words.")
    read = current_revision(session, answer)
    decide(session, answer, Verdict.APPROVE, read=read.hash, by=world.director)
    session.commit()
    client.sign_in(world.director)
    path = f"/desk/{world.slug}/queue/{answer.id}"
    assert "Changed by its author" not in client.page(path).text
    response = response_by_id(session, answer.response_id)
    assert response is not None
    given = [GivenAnswer(world.asking, "The second words.", read.attribution, "en")]
    change_answers(session, response, given, seen=standing_hash(standing_revisions(response)))
    session.commit()
    page = client.page(path)
    assert "waits for a decision on the new words" in page.text
    assert "The first words." in page.text
    assert "The second words." in page.text
    assert world.director.name in page.text  # the earlier decision, in the log
    listed = client.page(f"/desk/{world.slug}/queue")
    assert "The second words." in listed.text
