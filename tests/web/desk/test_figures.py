"""The pages of figures: what passes the gate is shown with its reasons, and nothing else is."""

import pytest
from sqlalchemy.orm import Session

from consult.analysis.disclosure.told.register import released_tables
from tests.analysis.cases import approved, closed_question, codebook, who_answered
from tests.factories import World
from tests.pages import PageClient


@pytest.fixture
def figures(session: Session, world: World) -> str:
    """Sectors of different sizes at two meetings, with themes; the address of the page."""
    [deterrence, dialogue, _] = codebook(session, world)
    for sector, yes, no in (("government", 8, 7), ("academia", 6, 6), ("press", 2, 1), ("industry", 3, 3)):
        approved(session, world, world.october, deterrence, times=yes, sector=sector)
        approved(session, world, world.may, dialogue, times=no, sector=sector)
    session.commit()
    return f"/desk/{world.slug}/figures"


def test_a_director_compares_releases_and_drafts(
    client: PageClient, session: Session, world: World, figures: str
) -> None:
    client.sign_in(world.director)
    page = client.page(figures).text
    assert "Invited to both: 0." in page
    assert "“Deterrence” was named less often at the later meeting: 0 % instead of 100 %." in page
    assert "Of 1 other theme the figures do not tell the meetings apart." in page
    token = {"csrf_token": client.page(figures).form("/tables").values["csrf_token"]}
    wrong = client.post(f"{figures}/tables", data={**token, "rows": "name", "columns": "theme"})
    assert wrong.status_code == 422
    same = client.post(f"{figures}/tables", data={**token, "rows": "country", "columns": "country_group"})
    assert same.status_code == 422
    sent = client.post(
        f"{figures}/tables", data={**token, "rows": "sector", "columns": "theme", "meeting": ""}
    )
    assert sent.status_code == 303
    again = client.post(
        f"{figures}/tables", data={**token, "rows": "sector", "columns": "theme", "meeting": ""}
    )
    assert again.location == sent.location
    table = client.page(sent.location).text
    assert "Others" in table
    assert "press" not in table
    assert len(released_tables(session, world.consultation)) == 1
    session.rollback()
    within = client.post(
        f"{figures}/tables",
        data={**token, "rows": "language", "columns": "theme", "within": "sector:government"},
    )
    assert "Sector: government." in within.text
    few = client.post(
        f"{figures}/tables", data={**token, "rows": "language", "columns": "theme", "within": "sector:press"}
    )
    assert few.status_code == 422
    assert "not a valid choice" in few.text.lower()
    draft = client.page(f"{figures}/draft").text
    assert "Nearly all participants agreed on “Deterrence”" in draft
    checked = client.post(
        f"{figures}/draft", data={**token, "text": "Nearly all participants pointed to deterrence."}
    ).text
    assert "not “nearly all”" in checked
    kept = client.post(
        f"{figures}/words",
        data={**token, "from_some": "5", "from_many": "20", "from_most": "50", "from_nearly_all": "80"},
    )
    assert kept.status_code == 303
    assert "“a few”: 0 to 4 %" in client.page(f"{figures}/draft").text
    bad = client.post(
        f"{figures}/words",
        data={**token, "from_some": "5", "from_many": "5", "from_most": "50", "from_nearly_all": "80"},
    )
    assert bad.status_code == 422


def test_a_rapporteur_of_one_meeting_is_told_why_there_is_nothing(
    client: PageClient, world: World, figures: str
) -> None:
    client.sign_in(world.rapporteur)
    assert "those who work at every meeting" in client.page(figures).text
    assert client.get(f"{figures}/tables/1").status_code == 404


def test_a_closed_question_is_told_with_base_missing_and_summary(
    client: PageClient, session: Session, world: World
) -> None:
    [deterrence, *_] = codebook(session, world)
    closed_question(session, world, "trust", "scale", {"points": 5})
    for step, people in ((2, 3), (4, 6), (5, 4)):
        who_answered(session, world, people, {"trust": [str(step)]}, deterrence)
    who_answered(session, world, 2, {}, deterrence)
    who_answered(session, world, 3, {"trust": ["5"]}, words=False)
    who_answered(session, world, 4, {"trust": ["1"]}, meeting=world.may)
    session.commit()
    client.sign_in(world.director)
    page = "".join(client.page(f"/desk/{world.slug}/figures").text.split())
    for told in (
        "of them wrote words: the base of the shares 15 not given not given",
        "missing: answered by choices alone 3 not given not given",
        "of them answered: the base of the shares 16 not given not given",
        "missing: did not answer this 2 not given not given",
        "5 7 (45 %) not given not given",
        "Median 4 not given not given",
        "Middle half 4 – 5 not given not given",
        "On the two highest steps 80 % not given not given",
    ):
        assert told.replace(" ", "") in page
