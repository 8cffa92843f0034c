"""Markdown that staff wrote, as HTML that may stand in a page. The only place that makes Markup of anything."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "ul"}
_parser = MarkdownIt("commonmark", {"html": False}).disable("image")


def rendered(source: str) -> Markup:
    """HTML without raw tags, images, styles or scripts; no h1, since a page has its own."""
    return _html(source, {"h1": "h2"})


def demoted(source: str) -> Markup:
    """The same for words under a heading of the second level: theirs begin at the third."""
    return _html(source, {"h1": "h3", "h2": "h3", "h3": "h4"})


def _html(source: str, headings: dict[str, str]) -> Markup:
    tokens = _parser.parse(source)
    for token in tokens:
        token.tag = headings.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704
