"""Page, PDF and Word file show the same bars: shares, words, patterns and the sentence that stands for them."""

import io
import re
from typing import Any

import docx
import html5lib
from lxml import etree

from consult.exports.editions import chart as drawing
from consult.exports.editions.contents import outlined
from consult.exports.editions.outline import Chart
from consult.exports.editions.story import BarRow, Bars, BarValue
from consult.exports.formats import EDITION_FORMATS
from tests.exports.test_editions import WRITTEN

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> tuple[list[str], list[tuple[int, str]], list[str]]:
    """A drawing's rows, its bars as (share, words) in their order, and its patterns without their colour."""
    picture = etree.fromstring(chart.svg.encode())
    words = list(picture.iter(f"{SVG}text"))
    rows = ["".join(each.itertext()) for each in words if each.get("font-weight") == "600"]
    bars, track = [], None
    for element in picture:
        if element.tag == f"{SVG}rect" and element.get("fill") == "#ece8df":
            track = float(element.get("width"))
        elif element.tag == f"{SVG}rect" and track is not None:
            bars.append(round(float(element.get("width")) / track * 100))
    told = [
        "".join(each.itertext())
        for each in words
        if each.get("fill") == "#1a1f2b" and not each.get("font-weight")
    ]
    patterns = [pattern_of(each) for each in picture.iter(f"{SVG}pattern")]
    return rows, list(zip(bars, told, strict=True)), patterns


def pattern_of(element: Any) -> str:
    """What is drawn over the colour of a series."""
    marks = [child for child in element if not child.tag.endswith("rect")]
    return " ".join(f"{key}={value}" for child in marks for key, value in sorted(child.attrib.items()))


def shown(figure: Any) -> tuple[list[str], list[tuple[int, str]], list[str]]:
    """The same of a page's figure."""

    def of_class(name: str) -> list[Any]:
        return [each for each in figure.iter() if name in (each.get("class") or "").split()]

    rows = [text(each) for each in of_class("bars__label")]
    bars = []
    for cell in of_class("bars__cell"):
        widths = [each.get("width") for each in cell.iter() if each.tag.endswith("rect")]
        words = next(each for each in cell.iter() if each.get("class") == "bars__text")
        if widths:
            bars.append((round(float(widths[-1].rstrip("%"))), text(words)))
    return rows, bars, [pattern_of(each) for each in figure.iter() if each.tag.endswith("pattern")]


def text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_longest_share_stays_within_the_drawing() -> None:
    bars = Bars(["May"], [BarRow("Unity", [BarValue(2, "moins de 5 %", None)])], [])
    told = next(
        each
        for each in etree.fromstring(drawing.chart(bars, "Shares").svg).iter()
        if each.text == "moins de 5 %"
    )
    assert float(str(told.get("x"))) + 6.5 * len("moins de 5 %") <= drawing.WIDTH


def test_every_format_draws_the_same_bars() -> None:
    charts = [block for block in outlined(WRITTEN, "en").blocks if isinstance(block, Chart)]
    page = html5lib.parse(EDITION_FORMATS["html"].render(WRITTEN).decode(), namespaceHTMLElements=False)
    figures = [each for each in page.iter("figure") if each.get("class") == "bars-figure"]
    assert len(charts) == len(figures) == 2
    for chart, figure in zip(charts, figures, strict=True):
        rows, bars, patterns = drawn(chart)
        page_rows, page_bars, page_patterns = shown(figure)
        assert rows == page_rows
        assert len(rows) == 12
        spaced = [(share, re.sub(r"\s+", " ", words)) for share, words in bars]
        assert spaced == page_bars
        assert patterns == page_patterns
        assert len(set(patterns)) == len(patterns), "told apart without their colours"
        finding = next(each for each in figure.iter("p") if "visually-hidden" in each.get("class"))
        assert text(finding) in re.sub(r"\s+", " ", chart.alt)
    pictures = docx.Document(io.BytesIO(EDITION_FORMATS["docx"].render(WRITTEN))).element.xpath("//wp:docPr")
    assert [each.get("descr") for each in pictures] == [chart.alt for chart in charts]
