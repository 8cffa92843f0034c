"""Participants' pages: their blueprint, and what every one of them shows."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, Translations
from consult.consultations.rules import in_language
from consult.core.markdown import rendered
from consult.core.throttle import Throttle
from consult.meetings.models import Asking
from consult.web.asking import asked_from
from consult.web.installation import current_database, current_settings, site_address
from consult.web.languages import read_language

participate = Blueprint("participate", __name__)

MOST_WRONG_CODES = 40
"""Generous, since a whole conference may share one address; nine characters leave 26 million million codes to try."""
WINDOW = timedelta(minutes=15)


def language() -> str:
    """The language in which the consultation's words are read."""
    return read_language()


def shown(texts: Translations, fallback: str) -> tuple[str, str]:
    """The text that the reader is shown, and the language it is in."""
    text = in_language(texts, language(), fallback)
    return text, next((code for code, other in texts.items() if other == text), fallback)


def prompts(askings: Sequence[Asking], fallback: str) -> list[tuple[str, str]]:
    """What is asked, in form order, each with the language it is read in."""
    return [shown(one.wording.prompt, fallback) for one in askings if KINDS[one.question.kind].asks]


@lru_cache(maxsize=256)
def ground_rules_shown(text: str) -> Markup:
    """The convenor's words as HTML; the same for everybody, so made once."""
    return rendered(text)


def wrong_codes(act: str) -> Throttle:
    """Counts wrong codes from one network address, of which only an HMAC is kept, until the window ends."""
    return Throttle(
        current_database(),
        current_settings().secret_key,
        act=act,
        most=MOST_WRONG_CODES,
        window=WINDOW,
    )


def address() -> str:
    """Where the request came from, for counting alone."""
    return asked_from()


def report_address(consultation: Consultation) -> str:
    """Where a published report of it stands, as one writes it down."""
    return site_address() + url_for("public.story", slug=consultation.slug)


def message(
    heading: str,
    *paragraphs: str,
    links: list[tuple[str, str]] | None = None,
    help_contact: str = "",
    demonstration: bool = False,
) -> str:
    """A page that says something and where to go: `links` are (address, words)."""
    return render_template(
        "participate/message.html",
        heading=heading,
        paragraphs=paragraphs,
        page_links=links or [],
        help_contact=help_contact,
        demonstration=demonstration,
    )
