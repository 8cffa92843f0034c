"""What the coding page shows: the piles, the codebook with its counts, and one answer of a pile."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from consult.analysis.agreement.queries import awaits_blind_reading
from consult.analysis.marking import Part, is_marked, notes_on, parts_of
from consult.analysis.models import AnalystNote, Theme
from consult.analysis.queries import (
    Codable,
    Pile,
    answers_with_theme,
    codable_answer,
    next_codable,
    piles,
    theme_codes,
    themes_of,
)
from consult.analysis.suggestions.queries import Agreed, Offered, agreed_with, suggested_for
from consult.core.errors import NotFound
from consult.meetings.models import Meeting
from consult.moderation.phrases import removed_words
from consult.responses.models import Revision
from consult.web.desk.words import language_name
from consult.web.fields import Form
from consult.web.guards import Scope

ALL, UNASSIGNED = "all", "unassigned"
KEYS = (*"123456789", *("0" + second for second in "1234567890abcdefghijklmnopqrstuvwxyz"))
"""By place in the codebook: one key for the first nine themes, two keys one after the other for 36 more."""


class CodingForm(Form):
    """The themes of one answer as they should stand, beside those that were standing when the page was made."""

    revision = HiddenField()
    shown = HiddenField()
    themes = SelectMultipleField(_l("Themes"), validate_choice=True, name="themes")


@dataclass(frozen=True)
class Entry:
    """A theme in the codebook beside the answer."""

    code: str
    title: str
    description: str
    nested: bool
    count: int
    key: str | None
    href: str
    current: bool


class CodingPage:
    """The codebook with its counts, the piles and the answer in hand. The same number of queries for any of them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.meeting = _meeting(scope, request.args.get("meeting", ""))
        self.meeting_ids = [self.meeting.id] if self.meeting else scope.meeting_ids
        self.themes = themes_of(scope.session, scope.consultation)
        self.pile = request.args.get("theme") or UNASSIGNED
        self.theme = next((theme for theme in self.themes if theme.code == self.pile), None)
        if self.theme is None and self.pile not in (ALL, UNASSIGNED):
            raise NotFound(
                "There is no such theme in the codebook. Go to the coding page and choose one there."
            )

    def url(self, **changes: str | None) -> str:
        """This page with the same pile, but for the changes."""
        given = {"meeting": self.meeting.slug if self.meeting else None, "theme": self.pile, **changes}
        return url_for("desk.coding", slug=self.scope.consultation.slug, **_kept(given))

    @property
    def save_url(self) -> str:
        """Where the themes of the answer in hand are sent."""
        return self.act_url("desk.recode")

    @cached_property
    def answer(self) -> Codable | None:
        """The one that the address names, else the next of the pile. What was passed over comes round again."""
        if chosen := request.args.get("answer"):
            return self.one(chosen)
        after = request.args.get("after")
        found = self._next(after)
        return self._next(None) if found is None and after and self.pile == UNASSIGNED else found

    def one(self, answer_id: str) -> Codable | None:
        return codable_answer(self.scope.session, self.scope.consultation, self.scope.meeting_ids, answer_id)

    def _next(self, after: str | None, *, backwards: bool = False) -> Codable | None:
        return next_codable(
            self.scope.session,
            self.scope.consultation,
            self.meeting_ids,
            theme=self.theme,
            unassigned=self.pile == UNASSIGNED,
            after=after,
            backwards=backwards,
        )

    @cached_property
    def previous_url(self) -> str | None:
        """The answer before this one in the pile."""
        before = self._next(self.answer.answer_id, backwards=True) if self.answer else None
        return self.url(answer=before.answer_id) if before else None

    @property
    def next_url(self) -> str | None:
        return self.url(after=self.answer.answer_id) if self.answer else None

    @property
    def segments(self) -> list[tuple[str, str | None]]:
        """The published text, each redaction with what it took out."""
        language = self.scope.consultation.language
        return [
            (part or "", removed_words(kind, language) if kind else None)
            for part, kind in (self.answer.segments if self.answer else [])
        ]

    @cached_property
    def standing(self) -> tuple[str, ...]:
        """Codes of the themes that stand on the answer now."""
        if self.answer is None:
            return ()
        found = theme_codes(self.scope.session, [self.answer.revision_id])
        return found.get(self.answer.revision_id, ())

    @cached_property
    def blind(self) -> bool:
        """Whether this person may code the answer only without seeing what a colleague gave it."""
        return self.answer is not None and awaits_blind_reading(
            self.scope.session,
            self.scope.consultation,
            self.scope.meeting_ids,
            self.scope.user,
            self.answer.answer_id,
        )

    @cached_property
    def parts(self) -> list[tuple[Part, str]]:
        """Coded parts of the answer, each with its theme's title."""
        if self.answer is None:
            return []
        titles = {theme.id: theme.title for theme in self.themes}
        revision = self.scope.session.get_one(Revision, self.answer.revision_id)
        return [
            (part, titles[part.theme_id])
            for part in parts_of(self.scope.session, revision)
            if part.theme_id in titles
        ]

    @cached_property
    def notes(self) -> list[tuple[AnalystNote, str]]:
        return notes_on(self.scope.session, self.answer.revision_id) if self.answer else []

    @cached_property
    def marked(self) -> bool:
        """Whether somebody found the answer worth quoting."""
        return self.answer is not None and is_marked(self.scope.session, self.answer.revision_id)

    @cached_property
    def offered(self) -> list[Offered]:
        """What a machine suggests for the answer."""
        return suggested_for(self.scope.session, self.answer.revision_id) if self.answer else []

    @cached_property
    def agreed(self) -> dict[str, Agreed]:
        """Theme id → how often people took what the machine suggested."""
        if not self.offered:
            return {}
        return agreed_with(self.scope.session, self.scope.consultation, self.scope.meeting_ids)

    def act_url(self, endpoint: str) -> str:
        """Where something about the answer in hand is sent."""
        given = {
            "meeting": self.meeting.slug if self.meeting else None,
            "theme": self.pile,
            "answer_id": self.answer.answer_id if self.answer else None,
        }
        return url_for(endpoint, slug=self.scope.consultation.slug, **_kept(given))

    @cached_property
    def codebook(self) -> list[Entry]:
        counts = answers_with_theme(self.scope.session, self.scope.consultation, self.meeting_ids)
        return [
            Entry(
                code=theme.code,
                title=theme.title,
                description=theme.description,
                nested=theme.parent_id is not None,
                count=counts.get(theme.id, 0),
                key=KEYS[place] if place < len(KEYS) else None,
                href=self.url(theme=theme.code),
                current=theme is self.theme,
            )
            for place, theme in enumerate(self.themes)
        ]

    @cached_property
    def progress(self) -> list[Pile]:
        """Of every meeting that this person codes."""
        return piles(self.scope.session, self.scope.consultation, self.scope.meeting_ids)

    @property
    def here(self) -> Pile:
        """Of the meeting chosen, or of all of them together."""
        rows = [row for row in self.progress if row.meeting_id in self.meeting_ids]
        return Pile("", sum(row.answers for row in rows), sum(row.coded for row in rows))

    @property
    def meeting_chips(self) -> list[dict[str, Any]]:
        """A filter per meeting with what is left to do there; none where there is one meeting only."""
        if len(self.scope.meetings) < 2:
            return []
        left = {row.meeting_id: row.unassigned for row in self.progress}
        everywhere = {
            "text": _("All meetings"),
            "count": sum(left.values()),
            "href": self.url(meeting=None),
            "current": self.meeting is None,
        }
        return [
            everywhere,
            *(
                {
                    "text": meeting.short_title,
                    "count": left[meeting.id],
                    "href": self.url(meeting=meeting.slug),
                    "current": meeting is self.meeting,
                }
                for meeting in self.scope.meetings
            ),
        ]

    @property
    def pile_chips(self) -> list[dict[str, Any]]:
        """The piles: those without a theme, all of them, and those with the theme that was chosen."""
        chips = [
            {
                "text": _("Unassigned"),
                "count": self.here.unassigned,
                "href": self.url(theme=UNASSIGNED),
                "current": self.pile == UNASSIGNED,
            },
            {
                "text": _("All answers"),
                "count": self.here.answers,
                "href": self.url(theme=ALL),
                "current": self.pile == ALL,
            },
        ]
        chosen = next((entry for entry in self.codebook if entry.current), None)
        if chosen is not None:
            chips.append({"text": chosen.title, "count": chosen.count, "href": chosen.href, "current": True})
        return chips

    @property
    def facts(self) -> str:
        """Where the answer was given and in which language."""
        if self.answer is None:
            return ""
        meeting = next(m for m in self.scope.meetings if m.id == self.answer.meeting_id)
        return f"{meeting.title} · {language_name(self.answer.language)}"

    def form(self) -> CodingForm:
        """The form of the answer as it stands."""
        form = CodingForm(
            formdata=None,
            data={
                "revision": self.answer.revision_id if self.answer else "",
                "shown": " ".join(self.standing),
                "themes": list(self.standing),
            },
        )
        form.themes.choices = self.choices
        return form

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(theme.code, theme.title) for theme in self.themes]

    def named(self, codes: Sequence[str]) -> list[Theme]:
        return [theme for theme in self.themes if theme.code in codes]


def _meeting(scope: Scope, slug: str) -> Meeting | None:
    meeting = next((meeting for meeting in scope.meetings if meeting.slug == slug), None)
    if slug and meeting is None:
        raise NotFound(
            "There is no such meeting here, or it is not yours. Go to the coding page and choose one."
        )
    return meeting


def _kept(given: dict[str, str | None]) -> dict[str, Any]:
    """What an address carries, without what goes without saying."""
    return {name: value for name, value in given.items() if value and (name, value) != ("theme", UNASSIGNED)}
