"""What was chosen on a page of preparing is still chosen when the page comes back with an error."""

import pytest

from tests.factories import World
from tests.pages import PageClient

TOO_LONG = "x" * 301
REFUSED: tuple[tuple[str, str, dict[str, str | list[str]], dict[str, str]], ...] = (
    (
        "/desk/warsaw/setup/rules",
        "/setup/rules",
        {
            "mode": "unlinked",
            "ceiling": "quote_with_role",
            "speaker": "open",
            "affiliation": "open",
            "attendance": "open",
            "timing": "day",
            "breakdown": ["sector", "language"],
            "rewrite": "y",
        },
        {"smallest_group": "7"},
    ),
    ("/desk/warsaw/setup/about", "/setup/about", {"languages": ["en", "pl"]}, {"title": ""}),
    (
        "/desk/warsaw/setup/meetings/october",
        "/links",
        {"kind": "report", "state": "address"},
        {"link_title": "Report", "url": "nowhere"},
    ),
    (
        "/desk/warsaw/setup/questions/new",
        "/questions/new",
        {"kind": "scale"},
        {"prompt_en": "Which?", "code": "Not A Code"},
    ),
    (
        "/desk/warsaw/team",
        "/team",
        {"role": "observer", "meeting": "may", "language": "pl"},
        {"name": "Ewa", "email": "no address"},
    ),
    (
        "/desk/warsaw/people/new",
        "/people/new",
        {"meetings": ["october", "may"], "language": "fr"},
        {"name": "Ewa", "email": "no address"},
    ),
    ("/desk/new", "/desk/new", {"earlier": "warsaw", "language": "pl"}, {"title": "T", "slug": "No Slug"}),
    ("/desk/warsaw/setup/sign-off", "/sign-off", {"days": "30"}, {"made_for": TOO_LONG}),
    ("/desk/warsaw/times", "/times", {}, {"opens": "2016-05-14 09:00", "closes": "never"}),
    ("/desk/warsaw/people/import", "/people/import", {"encoding": "cp1250"}, {}),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_gives_back_what_was_chosen(client: PageClient, world: World) -> None:
    client.sign_in(world.director)
    for page, action, chosen, typed in REFUSED:
        back = client.submit(client.page(page), action, **chosen, **typed)
        assert back.status == 422, page
        values = back.form(action).values
        lost = {
            name: values.get(name)
            for name, value in (chosen | typed).items()
            if values.get(name) != ([value] if isinstance(value, str) else value)
        }
        assert lost == {}, page
