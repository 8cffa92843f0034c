"""What every kind of question can do. A kind is one module here, found by itself, and one template of its name."""

from abc import ABC
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from consult.consultations.models import Question, Translations
from consult.consultations.rules import in_language
from consult.core.errors import N_, Invalid
from consult.core.text import characters, tidy, unstorable

OTHER = "other"
"""The code of what stands in no list. Options cannot take it."""


@dataclass(frozen=True)
class Given:
    """An answer as it is kept: `choices` are canonical codes, None for a kind that takes words alone."""

    choices: tuple[str, ...] | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.choices or self.words)


NOTHING = Given()


@dataclass(frozen=True)
class Setting:
    """One thing that a question of a kind can be told, as `Question.settings` keeps it under `name`.

    `form`: "options" (list of {"code", "label": translations}) · "labels" (list of translations) · "switch" · "whole"
    · "decimal" (as text) · "date" (ISO, as text) · "translations".
    """

    name: str
    form: str
    title: str
    default: Any
    hint: str = ""
    least: int = 0
    most: int = 1_000_000_000


@dataclass(frozen=True)
class Option:
    """A code that an answer can hold, and what it is called: language → words, or one text for all."""

    code: str
    label: Translations = field(default_factory=dict)
    title: str = ""
    """A sentence of the catalogues, where the words are the program's own."""


@dataclass(frozen=True)
class Limits:
    """How a kind whose answers lie on a line speaks of the least and the most of them: sentences of the catalogues."""

    least: str
    most: str
    hint: str
    from_least: str
    to_most: str
    between: str = N_("%(least)s to %(most)s")


@dataclass(frozen=True)
class Column:
    """One column of an export. `key` is stable."""

    key: str
    words: str


@dataclass(frozen=True)
class Tally:
    """How often each code was given, in the question's order, and by how many answers. Raw: for the gate alone."""

    base: int
    counts: dict[str, int]


class Kind(ABC):
    """Renderer (its template), validator, importer, exporter and tally of one kind. Holds nothing; knows no request."""

    code: ClassVar[str]
    title: ClassVar[str]
    place: ClassVar[int]
    """Where it stands in a list of kinds."""
    settings: ClassVar[tuple[Setting, ...]] = ()
    asks: ClassVar[bool] = True
    """Whether it takes an answer."""
    closed: ClassVar[bool] = True
    """Whether answers are counted by their choices. The attribution ladder is for the others."""
    several: ClassVar[bool] = False
    """Whether one answer may hold several codes."""
    identifying: ClassVar[bool] = False
    """Whether a single value could tell who gave it, so that rare ones stay inside."""
    limits: ClassVar[Limits | None] = None
    """Set where any two answers can be compared, so that a condition may name a least and a most."""
    missing: ClassVar[str] = N_("Choose an answer.")

    @property
    def template(self) -> str:
        return f"components/kinds/{self.code}.html"

    @property
    def takes_words(self) -> bool:
        """Whether an answer may hold words of its giver."""
        return not self.closed or any(setting.name == OTHER for setting in self.settings)

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        """What is wrong with a question's settings, `field` being the setting."""
        return []

    def listed(self, settings: Mapping[str, Any]) -> list[Option]:
        """Every code that an answer may hold under these settings, in order; empty where they cannot be listed."""
        return []

    def options(self, question: Question) -> list[Option]:
        """The same of a question."""
        return self.listed(question.settings)

    def codes(self, settings: Mapping[str, Any]) -> list[str]:
        """The codes alone: what a condition may name."""
        return [option.code for option in self.listed(settings)]

    def rising(self, settings: Mapping[str, Any]) -> list[str]:
        """Codes of which one is more than the one before it; empty where they have no order."""
        return []

    def limit(self, written: str) -> str:
        """A least or a most that somebody wrote, as an answer is kept. Raises Invalid."""
        raise Invalid("Answers to this question cannot be compared.")

    def size(self, code: str) -> Any:
        """By what answers and limits are compared."""
        return code

    def reaches(self, settings: Mapping[str, Any], least: str, most: str) -> bool:
        """Whether an answer that is allowed lies within; "" is no limit."""
        return False

    def parse(self, question: Question, values: Sequence[str], words: str = "") -> Given:
        """What was sent, as it is kept; canonical choices come out as they went in. Raises Invalid, its field `choice`
        or `text`. What is empty is empty, unless the question must be answered."""
        if any(unstorable(value) for value in values):
            raise Invalid("This is not among the answers. Choose one of those offered.", field="choice")
        given = self.read_values(question, [tidy(value) for value in values], words)
        if not given and question.required and self.asks:
            raise Invalid(self.missing, field="choice" if self.closed else "text")
        return given

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        """The same of tidied values, whether or not an answer is required."""
        return NOTHING

    def typed(self, question: Question, choices: Sequence[str]) -> list[str]:
        """Kept choices as the form's fields hold them."""
        return list(choices)

    def words(self, question: Question, choices: Sequence[str], language: str) -> list[str]:
        """Kept choices for people. A sentence of the catalogues comes as its English."""
        named = {option.code: option for option in self.options(question)}
        return [label_of(named[code], language) if code in named else code for code in choices]

    def columns(self, question: Question) -> list[Column]:
        """The columns of this question in an export, none for a kind without choices."""
        return [Column(question.code, prompt_of(question))] if self.closed and self.asks else []

    def cells(self, question: Question, choices: Sequence[str]) -> list[str]:
        """One cell for each column."""
        return [" ".join(choices)]

    def from_cell(self, question: Question, cell: str) -> Given:
        """An answer gathered elsewhere: codes or the options' words in any language. Raises Invalid."""
        text = tidy(cell)
        code = self.code_of(question, text)
        return self.read_values(question, [code] if text else [], "")

    def code_of(self, question: Question, text: str) -> str:
        """The code of the option with that code or those words, else the text itself."""
        plain = text.casefold()
        for option in self.options(question):
            if plain in {
                option.code.casefold(),
                option.title.casefold(),
                *map(str.casefold, option.label.values()),
            }:
                return option.code
        return text

    def tally(self, question: Question, given: Iterable[Sequence[str]]) -> Tally:
        """How often each code, or band of values, was given; one that nobody gave is there with nought."""
        counts: Counter[str] = Counter()
        base = 0
        for choices in given:
            base += 1
            counts.update({self.band(question, code) for code in choices})
        order = [option.code for option in self.options(question)]
        listed = dict.fromkeys(order, 0) or dict.fromkeys(sorted(counts, key=self.rank), 0)
        return Tally(base, {code: counts[code] for code in listed})

    def band(self, question: Question, code: str) -> str:
        """Under what a code is counted: itself, where the codes are few."""
        return code

    def rank(self, band: str) -> Any:
        """By what bands that cannot be listed are ordered."""
        return band


def label_of(option: Option, language: str) -> str:
    """What an option is called, else its code."""
    return option.title or in_language(option.label, language, "en") or option.code


def prompt_of(question: Question) -> str:
    """The newest wording in the consultation's own language."""
    return question.wordings[-1].source_text if question.wordings else question.code


MOST_MARKS = 8
"""So many code points a character may have on average, joined pictures and stacked marks included."""


def check_words(words: str, most: int) -> str:
    """Words as they are kept: NFC, line breaks as \\n. Raises Invalid for too many, or what cannot be stored.

    Counted are characters as a reader sees them.
    """
    if unstorable(words):
        raise Invalid(
            "This text holds a character that cannot be stored. Type the text instead of pasting it.",
            field="text",
        )
    kept = tidy(words)
    length = len(kept)
    if most < length <= most * MOST_MARKS:
        length = characters(kept)
    if length > most:
        raise Invalid(
            "Your answer has %(length)s characters. Shorten it to %(most)s.",
            field="text",
            length=length,
            most=most,
        )
    return kept
