"""What mail says: the program's words or the consultation's own, with facts that can do no harm."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from consult.core.errors import Invalid, Refused
from consult.core.sealing import Seal
from consult.meetings.queries import askings_at
from consult.operations.mailing.actions import about, write_own_words
from consult.operations.mailing.composing import Composer, NoReason
from consult.operations.mailing.kinds import EDITABLE, MailKind
from consult.operations.mailing.rendering import catalogue, rendered
from consult.operations.mailing.words import Words, checked, default_words, filled, paragraphs
from consult.settings import Settings
from tests.factories import LINK_KEY, World

FACTS: Mapping[str, str] = {
    "name": "Aleksandra Nowak",
    "consultation": "Wales to Warsaw",
    "convenor": "Wilton Park",
    "help": "help@example.org",
    "meeting": "NATO and Russia",
    "question": "What single outcome?",
    "closes": "14 May 2016, 17:00 (Warsaw)",
    "link": "https://example.org/i/x",
    "join": "https://example.org/join",
    "code": "ABC-DEF-GHJ",
}


@pytest.fixture
def composer(settings: Settings) -> Composer:
    return Composer(settings, Seal(LINK_KEY))


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_the_programs_words_pass_their_own_check_and_fill(kind: MailKind, language: str) -> None:
    words = default_words(kind, catalogue(language).gettext)
    assert checked(kind, words.subject, words.body) == words
    text = rendered(words, FACTS, language=language, sender="Wilton Park")
    for part in (text.subject, text.text, text.html):
        assert "{" not in part.replace("{{", "")
    assert FACTS["link"] in text.text
    assert f'href="{FACTS["link"]}"' in text.html


@pytest.mark.parametrize(
    ("subject", "body", "field", "advice"),
    [
        ("", "{link}", "subject", "Write something"),
        ("Hello", " \n ", "body", "Write something"),
        ("Hello", "No way in.", "body", "needs {link}"),
        (
            "Hello",
            "{link} {surname}",
            "body",
            "{surname} stands for nothing here. Use one of: {closes}, {code}",
        ),
        ("Hello", "{link} {name.__class__}", "body", "stands for nothing"),
        ("Hello {link}", "{link}", "subject", "locked screens"),
        ("Hello\nBcc: x@example.org", "{link}", "subject", "one line"),
        ("a" * 201, "{link}", "subject", "200"),
        ("Hello", "{link}" + "a" * 8000, "body", "8000"),
        ("Hello", "{link}\x00", "body", "cannot be stored"),
        ("Hello", "{link}\n\nhttps://elsewhere.example/?to={link}", "body", "both sides of {link}"),
        ("Hello", "{link}\n\nhttps://elsewhere.example/{code}.", "body", "both sides of {code}"),
        ("Hello", "{link}.elsewhere.example", "body", "both sides of {link}"),
        ("Hello", "https://elsewhere.example:{code} {link}", "body", "both sides of {code}"),
        ("Hello", "{help}{link}", "body", "both sides of {link}"),
    ],
)
def test_words_that_cannot_serve_are_refused_at_their_field(
    subject: str, body: str, field: str, advice: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked(MailKind.INVITATION, subject, body)
    assert refused.value.field == field
    assert advice in str(refused.value)


def test_a_paragraph_without_its_fact_is_left_out() -> None:
    body = "Dear {name},\n\nUntil {closes}.\n\n{link}"
    assert paragraphs(body, {**FACTS, "closes": ""}) == ["Dear {name},", "{link}"]


@given(st.text(), st.dictionaries(st.sampled_from(["name", "link", "code"]), st.text()))
def test_filling_never_fails_and_never_reads_a_fact_for_placeholders(
    text: str, facts: dict[str, str]
) -> None:
    filled(text, facts)
    assert filled("{name}", {"name": "{code}", "code": "secret"}) == "{code}"


def test_a_consultations_own_words_are_sent_in_their_language(
    session: Session, world: World, composer: Composer
) -> None:
    write_own_words(
        session, world.consultation, MailKind.INVITATION, "pl", subject="Pytanie", body="{name}!\n\n{link}"
    )
    invitation = world.participant.invitation
    invitation.participant.language = "pl"
    letter = composer.letter(session, about(invitation, MailKind.INVITATION, world.consultation))
    assert (letter.subject, letter.language) == ("Pytanie", "pl")
    assert letter.text.startswith("Participant 001!\n\nhttp://localhost/i/")
    invitation.participant.language = "ar"
    letter = composer.letter(session, about(invitation, MailKind.INVITATION, world.consultation))
    assert (letter.subject, letter.language) == ("Your view is asked: NATO and Russia", "en")
    assert letter.text.count("?lang=en") == 1
    world.consultation.languages = [*world.consultation.languages, "ar"]
    wording = askings_at(session, world.october)[0].wording
    set_committed_value(wording, "prompt", wording.prompt | {"ar": "ما النتيجة؟"})
    letter = composer.letter(session, about(invitation, MailKind.INVITATION, world.consultation))
    assert letter.language == "en", "of the program's words"
    assert "ما النتيجة؟" in letter.text, "what is asked, in the language of the invitation"
    assert letter.text.count("?lang=ar") == 1, "and so is the form behind the link"


@pytest.mark.parametrize("kind", EDITABLE)
def test_a_preview_opens_nothing(session: Session, world: World, composer: Composer, kind: MailKind) -> None:
    shown = composer.preview(session, world.consultation, kind, "en", Words("{name}", "{name}: {link}"))
    assert shown.subject == "Aleksandra Nowak"
    assert "/i/" not in shown.text + shown.html
    assert composer.preview(session, world.consultation, kind, "en").text


def test_closing_is_told_in_the_meetings_zone(session: Session, world: World, composer: Composer) -> None:
    world.consultation.closes_at = datetime(2126, 5, 14, 15, 0, tzinfo=UTC)
    letter = composer.letter(
        session, about(world.participant.invitation, MailKind.INVITATION, world.consultation)
    )
    assert "14 May 2126, 17:00 (Warsaw)" in letter.text


def test_under_another_link_key_no_dead_link_is_sent(
    session: Session, world: World, settings: Settings
) -> None:
    message = about(world.participant.invitation, MailKind.INVITATION, world.consultation)
    with pytest.raises(Refused, match="Issue the invitation anew"):
        Composer(settings, Seal("another key" * 4)).letter(session, message)


def test_after_closing_nobody_is_invited_or_reminded(
    session: Session, world: World, composer: Composer
) -> None:
    world.consultation.opens_at = datetime(2020, 1, 1, tzinfo=UTC)
    world.consultation.closes_at = datetime(2020, 1, 2, tzinfo=UTC)
    for kind in (MailKind.INVITATION, MailKind.REMINDER):
        with pytest.raises(NoReason, match="no longer taken"):
            composer.letter(session, about(world.participant.invitation, kind, world.consultation))


def test_one_link_key_makes_one_link_and_one_code_for_each_invitation() -> None:
    seal, names = Seal(LINK_KEY), [f"{number:026}" for number in range(200)]
    assert [seal.invitation_secret(n) for n in names] == [Seal(LINK_KEY).invitation_secret(n) for n in names]
    for derive in (seal.invitation_secret, seal.invitation_code, seal.stop_token):
        assert len({derive(name) for name in names}) == len(names)
    assert {len(seal.invitation_secret(n)) for n in names} == {26}
    assert {len(seal.invitation_code(n)) for n in names} == {9}
    assert not {seal.invitation_secret(n) for n in names} & {seal.stop_token(n)[27:] for n in names}
