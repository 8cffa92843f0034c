"""Which part of the queue somebody works through, as its address says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from consult.analysis.models import Theme
from consult.analysis.queries import coded_with, theme_by_code, themes_of
from consult.consultations.enums import Attribution
from consult.consultations.models import Question
from consult.consultations.queries import questions_of
from consult.core.errors import NotFound
from consult.core.text import unstorable
from consult.meetings.models import Meeting
from consult.moderation.enums import HintKind
from consult.moderation.queries import LONGEST_SEARCH, SHOWN, Pile, searched
from consult.responses.enums import AnswerState, Source
from consult.web.desk import words
from consult.web.guards import Scope

SEPARATOR = "."
LARGEST_KEY = 2**63
ANY_HINT, REPEATED = "any", "repeated"
LONGEST_CODE = 80
SECOND = "second"
"""In the address, in place of a state: what waits for the reader's approval after another person's."""
_ANY_ANSWER = "~"
"""Stands for an answer's identifier. No consultation has it in its name, and the words sought come behind it."""


@dataclass(frozen=True)
class Filter:
    """What is asked of the queue. Everything but the state may be left open."""

    slug: str
    state: AnswerState
    second: bool = False
    """Of what waits only that to which the reader can give the second approval."""
    meeting: Meeting | None = None
    question: Question | None = None
    language: str = ""
    theme: Theme | None = None
    hint: str = ""
    use: Attribution | None = None
    source: Source | None = None
    like: str = ""
    """An answer, for those like it."""
    text: str = ""
    after: tuple[int, str] | None = None

    def values(self) -> dict[str, str]:
        """The same as an address or a form carries it, without what goes without saying."""
        given = {
            "meeting": self.meeting.slug if self.meeting else "",
            "state": SECOND if self.second else self.state.value,
            **self.narrowing(),
            "after": f"{self.after[0]}{SEPARATOR}{self.after[1]}" if self.after else "",
        }
        return {name: value for name, value in given.items() if value}

    def narrowing(self) -> dict[str, str]:
        """What is asked beside state and meeting."""
        given = {
            "question": self.question.code if self.question else "",
            "language": self.language,
            "theme": self.theme.code if self.theme else "",
            "hint": self.hint,
            "use": self.use.name.lower() if self.use is not None else "",
            "source": self.source.value if self.source else "",
            "like": self.like,
            "q": self.text,
        }
        return {name: value for name, value in given.items() if value}

    def pile(self, scope: Scope) -> Pile:
        """The answers meant: never of a meeting that is not this person's."""
        kinds = (HintKind(self.hint),) if self.hint in set(HintKind) else ()
        return Pile(
            scope.consultation,
            [self.meeting.id] if self.meeting else scope.meeting_ids,
            self.state,
            question_id=self.question.id if self.question else None,
            language=self.language or None,
            attribution=self.use,
            source=self.source,
            hinted=self.hint == ANY_HINT or bool(kinds),
            hint_kinds=kinds,
            repeated=self.hint == REPEATED,
            like=self.like or None,
            second_by=scope.user.id if self.second else None,
            search=searched(self.text),
            also=(coded_with(self.theme),) if self.theme else (),
        )

    def to(self, **changes: Any) -> "Filter":
        """The same from its first page on, but for the changes."""
        return replace(self, after=None, **changes)

    def list_url(self, **more: str) -> str:
        return _address("desk.queue", slug=self.slug, **self.values(), **more)

    def answer_url(self, answer_id: str, **more: str) -> str:
        return _address("desk.queue_answer", slug=self.slug, answer_id=answer_id, **self.values(), **more)

    def answer_urls(self, answer_ids: Sequence[str]) -> list[str]:
        """The same for each of a list, put together once: they differ in the answer alone."""
        before, _any, behind = self.answer_url(_ANY_ANSWER).partition(_ANY_ANSWER)
        return [f"{before}{answer_id}{behind}" for answer_id in answer_ids]

    def decide_url(self, answer_id: str) -> str:
        return _address("desk.decide", slug=self.slug, answer_id=answer_id)


def filter_from(scope: Scope, given: Mapping[str, str]) -> Filter:
    """The filter of an address or a form. Raises NotFound for a value that there is none of."""
    wanted = {
        name: given.get(name, "")
        for name in ("meeting", "question", "theme", "hint", "use", "source", "like")
    }
    state, after, text = (
        given.get("state", "") or "waiting",
        given.get("after", ""),
        given.get("q", "").strip(),
    )
    language = given.get("language", "")
    key, _dot, answer_id = after.partition(SEPARATOR)
    readable = not after or (key.isascii() and key.isdigit() and len(key) < 20 and int(key) < LARGEST_KEY)
    uses = {step.name.lower(): step for step in Attribution}
    known = (
        state in {*SHOWN, SECOND}
        and readable
        and wanted["hint"] in {"", ANY_HINT, REPEATED, *HintKind}
        and wanted["use"] in {"", *uses}
        and wanted["source"] in {"", *Source}
        and len(language) <= 12
        and len(wanted["like"]) <= LONGEST_CODE
        and len(text) <= LONGEST_SEARCH
        and not any(map(unstorable, (answer_id, text, language, *wanted.values())))
    )
    meeting = next((m for m in scope.meetings if m.slug == wanted["meeting"]), None)
    if not known or (wanted["meeting"] and meeting is None):
        raise NotFound("There is no such list. Open the queue from the overview.")
    return Filter(
        scope.consultation.slug,
        AnswerState.WAITING if state == SECOND else AnswerState(state),
        state == SECOND,
        meeting,
        _question(scope, wanted["question"]),
        language,
        _theme(scope, wanted["theme"]),
        wanted["hint"],
        uses.get(wanted["use"]),
        Source(wanted["source"]) if wanted["source"] else None,
        wanted["like"],
        text,
        (int(key), answer_id) if after else None,
    )


@dataclass(frozen=True)
class Choice:
    """One thing to filter by: its name in the address, a label, and what may be chosen."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def choices(scope: Scope, chosen: Filter) -> list[Choice]:
    """What the queue can be filtered by beside state, meeting and words. Two queries."""
    given = chosen.narrowing()
    languages = dict.fromkeys(
        [*scope.consultation.languages, *([chosen.language] if chosen.language else [])]
    )
    hints = [
        (ANY_HINT, _("any hint")),
        *((kind.value, str(label)) for kind, label in words.HINTS.items()),
        (REPEATED, _("given more than once")),
    ]
    offered = [
        (
            "question",
            _("Question"),
            [(q.code, _prompt(q)) for q in questions_of(scope.session, scope.consultation)],
        ),
        ("language", _("Language"), [(code, words.language_name(code)) for code in languages]),
        ("theme", _("Theme"), [(t.code, t.title) for t in themes_of(scope.session, scope.consultation)]),
        ("hint", _("Hint"), hints),
        ("use", _("Permission"), [(s.name.lower(), str(words.ATTRIBUTIONS[s])) for s in Attribution]),
        ("source", _("Came in"), [(s.value, str(words.SOURCES[s])) for s in Source]),
    ]
    return [
        Choice(name, label, [("", _("any")), *options], given.get(name, ""))
        for name, label, options in offered
        if len(options) > 1 or name in given
    ]


def described(chosen: Filter) -> list[tuple[str, str]]:
    """(name of the filter's part, what it asks in words) for each that stands beside state and meeting."""
    hints = {ANY_HINT: _("any hint"), REPEATED: _("given more than once")}
    said = [
        ("text", _("“%(words)s”", words=chosen.text) if chosen.text else ""),
        ("question", _prompt(chosen.question) if chosen.question else ""),
        ("language", words.language_name(chosen.language) if chosen.language else ""),
        ("theme", chosen.theme.title if chosen.theme else ""),
        ("hint", hints.get(chosen.hint) or (str(words.HINTS[HintKind(chosen.hint)]) if chosen.hint else "")),
        ("use", str(words.ATTRIBUTIONS[chosen.use]) if chosen.use is not None else ""),
        ("source", str(words.SOURCES[chosen.source]) if chosen.source else ""),
        ("like", _("alike") if chosen.like else ""),
    ]
    return [(name, text) for name, text in said if text]


def _prompt(question: Question) -> str:
    return question.code.replace("-", " ").capitalize()


def _question(scope: Scope, code: str) -> Question | None:
    if not code:
        return None
    found = next((q for q in questions_of(scope.session, scope.consultation) if q.code == code), None)
    if found is None:
        raise NotFound("There is no such question. Open the queue from the overview.")
    return found


def _theme(scope: Scope, code: str) -> Theme | None:
    if not code:
        return None
    found = theme_by_code(scope.session, scope.consultation, code) if len(code) <= LONGEST_CODE else None
    if found is None:
        raise NotFound("There is no such theme. Open the queue from the overview.")
    return found


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)
