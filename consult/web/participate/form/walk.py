"""The way through a form of several short pages: what was answered travels in the form's body, and nothing is stored.

Without script, a question that an answer on the same page brings up is shown once the page is sent. With it, at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from consult.consultations.kinds import OTHER, Option, condition_of
from consult.consultations.rules import in_language
from consult.core.clock import now
from consult.core.markdown import rendered
from consult.web.languages import direction
from consult.web.participate.form.forms import AnswerForm, Item
from consult.web.participate.form.uses import labels
from consult.web.participate.views import language, shown

ACT = "act"
SEEN = "seen_question"
"""Numbers of the questions that the participant has had before them."""
SEND = "send"
WARNED = "warned"
"""Numbers of the questions whose writer was warned that the words name somebody."""


@dataclass(frozen=True)
class ShownItem:
    """One question as a page shows it."""

    item: Item
    prompt: str
    language: str
    help_text: str
    heading: bool
    """Whether it is the form's only question, and so its heading."""
    label_class: str
    options: tuple[tuple[str, str], ...]
    """(code, words), without "other"."""
    depends_on: str = ""
    """The field on this page that brings it up."""
    depends_values: tuple[str, ...] = ()
    depends_limits: tuple[str, str, str] | None = None
    """The least and the most that bring it up, and of what kind of answer, where limits do."""
    held: bool = True
    """Whether it is brought up now."""

    @property
    def marks(self) -> Markup:
        """The attributes of words that are in another language than the page."""
        if self.language == str(get_locale() or "en"):
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(self.language, direction(self.language))

    @property
    def values(self) -> list[str]:
        return self.item.choice.data if self.item.choice is not None else []

    @property
    def other(self) -> tuple[str, str] | None:
        """The code and the words of "other", where it is offered."""
        return (OTHER, _("Other")) if self.item.asking.question.settings.get(OTHER) else None

    @property
    def statement(self) -> Markup:
        """The help text as a piece of text of its own."""
        return rendered(self.help_text)

    def setting(self, name: str) -> str:
        """A setting in the reader's language."""
        value = self.item.asking.question.settings.get(name, "")
        return in_language(value, language(), "en") if isinstance(value, dict) else str(value)


@dataclass(frozen=True)
class Answered:
    """One answer as the participant reads it before sending."""

    prompt: str
    language: str
    choices: tuple[str, ...]
    words: str
    use: str
    page: int


@dataclass(frozen=True)
class Walk:
    """A form of pages, standing at one of them: 1 … `last`, or behind it, where everything is read once more."""

    form: AnswerForm
    fallback: str
    at: int = 1
    whole: bool = False
    """Whether everything stands on one page, as where an answer is changed."""
    pages: tuple[tuple[int, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        by_page: dict[int, list[int]] = {}
        for item in self.form.items():
            by_page.setdefault(0 if self.whole else item.asking.question.page, []).append(item.number)
        object.__setattr__(self, "pages", tuple(tuple(numbers) for _page, numbers in sorted(by_page.items())))

    @property
    def last(self) -> int:
        return len(self.pages)

    @property
    def reviewed(self) -> bool:
        """Whether the answers are read once more before they are sent: where they do not stand on one page."""
        return self.last > 1

    @property
    def reviewing(self) -> bool:
        return self.at > self.last

    @property
    def single(self) -> bool:
        """Whether there is one question in all."""
        return len(self.form.items()) == 1

    @property
    def asks_about_choices(self) -> bool:
        """Whether this page asks if choices may be counted: the last before sending."""
        return "use_closed" in self.form and (
            (self.reviewing and self.form.counts_choices) or (not self.reviewed and self.last == 1)
        )

    @property
    def steps(self) -> list[int]:
        """The pages that have something to show."""
        visible = {item.number for item in self.form.shown()}
        return [number for number, page in enumerate(self.pages, 1) if visible & set(page)]

    @property
    def place(self) -> int:
        """Which of the steps this is."""
        return self.steps.index(self.at) + 1 if self.at in self.steps else 1

    @property
    def back(self) -> int:
        """The page before this one, or nought."""
        return max((step for step in self.steps if step < self.at), default=0) if self.reviewed else 0

    def title(self, otherwise: str) -> str:
        """The page's name: its one question, else the consultation's, with where it stands."""
        if self.single:
            return shown(self.form.askings[0].wording.prompt, self.fallback)[0]
        if self.reviewing:
            return str(_("Check your answers"))
        if self.reviewed:
            place = _("Page %(number)s of %(all)s", number=self.place, all=len(self.steps))
            return f"{place} – {otherwise}"
        return otherwise

    def items(self) -> list[ShownItem]:
        """The questions of this page; those that an answer on it may bring up are marked."""
        if self.reviewing:
            return []
        visible = {item.number for item in self.form.shown()}
        here = {item.asking.question.code: item for item in self._here()}
        found = []
        for item in here.values():
            condition = condition_of(item.asking.question)
            source = here.get(condition.question) if condition else None
            if source is None and item.number not in visible:
                continue
            depends = (
                source.choice if source and source.choice is not None else source.text if source else None
            )
            found.append(
                self._shown(
                    item,
                    depends_on=depends.name if depends is not None else "",
                    depends_values=condition.any_of if condition and source else (),
                    depends_limits=(condition.least, condition.most, source.kind.code)
                    if condition and condition.limited and source
                    else None,
                    held=item.number in visible,
                )
            )
        return found

    def carried(self) -> Iterator[tuple[str, str]]:
        """(name, value) of everything that is answered on other pages."""
        here = set() if self.reviewing else {item.number for item in self._here()}
        for item in self.form.items():
            if item.number in here:
                continue
            if item.choice is not None:
                yield from ((item.choice.name, value) for value in item.choice.data)
            if item.text is not None:
                yield item.text.name, item.text.data or ""
            if item.use is not None and item.use.data:
                yield item.use.name, item.use.data
            if item.waiver is not None and item.waiver.data:
                yield item.waiver.name, "y"
            for name in (SEEN, WARNED):
                if str(item.number) in request.form.getlist(name):
                    yield name, str(item.number)
        if "use_closed" in self.form and not self.asks_about_choices and self.form["use_closed"].data:
            yield "use_closed", self.form["use_closed"].data

    def answers(self, uses: dict[str, str]) -> list[Answered]:
        """What is about to be sent, in form order. `uses`: code of a step → what it is called."""
        found = []
        for item in self.form.shown():
            if not item.kind.asks:
                continue
            given, question = item.given, item.asking.question
            prompt, own = shown(item.asking.wording.prompt, self.fallback)
            use = uses.get(item.use.data or "", "") if item.use is not None and given else ""
            page = next(number for number, page in enumerate(self.pages, 1) if item.number in page)
            told = item.kind.words(question, given.choices or (), language())
            found.append(Answered(prompt, own, tuple(_(words) for words in told), given.words, use, page))
        return found

    def _here(self) -> list[Item]:
        return [item for item in self.form.items() if item.number in self.pages[self.at - 1]]

    def _shown(
        self,
        item: Item,
        *,
        depends_on: str,
        depends_values: tuple[str, ...],
        depends_limits: tuple[str, str, str] | None,
        held: bool,
    ) -> ShownItem:
        prompt, own = shown(item.asking.wording.prompt, self.fallback)
        help_text, _help_language = shown(item.asking.wording.help_text, self.fallback)
        options = [one for one in item.kind.options(item.asking.question) if one.code != OTHER]
        return ShownItem(
            item=item,
            prompt=prompt,
            language=own,
            help_text=help_text,
            heading=self.single and not self.whole,
            label_class="question"
            if self.single or not any(one.kind.closed for one in self._here())
            else "asked",
            options=tuple((option.code, option_words(option, self.fallback)) for option in options),
            depends_on=depends_on,
            depends_values=depends_values,
            depends_limits=depends_limits,
            held=held,
        )


def option_words(option: Option, fallback: str) -> str:
    """What an option is called in the reader's language."""
    return _(option.title) if option.title else in_language(option.label, language(), fallback) or option.code


def turned(form: AnswerForm, fallback: str, *, whole: bool = False) -> tuple[Walk, int] | None:
    """Where the pressed button leads and with which status, or None where everything is to be sent.

    A button without a name sends. Whatever is wrong is shown on the first page that has it.
    """
    word, _dash, place = request.form.get(ACT, SEND).partition("-")
    start = Walk(form, fallback, whole=whole)
    last = start.last + start.reviewed
    at = min(max(int(place), 1), last) if place.isascii() and place.isdigit() and len(place) < 4 else 1
    if word == "page":
        return Walk(form, fallback, at, whole), 200 if form.validate(only=()) else 422
    if word == "next" and not whole:
        return _next(Walk(form, fallback, at))
    if not form.validate():
        return Walk(form, fallback, _first_wrong(form, start), whole), 422
    return (start, 200) if not start.reviewed and _unseen(start) else None


def warning_at(form: AnswerForm, fallback: str) -> Walk:
    """The first page with an answer that names somebody."""
    start = Walk(form, fallback)
    places = [number for number, page in enumerate(start.pages, 1) if set(form.named) & set(page)]
    return Walk(form, fallback, places[0] if places else 1)


def _next(page: Walk) -> tuple[Walk, int]:
    """The page behind this one, if this one can be left."""
    if not page.form.validate(only=page.pages[page.at - 1]):
        return page, 422
    if _unseen(page):
        return page, 200
    behind = [step for step in page.steps if step > page.at]
    return Walk(page.form, page.fallback, behind[0] if behind else page.last + 1), 200


def _unseen(walk: Walk) -> bool:
    """Whether the answers of this page have brought up a question on it that was not there to be answered."""
    had = request.form.getlist(SEEN)
    return any(
        one.held and one.depends_on and str(one.item.number) not in had and not one.item.given
        for one in walk.items()
    )


def _first_wrong(form: AnswerForm, walk: Walk) -> int:
    if "use_closed" in form.errors and len(form.errors) == 1:
        return walk.last + 1 if walk.reviewed else 1
    wrong = {
        item.number
        for item in form.items()
        if any(one is not None and one.errors for one in (item.choice, item.text, item.use, item.waiver))
    }
    places: Sequence[int] = [number for number, page in enumerate(walk.pages, 1) if wrong & set(page)]
    return places[0] if places else (walk.last + 1 if walk.reviewed else 1)


def today_in_words() -> str:
    """The day of a waiver, as its form names it."""
    return in_words(now().date())


def in_words(day: date) -> str:
    """A day as people write it, the English way round in English."""
    own = language()
    return format_date(day, "long", locale="en_GB" if own == "en" else own)


def walk_values(walk: Walk, title: str) -> dict[str, object]:
    """What the templates of a walk are given beside the promise and the uses."""
    names = {step.code: name for step, name in labels().items()}
    answers = walk.answers(names) if walk.reviewing else []
    return {"walk": walk, "answers": answers, "page_title": walk.title(title), "today": today_in_words()}
