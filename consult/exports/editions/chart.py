"""Bars drawn once, as SVG: a PDF and a Word file show the same drawing, a page the same fills at the width it has.

Each series has a pattern beside its colour, so that it is told apart in black and white; nothing is in the drawing that
is not in the table beside it.
"""

from html import escape

from markupsafe import Markup

from consult.exports.editions.outline import Chart
from consult.exports.editions.story import Bars, BarValue

WIDTH = 660
_LEFT, _VALUES, _TALL, _GAP = 2, 60, 13, 3
_LABEL, _ROW_GAP, _KEY = 19, 7, 20
_LETTER = 7
"""Of the widest letters of a bar's share there is room for this much each."""
_COLOURS = ("#14284b", "#0f6e6e", "#8a5a14", "#6b3a5e")
_FACE = "'Source Sans 3','Noto Naskh Arabic',sans-serif"
_MARKS = (
    "",
    '<path d="M0 0l8 8M-2 6l4 4M6 -2l4 4" stroke="#fff" stroke-width="1.4" stroke-opacity="0.6"/>',
    '<circle cx="4" cy="4" r="1.4" fill="#fff" fill-opacity="0.75"/>',
    '<path d="M0 4h8M4 0v8" stroke="#fff" stroke-width="1.2" stroke-opacity="0.6"/>',
)
"""What is drawn over the colour of the first, second, third and fourth series; a fifth begins again."""


def chart(bars: Bars, caption: str) -> Chart:
    """The drawing, with the sentence that states its finding."""
    key = len(bars.series) > 1
    top = _KEY * len(bars.series) + 10 if key else 2
    row = _LABEL + len(bars.series) * (_TALL + _GAP) + _ROW_GAP
    height = top + row * len(bars.rows)
    longest = max(
        (len(value.text) for row_of in bars.rows for value in row_of.values if value.share is not None),
        default=0,
    )
    room = WIDTH - 2 * _LEFT - max(_VALUES, 10 + _LETTER * longest)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"',
        f' height="{height}" font-family="{_FACE}" font-size="13">',
        "<defs>",
        *(
            fill(_fill(index), index, _COLOURS[index])
            for index in range(min(len(bars.series), len(_COLOURS)))
        ),
        "</defs>",
    ]
    if key:
        parts += [
            f'<rect x="{_LEFT}" y="{index * _KEY + 1}" width="14" height="14" fill="url(#{_fill(index)})"/>'
            f'<text x="{_LEFT + 22}" y="{index * _KEY + 12.5}" fill="#464d5c">{escape(name)}</text>'
            for index, name in enumerate(bars.series)
        ]
    for place, row_of in enumerate(bars.rows):
        y = top + place * row
        parts.append(
            f'<text x="{_LEFT}" y="{y + 14}" fill="#1a1f2b" font-weight="600">{escape(row_of.label)}</text>'
        )
        for index, value in enumerate(row_of.values):
            parts += _bar(y + _LABEL + index * (_TALL + _GAP), index, room, value)
    parts.append("</svg>")
    return Chart("".join(parts), f"{caption}. {bars.finding}", caption, WIDTH, height)


def _bar(y: float, index: int, room: int, value: BarValue) -> list[str]:
    share, text = value.share, value.text
    if share is None:
        return [f'<text x="{_LEFT}" y="{y + 12}" fill="#464d5c" font-style="italic">{escape(text)}</text>']
    long = round(room * share / 100, 2)
    return [
        f'<rect x="{_LEFT}" y="{y}" width="{room}" height="{_TALL}" fill="#ece8df"/>',
        f'<rect x="{_LEFT}" y="{y}" width="{long}" height="{_TALL}" fill="url(#{_fill(index)})"/>',
        f'<text x="{_LEFT + room + 10}" y="{y + 11.5}" fill="#1a1f2b">{escape(text)}</text>',
    ]


def _fill(index: int) -> str:
    return f"series-{index % len(_COLOURS) + 1}"


def fill(name: str, index: int, colour: str) -> str:
    """The pattern of the series in that place, from 0, in a colour: every drawing of ours is filled with these."""
    return (
        f'<pattern id="{escape(name)}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{escape(colour)}"/>{_MARKS[index % len(_MARKS)]}</pattern>'
    )


def fill_on_pages(name: str, place: int) -> Markup:
    """The same for a page, whose style sheet sets the colour; `place` from 1."""
    return Markup(fill(name, place - 1, "currentColor"))  # noqa: S704 (no word of anybody's is in it)
