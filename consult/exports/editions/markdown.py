"""The report as Markdown (CommonMark with tables): nobody's words can become markup."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from consult.exports.editions.contents import outlined
from consult.exports.editions.outline import (
    Chart,
    Facts,
    Heading,
    Links,
    Listing,
    Numbers,
    Outline,
    Paragraph,
    Prose,
    Quotation,
    Run,
    Table,
    Takeaway,
)
from consult.reports.document import Document

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_STARTS = re.compile(r"^([^\S\n]*)([-+=:]|\d+(?=[.)]))", re.MULTILINE)
_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20"})


def render(document: Document, language: str | None = None) -> bytes:
    """The file. The same document in the same language gives the same bytes."""
    return ("\n\n".join(_pieces(outlined(document, language))) + "\n").encode("utf-8")


def safe(words: str) -> str:
    """Words as Markdown prints them, letter by letter."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    return _STARTS.sub(_escaped, _MARKUP.sub(r"\\\1", words))


def _escaped(found: re.Match[str]) -> str:
    """What would begin a list or a rule at the start of a line, made plain: "1." becomes "1\\."."""
    space, mark = found[1], found[2]
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _pieces(outline: Outline) -> Iterator[str]:
    cover = outline.cover
    yield f"# {_line(cover.title)}"
    if cover.below:
        yield f"*{_line(cover.below)}*"
    facts = [cover.above, cover.convenor, cover.edition, outline.handling]
    yield "  \n".join(_line(words) for words in facts if words)
    for words in (cover.demonstration, cover.corrected):
        if words:
            yield f"> {_line(words)}"
    counts = [0, 0]
    for block in outline.blocks:
        if isinstance(block, Heading):
            yield _heading(block, counts)
        else:
            yield _SETTERS[type(block)](block)
    yield f"---\n\n{_line(outline.edition)} · {_line(outline.handling)}"


def _line(words: str) -> str:
    return safe(" ".join(words.split()))


def _lines(words: str, before: str = "") -> str:
    """Line breaks stay as hard breaks; an empty line within somebody's words ends no block."""
    return f"\\\n{before}".join(line or "&nbsp;" for line in safe(words).split("\n"))


def _heading(it: Heading, counts: list[int]) -> str:
    number = ""
    if it.numbered and it.level == 1:
        counts[:] = [counts[0] + 1, 0]
        number = f"{counts[0]}. "
    elif it.numbered and it.level == 2:
        counts[1] += 1
        number = f"{counts[0]}.{counts[1]} "
    return f"{'#' * (it.level + 1)} {number}{_line(it.text)}"


def _paragraph(it: Paragraph) -> str:
    if it.style == "asked":
        return f"**{_line(it.text)}**"
    if it.style == "promise":
        return f"> {_lines(it.text, '> ')}"
    return _lines(it.text)


def _numbers(it: Numbers) -> str:
    return "\n".join(f"- **{_line(value)}** {_line(label)}" for value, label in it.items)


def _prose(it: Prose) -> str:
    words = "".join(_run(run) for run in it.runs)
    before = {"item": "- ", "quote": "> ", "number": f"{it.number}. "}.get(it.style, "")
    return before + words


def _run(it: Run) -> str:
    words = _lines(it.text)
    for mark, wanted in (("**", it.strong), ("*", it.emphasis)):
        if wanted and words.strip() == words:
            words = f"{mark}{words}{mark}"
    return f"[{words}]({it.address.translate(_ADDRESS)})" if it.address else words


def _listing(it: Listing) -> str:
    return "\n".join(
        f"{f'{number}.' if it.ordered else '-'} {_line(words)}" for number, words in enumerate(it.items, 1)
    )


def _table(it: Table) -> str:
    sides = ["---", *("--:" if it.numeric else "---" for _name in it.head[1:])]
    rows = [it.head, sides, *it.rows]
    lines = [
        "| " + " | ".join(words if words in {"---", "--:"} else _line(words) for words in cells) + " |"
        for cells in rows
    ]
    return f"*{_line(it.caption)}*\n\n" + "\n".join(lines)


def _chart(it: Chart) -> str:
    return _line(it.alt)


def _quotation(it: Quotation) -> str:
    if it.withdrawn:
        return f"> *{_line(it.segments[0][0])}*"
    words = "".join(text if kind is None else f"[{kind}]" for text, kind in it.segments)
    line = f"\n>\n> — {_line(it.line)}" if it.line else ""
    return f"> {_lines(words, '> ')}{line}"


def _takeaway(it: Takeaway) -> str:
    evidence = "".join(f"\n   - {_line(words)}" for words in it.evidence)
    return f"{it.number}. **{_line(it.text)}**{evidence}"


def _facts(it: Facts) -> str:
    return "\n".join(f"- {_line(what)}: {_line(how)}" for what, how in it.rows)


def _links(it: Links) -> str:
    told = []
    for kind, title, address in it.items:
        words = (
            f"[{_line(title)}]({address.translate(_ADDRESS)})"
            if address
            else f"{_line(title)} ({_line(it.to_come)})"
        )
        told.append(f"- {words}" if kind.lower() == title.lower() else f"- {_line(kind)}: {words}")
    return "\n".join(told)


_SETTERS: dict[type, Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Prose: _prose,
    Numbers: _numbers,
    Listing: _listing,
    Table: _table,
    Chart: _chart,
    Quotation: _quotation,
    Takeaway: _takeaway,
    Facts: _facts,
    Links: _links,
}
