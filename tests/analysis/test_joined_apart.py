"""Those who joined at a meeting by its code are counted apart, through the gate, and stand in no response rate."""

import json

import jsonschema_rs
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, release_participation
from consult.core.sealing import Seal
from consult.exports.editions import html, markdown
from consult.exports.editions.folder import SCHEMA
from consult.exports.queries import released
from consult.participants.actions import reissue
from consult.reports.actions import freeze
from consult.reports.document import parsed
from consult.responses.enums import Source
from tests.factories import LINK_KEY, World, make_answer, make_invited
from tests.reports.scenes import approve

APART = "counted apart"


def came_in(session: Session, world: World, number: int, source: Source, meeting: str) -> None:
    asking = world.askings[meeting][0]
    for _time in range(number):
        make_answer(session, world.consultation, world.rules, asking, source=source)


def told(session: Session, world: World) -> list[tuple[str | None, int | None, int | None]]:
    """(meeting, answered, joined) as publications may tell them."""
    return [
        (row.meeting, row.answered, row.joined)
        for row in release_participation(session, world.consultation, world.rules).meetings
    ]


def test_those_who_joined_are_in_no_rate_and_few_of_them_in_no_number(session: Session, world: World) -> None:
    october, may = world.october.id, world.may.id
    for number in range(3, 27):
        make_invited(session, world.consultation, world.october, number)
    for number in range(3, 22):
        make_invited(session, world.consultation, world.may, 100 + number)
    reissue(session, world.participant.participant, world.october, seal=Seal(LINK_KEY))
    came_in(session, world, 11, Source.LINK, october)
    approve(session, world, world.asking, "A channel for incidents at sea.")
    came_in(session, world, 10, Source.LINK, may)
    assert told(session, world) == [("october", 12, 0), ("may", 10, 0), (None, 22, 0)]
    came_in(session, world, 30, Source.JOIN_CODE, october)
    came_in(session, world, 4, Source.JOIN_CODE, may)
    assert told(session, world) == [("october", 12, 30), ("may", 10, None), (None, 22, None)]
    rates = {row["meeting"]: row for row in released(session, world.consultation, Profile.DESK).rates()}
    assert (rates["october"]["invited"], rates["october"]["response_rate_percent"]) == (25, 48)
    assert rates["october"]["joined_at_the_meeting"] == 30
    assert rates["may"]["joined_at_the_meeting"] is None
    assert rates["october"]["supplementary_invitations"] == 1
    document = parsed(freeze(session, world.consultation, by=world.director).document)
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    for page in (html.render(document).decode(), markdown.render(document).decode()):
        assert "Joined at the meeting" in page
        assert APART in page
        assert "1 invitation was made anew" in page
        assert "48" in page or page.startswith("<!")

    came_in(session, world, 3, Source.JOIN_CODE, october)
    came_in(session, world, 8, Source.JOIN_CODE, may)
    assert told(session, world) == [("october", 12, 30), ("may", 10, 12), (None, 22, 42)]
