"""At the desk choices stand beside words, in words; what holds no words is told by its choices."""

from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.moderation.actions.counting import count_choices
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import Source
from tests.factories import World, make_asking, make_question
from tests.pages import PageClient

OPTIONS = [{"code": "alpha", "label": {"en": "The first of them", "fr": "Le premier"}}]


def test_choices_beside_words_and_in_the_list(client: PageClient, world: World, session: Session) -> None:
    question = make_question(session, world.consultation, "topics", "Which of them?", position=3)
    question.kind, question.settings = "several_choices", {"options": OPTIONS, "other": True}
    session.flush()
    asking = make_asking(session, question, world.october)
    given = [("", ("alpha",)), ("In words of their own.", ("alpha", "other")), *[("", ("alpha",))] * 4]
    counted, worded, *_others = add_answers(
        session,
        consultation=world.consultation,
        meeting=world.october,
        rules=world.rules,
        source=Source.PAPER,
        rows=[
            GatheredAnswer(asking, text, Attribution.AGGREGATE_ONLY, "en", choices=choices)
            for text, choices in given
        ],
    )
    assert count_choices(session) == 5
    session.commit()
    session.close()
    client.sign_in(world.director)
    shown = client.page(f"/desk/{world.slug}/queue/{worded}")
    for words in ("The first of them", "Other", "In words of their own.", "are never printed"):
        assert words in shown.text
    listed = client.page(f"/desk/{world.slug}/queue?state=approved&lang=fr")
    assert "Le premier" in listed.text
    assert "Which of them?" in client.page(f"/desk/{world.slug}/queue/{counted}?state=approved").text
    coding = client.page(f"/desk/{world.slug}/coding")
    assert "The first of them" not in coding.text
