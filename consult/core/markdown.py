"""Markdown that staff wrote, as HTML that may stand in a page. The only place that makes Markup of anything."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "ul"}
_parser = MarkdownIt("commonmark", {"html": False}).disable("image")


def rendered(source: str) -> Markup:
    """HTML without raw tags, images, styles or scripts; no h1, since a page has its own."""
    tokens = _parser.parse(source)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704
