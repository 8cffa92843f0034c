"""From words and facts to the two parts of a message. Pure: the same in, the same out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape

import consult
from consult.operations.mailing.words import Words, filled, paragraphs
from consult.settings import folder

LANGUAGES = ("en", "fr", "pl")
"""Those in which the program's own words exist."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_CATALOGUES = Path(consult.__file__).parent / "web" / "translations"


@dataclass(frozen=True)
class Rendered:
    """What the reader sees."""

    subject: str
    text: str
    html: str


def rendered(
    words: Words,
    facts: Mapping[str, str],
    *,
    language: str,
    sender: str,
    stop_url: str = "",
    digest: bool = False,
    demonstration: bool = False,
) -> Rendered:
    """Subject, text and HTML. `facts` are plain texts; every one is escaped where it enters the HTML."""
    environment, _ = _environment(language)
    parts = paragraphs(words.body, facts)
    shared = {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "sender": sender,
        "help_contact": facts.get("help", ""),
        "stop_url": stop_url,
        "digest": digest,
        "demonstration": demonstration,
    }
    subject = filled(words.subject, facts)
    text = environment.get_template("email/message.txt").render(
        paragraphs=[filled(part, facts) for part in parts], **shared
    )
    html = environment.get_template("email/message.html").render(
        subject=subject,
        blocks=[(_block(part), _marked_up(part, facts)) for part in parts],
        link=facts.get("link", ""),
        **shared,
    )
    return Rendered(subject, text.strip() + "\n", html)


def catalogue(language: str) -> NullTranslations:
    """The program's words in that language; English where it has none."""
    return _environment(language)[1]


def _block(paragraph: str) -> str:
    return {"{link}": "link", "{question}": "question"}.get(paragraph, "words")


def _marked_up(paragraph: str, facts: Mapping[str, str]) -> Markup:
    safe = {name: str(escape(value)) for name, value in facts.items()}
    safe["name"] = str(Markup("<bdi>{}</bdi>").format(facts.get("name", "")))
    safe["code"] = str(Markup('<strong style="white-space:nowrap">{}</strong>').format(facts.get("code", "")))
    for address in ("link", "join"):
        safe[address] = str(
            Markup('<a href="{0}" style="color:#0a5656">{0}</a>').format(facts.get(address, ""))
        )
    return Markup(filled(str(escape(paragraph)), safe).replace("\n", "<br>\n"))  # noqa: S704  escaped piece by piece


@cache
def _environment(language: str) -> tuple[Environment, NullTranslations]:
    translations = Translations.load(_CATALOGUES, [language])
    environment = Environment(
        loader=FileSystemLoader(folder("templates")),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment, translations
