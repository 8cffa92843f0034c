"""The report as one HTML file with everything inside: no address leads elsewhere but those of the meetings' links."""

import base64
import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from consult.core.markdown import demoted as own_words
from consult.exports.editions.chart import fill_on_pages
from consult.exports.editions.presentation import present
from consult.exports.speaking import WEB, voice
from consult.reports.document import Document
from consult.settings import folder

_STYLES = ("tokens", "page", "public", "public-report")
_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_SOURCE = re.compile(r"url\([\"']?\.\./vendor/([^\"')]+)[\"']?\)")
_NOTES = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def render(document: Document, language: str | None = None) -> bytes:
    """The file. The same document in the same language gives the same bytes; the default is the document's own."""
    return page(document, language or document["consultation"]["language"])


def page(document: Document, language: str, *, with_fonts: bool = False, files: Sequence[str] = ()) -> bytes:
    """The same with its fonts inside, and leading to `files` beside it."""
    environment, speaking = _environment(language), voice(language)
    story = present(document, language, speaking.say)
    template = environment.get_template("report/standalone.html")
    styles = Markup(_styles(with_fonts=with_fonts))  # noqa: S704
    return template.render(story=story, styles=styles, files=files).encode("utf-8")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("templates")),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["own_words"] = own_words
    environment.filters["chart_fill"] = fill_on_pages
    environment.install_gettext_translations(voice(language).translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _styles(*, with_fonts: bool) -> str:
    """The site's own styles, its fonts inside or left out."""
    sheets = "".join((WEB / "static" / "css" / f"{name}.css").read_text("utf-8") for name in _STYLES)
    sheets = _SOURCE.sub(_inside, sheets) if with_fonts else _FACES.sub("", sheets)
    return _NOTES.sub("", sheets).replace("</", "<\\/")


def _inside(found: re.Match[str]) -> str:
    content = (WEB / "static" / "vendor" / found[1]).read_bytes()
    return f"url(data:font/woff2;base64,{base64.b64encode(content).decode('ascii')})"
