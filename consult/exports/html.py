"""The report as one HTML file with everything inside: no address leads elsewhere but those of the meetings' links."""

import re
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import consult
from consult.exports.presentation import present
from consult.reports.document import Document
from consult.settings import folder

_WEB = Path(consult.__file__).parent / "web"
_STYLES = ("tokens", "page", "public", "public-report")
_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_NOTES = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def render(document: Document, language: str | None = None) -> bytes:
    """The file. The same document in the same language gives the same bytes; the default is the document's own."""
    chosen = language or document["consultation"]["language"]
    environment, translations = _environment(chosen)
    story = present(document, chosen, translations.gettext)
    page = environment.get_template("report/standalone.html").render(story=story, styles=Markup(_styles()))  # noqa: S704
    return page.encode("utf-8")


@cache
def _environment(language: str) -> tuple[Environment, NullTranslations]:
    translations = Translations.load(_WEB / "translations", [language])
    environment = Environment(
        loader=FileSystemLoader(folder("templates")),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment, translations


@cache
def _styles() -> str:
    """The site's own styles without its fonts, which the file does without."""
    sheets = "".join((_WEB / "static" / "css" / f"{name}.css").read_text("utf-8") for name in _STYLES)
    return _NOTES.sub("", _FACES.sub("", sheets)).replace("</", "<\\/")
