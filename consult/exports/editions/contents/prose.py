"""What authors wrote in Markdown, as blocks that every format prints. No markup of theirs reaches a format raw."""

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from consult.exports.editions.contents.meetings import quotation
from consult.exports.editions.outline import Block, Heading, Prose, Run
from consult.exports.editions.story import SectionView, Story
from consult.exports.speaking import Voice

_ADDRESSES = ("https://", "http://", "mailto:")


def own_words(section: SectionView, story: Story, voice: Voice) -> list[Block]:
    """The authors' words of a part, then the answers picked for it."""
    picked = [] if section.code == "views" else section.quotes
    return [*blocks(section.body, story.own), *(quotation(view, voice) for view in picked)]


def blocks(source: str, language: str) -> list[Block]:
    """Headings, paragraphs, items and quotations in their order; two levels of lists are one."""
    return list(_blocks(_parser().parse(source), language))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def _blocks(tokens: list[Token], language: str) -> Iterator[Block]:
    lists: list[int | None] = []
    quoted, heading = 0, ""
    for token in tokens:
        if token.type == "ordered_list_open":
            lists.append(int(token.attrs.get("start", 1)) - 1)
        elif token.type == "bullet_list_open":
            lists.append(None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
        elif token.type == "list_item_open" and lists[-1] is not None:
            lists[-1] += 1
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quoted += 1 if token.nesting > 0 else -1
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.tag if token.nesting > 0 else ""
        elif token.type in {"inline", "code_block", "fence"}:
            runs = (
                _runs(token.children or []) if token.type == "inline" else [Run(token.content.rstrip("\n"))]
            )
            if heading:
                level = 2 if heading in {"h1", "h2"} else 3
                yield Heading(level, "".join(run.text for run in runs), numbered=False, language=language)
                continue
            number = lists[-1] if lists else None
            style = "number" if number is not None else "item" if lists else "quote" if quoted else "body"
            yield Prose(runs, style, number or 0, language)


def _runs(tokens: list[Token]) -> list[Run]:
    runs: list[Run] = []
    strong, emphasis, address = 0, 0, ""
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            strong += token.nesting
        elif token.type in {"em_open", "em_close"}:
            emphasis += token.nesting
        elif token.type == "link_open":
            leads = str(token.attrs.get("href", ""))
            address = leads if leads.lower().startswith(_ADDRESSES) else ""
        elif token.type == "link_close":
            address = ""
        else:
            text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
            if text:
                runs.append(Run(text, strong > 0, emphasis > 0, address))
    return runs
