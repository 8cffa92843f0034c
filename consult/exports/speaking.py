"""The catalogues outside a request: which words a report of some language is printed in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

import consult
from consult.analysis.disclosure import Rounded
from consult.core.errors import N_

WEB = Path(consult.__file__).parent / "web"
THIN = "\u202f"
PERCENT, UNDER, OVER = N_("%(number)s %%"), N_("under %(number)s %%"), N_("over %(number)s %%")
TRANSLATED = tuple(
    sorted(path.parent.parent.name for path in (WEB / "translations").glob("*/LC_MESSAGES/messages.mo"))
)
"""Languages that there is a catalogue of, beside English."""

MARKS = {
    "ar": ("«", "»"),
    "de": ("„", "“"),
    "fr": (f"«{THIN}", f"{THIN}»"),
    "pl": ("„", "”"),
    "ru": ("«", "»"),
    "uk": ("«", "»"),
}
"""Quotation marks by language, as the pages have them; others take the English ones."""


@dataclass(frozen=True)
class Voice:
    """Sentences and figures in one language. `gettext` and `ngettext` fill facts in as the templates' do."""

    language: str
    translations: NullTranslations

    @property
    def say(self) -> Callable[[str], str]:
        """For `present`, which fills in by itself."""
        return self.translations.gettext

    def gettext(self, sentence: str, /, **facts: object) -> str:
        found = self.translations.gettext(sentence)
        return found % facts if facts or "%%" in found else found

    def ngettext(self, one: str, many: str, count: int, /, **facts: object) -> str:
        return self.translations.ngettext(one, many, count) % {"count": self.number(count), **facts}

    def number(self, value: int) -> str:
        """Thousands apart by a narrow space, as the pages print them."""
        return f"{value:,}".replace(",", THIN)

    def percent(self, value: int) -> str:
        return share_said(Rounded(value), self.say)

    def share(self, share: Rounded) -> str:
        return share_said(share, self.say)


def share_said(share: Rounded, say: Callable[[str], str]) -> str:
    """A share, or the bound that stands for it; its sign does not leave it at the end of a line."""
    sentence = PERCENT if share.under == share.over else OVER if share.under is None else UNDER
    number = share.under or share.over or share.percent
    return (say(sentence) % {"number": number}).replace(" %", f"{THIN}%")


@cache
def voice(language: str) -> Voice:
    """The voice of that language; English where there is no catalogue."""
    return Voice(language, Translations.load(WEB / "translations", [language]))
