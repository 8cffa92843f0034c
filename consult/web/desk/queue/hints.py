"""Hints and repeated answers as the queue says them: the kind of thing, never whose it is or how many share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from consult.moderation.enums import HintKind, RedactionKind
from consult.moderation.hints.queries import Group, members
from consult.moderation.hints.rules.differences import Piece, differences
from consult.moderation.hints.rules.finding import REDACTS_AS, Found
from consult.moderation.queries import Reading
from consult.moderation.rules import Span
from consult.responses.enums import AnswerState
from consult.web.desk import words
from consult.web.desk.queue.filtering import Filter
from consult.web.desk.queue.forms import SpansField
from consult.web.guards import Scope

LONGEST = 80
MOST_SHOWN = 30
_HERE = "\0"

SENTENCES = {
    HintKind.PERSON: _l("“%(words)s” names a person."),
    HintKind.EMAIL: _l("“%(words)s” is an e-mail address."),
    HintKind.TELEPHONE: _l("“%(words)s” looks like a telephone number."),
    HintKind.LINK: _l("“%(words)s” is a link."),
    HintKind.ORGANISATION: _l("“%(words)s” names an organisation."),
    HintKind.ROLE: _l("“%(words)s” names a role."),
    HintKind.PLACE: _l("“%(words)s” names a place."),
    HintKind.SELF: _l("“%(words)s” says who speaks."),
    HintKind.COMBINATION: _l("“%(words)s” is a rare combination of a place and a role."),
}

OF_THE_WHOLE = {
    HintKind.NO_ANSWER: _l("This is perhaps no answer to the question."),
    HintKind.LANGUAGE: _l("This seems to be written in another language than the one it came in under."),
    HintKind.LONG: _l("This is very long."),
    HintKind.SHOUTING: _l("This is written in capitals."),
}

OFFERS = {
    RedactionKind.IDENTIFIES_SPEAKER: _l("Redact as who wrote it"),
    RedactionKind.IDENTIFIES_OTHER: _l("Redact as another person"),
    RedactionKind.AFFILIATION: _l("Redact as affiliation"),
    RedactionKind.PLACE_OR_TIME: _l("Redact as place"),
}


@dataclass(frozen=True)
class HintLine:
    """One hint in words: a sentence around the words it is about, and the redaction that is offered."""

    before: str
    words: str
    after: str
    value: str
    """The redaction as a form sends it; empty where there is nothing to take out."""
    offer: str


@dataclass(frozen=True)
class Like:
    """An answer like the one shown, with what differs in it."""

    href: str
    facts: str
    pieces: list[Piece]


def hint_lines(text: str, hints: Sequence[Found], kept: Sequence[Span]) -> list[HintLine]:
    """The hints that no chosen redaction touches, in order, those of the whole answer last."""
    lines = [_line(text, hint) for hint in hints if hint.kind in SENTENCES and not _touched(hint, kept)]
    whole = [HintLine(str(OF_THE_WHOLE[h.kind]), "", "", "", "") for h in hints if h.kind in OF_THE_WHOLE]
    return list(dict.fromkeys([*lines, *whole]))


def marked(text: str, kept: Sequence[Span], hints: Sequence[Found]) -> list[tuple[str, str | None]]:
    """The whole text, with what is to be taken out and what a hint is about marked by kind."""
    hints = [hint for hint in hints if hint.kind in SENTENCES]
    spans: list[Span | Found] = [*kept, *hints]
    ends = {place for at in spans for place in (at.starts, at.ends) if 0 < place < len(text)}
    places = [0, *sorted(ends), len(text)]
    pieces: list[tuple[str, str | None]] = []
    for starts, behind in pairwise(places):
        label, piece = _label(starts, behind, kept, hints), text[starts:behind]
        if pieces and pieces[-1][1] == label:
            piece = pieces.pop()[0] + piece
        pieces.append((piece, label))
    return [piece for piece in pieces if piece[0]]


def in_the_list(hints: Sequence[Found], group: Group | None, approved: str) -> str:
    """What a line of the list says of a first approval, hints and repetition, or nothing."""
    said = [approved] if approved else []
    said += [ngettext("%(num)s hint", "%(num)s hints", len(hints))] if hints else []
    if group:
        said.append(_("%(number)s alike", number=group.responses))
    return " · ".join(said)


def alike_sentence(group: Group) -> str:
    """How many answers are alike, and in how many texts."""
    texts = ngettext("%(num)s distinct text", "%(num)s distinct texts", group.texts)
    return str(_("%(number)s answers alike, %(texts)s", number=group.responses, texts=texts))


def others_alike(scope: Scope, chosen: Filter, found: Reading, group: Group) -> list[Like]:
    """The other answers of the group at this person's meetings, each against the words shown. One query."""
    titles = {meeting.id: meeting.short_title for meeting in scope.meetings}
    text = found.revision.text or ""
    listed = members(scope.session, scope.consultation, scope.meeting_ids, group.key, limit=MOST_SHOWN + 1)
    return [
        Like(
            href=chosen.answer_url(member.answer_id),
            facts=f"{titles[member.meeting_id]} · {words.STATES[member.state]}",
            pieces=differences(text, member.text),
        )
        for member in listed
        if member.answer_id != found.answer.id and member.state is not AnswerState.WITHDRAWN
    ][:MOST_SHOWN]


def _line(text: str, hint: Found) -> HintLine:
    said = text[hint.starts : hint.ends]
    kind = REDACTS_AS[hint.kind]
    before, _here, after = str(SENTENCES[hint.kind] % {"words": _HERE}).partition(_HERE)
    return HintLine(
        before,
        said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…",
        after,
        SpansField.value_of(Span(hint.starts, hint.ends, kind)),
        str(OFFERS[kind]),
    )


def _touched(hint: Found, kept: Sequence[Span]) -> bool:
    return any(span.starts < hint.ends and hint.starts < span.ends for span in kept)


def _label(starts: int, ends: int, kept: Sequence[Span], hints: Sequence[Found]) -> str | None:
    for span in kept:
        if span.starts <= starts and ends <= span.ends:
            return str(words.KINDS[span.kind])
    kinds = dict.fromkeys(hint.kind for hint in hints if hint.starts <= starts and ends <= hint.ends)
    return ", ".join(str(words.HINTS[kind]) for kind in kinds) or None
