"""An edition document made ready for a page: dates in words, figures as bars, quotes with their meeting.

Pure: the same document in the same language gives the same pages. Templates under `templates/report` print it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from babel.dates import format_date

from consult.analysis.disclosure import Rounded
from consult.analysis.disclosure.figures import ShareEntry
from consult.analysis.disclosure.themes import ThemeTableEntry
from consult.exports.editions.story import (
    AskedView,
    BarRow,
    Bars,
    BarValue,
    EvidenceView,
    LinkView,
    MeetingView,
    ParticipationRow,
    QuoteView,
    SectionView,
    Story,
    TakeawayView,
)
from consult.exports.editions.words import (
    ATTRIBUTIONS,
    HANDLINGS,
    LINK_KINDS,
    MODES,
    QUANTIFIERS,
    REDACTIONS,
    REJECTIONS,
    TIMINGS,
)
from consult.exports.speaking import share_said
from consult.reports.document import (
    FOR_RELEASE,
    PARTS,
    SHORT,
    Document,
    Evidence,
    MeetingEntry,
    QuoteEntry,
)

Say = Callable[[str], str]
"""Translates an English sentence into the reader's language."""

ON_THE_WALL = 14
AT_A_MEETING = 6
UNFOLDED = 18
UNDER_A_THEME = 5
_PATTERNS = {"year": "y", "month": "LLLL y", "day": "d MMMM y"}
_SAFE_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def present(document: Document, language: str, say: Say) -> Story:
    """The document for a reader of `language`, whose translations come from `say`."""
    own = document["consultation"]["language"]
    rules = document["ground_rules"]
    meetings = [_meeting(document, entry, language, say) for entry in document["meetings"]]
    sections = _sections(document, say)
    on_the_wall = _on_the_wall(document)
    return Story(
        document=document,
        language=language,
        frozen_on=format_date(
            date.fromisoformat(document["edition"]["frozen_on"]), "d MMMM y", locale=language
        ),
        handling=_handling(document, say),
        questions=_questions(document, meetings),
        meetings=_without(meetings, on_the_wall),
        participation=_participation(document, meetings, say),
        wall=[_quote(quote, say) for quote in on_the_wall],
        takeaways=_takeaways(document, meetings, say),
        by_meeting=_bars(document, [t for t in document["themes"] if t["meeting"]], meetings, say),
        overall=_bars(document, [t for t in document["themes"] if not t["meeting"]], meetings, say),
        promise=rules["promise"].get(language) or rules["promise"].get(own, ""),
        rules=rules["rules"].get(language) or rules["rules"].get(own, ""),
        mode=say(MODES[rules["mode"]]),
        ceiling=say(ATTRIBUTIONS[rules["ceiling"]]),
        timing=say(TIMINGS[rules["timing"]]),
        quantifiers=[
            (say(QUANTIFIERS.get(r["word"], r["word"])), r["at_least"], r["at_most"])
            for r in rules["quantifiers"]
        ],
        rejected=_counted(document["withheld"]["rejected"], REJECTIONS, say),
        redacted=_counted(document["withheld"]["redacted"], REDACTIONS, say),
        sections=sections,
        by_theme=_by_theme(document, say),
        attendance=_attendance(document, meetings),
    )


def _attendance(
    document: Document, meetings: Sequence[MeetingView]
) -> list[tuple[str, list[tuple[str, str]]]]:
    headings = {meeting.entry["slug"]: meeting.heading for meeting in meetings}
    return [
        (headings[entry["meeting"]], [(person["name"], person["description"]) for person in entry["people"]])
        for entry in document.get("attendance", [])
    ]


def _sections(document: Document, say: Say) -> list[SectionView]:
    if "sections" not in document:
        return [SectionView(code, "", "", []) for code in PARTS]
    return [
        SectionView(
            section["code"],
            section["heading"],
            section["body"],
            [_quote(document["quotes"][place], say) for place in section["quotes"]],
        )
        for section in document["sections"]
    ]


def _on_the_wall(document: Document) -> list[QuoteEntry]:
    """The answers that its authors picked for the views; where they picked none, a varied choice."""
    picked = [
        document["quotes"][place]
        for section in document.get("sections", [])
        if section["code"] == "views"
        for place in section["quotes"]
    ]
    return [quote for quote in picked if not quote.get("withdrawn")] or _varied(document["quotes"])


def _handling(document: Document, say: Say) -> str:
    handling = document["edition"].get("handling", FOR_RELEASE)
    return say(HANDLINGS.get(handling, handling))


def meeting_dates(starts_on: str, ends_on: str, precision: str, language: str) -> str:
    """Dates as exactly as they are known: "October 2015"."""
    begin, end = (
        format_date(date.fromisoformat(day), _PATTERNS[precision], locale=language)
        for day in (starts_on, ends_on)
    )
    return begin if begin == end else f"{begin} – {end}"


def _meeting(document: Document, entry: MeetingEntry, language: str, say: Say) -> MeetingView:
    when = meeting_dates(entry["starts_on"], entry["ends_on"], entry["precision"], language)
    counts = next((p for p in document["participation"] if p["meeting"] == entry["slug"]), None)
    return MeetingView(
        entry=entry,
        when=when,
        heading=f"{entry['short_title']}, {when}",
        asked=_asked(document, entry["slug"], say),
        links=[
            LinkView(say(LINK_KINDS[link["kind"]]), link["title"], _address(link["url"]))
            for link in entry["links"]
        ],
        views=[],
        more=[],
        invited=counts["invited"] if counts else None,
        answered=counts["answered"] if counts else None,
        approved=counts["approved"] if counts else None,
    )


def _asked(document: Document, meeting: str, say: Say) -> list[AskedView]:
    """The meeting's questions in form order. A question asked in two sessions may have two wordings."""
    asked = []
    for question in document["questions"]:
        wordings = [asking["wording"] for asking in question["askings"] if asking["meeting"] == meeting]
        views = [
            _quote(quote, say)
            for quote in document["quotes"]
            if quote["meeting"] == meeting and quote["question"] == question["code"]
        ]
        if wordings or views:
            asked.append(AskedView(list(dict.fromkeys(wordings)), views))
    return asked


def _without(meetings: list[MeetingView], on_the_wall: Sequence[QuoteEntry]) -> list[MeetingView]:
    """The meetings, each with a few views that the wall does not show already, and some more to unfold."""
    shown = {(quote["meeting"], quote["text"]) for quote in on_the_wall}
    return [_with_views(meeting, shown) for meeting in meetings]


def _with_views(meeting: MeetingView, shown: set[tuple[str, str]]) -> MeetingView:
    views = [
        view
        for asked in meeting.asked
        for view in asked.views
        if (meeting.entry["slug"], view.text) not in shown and not view.withdrawn
    ]
    return replace(meeting, views=views[:AT_A_MEETING], more=views[AT_A_MEETING : AT_A_MEETING + UNFOLDED])


def _by_theme(document: Document, say: Say) -> list[tuple[str, list[QuoteView]]]:
    """Themes in the codebook's order, the meetings taking turns; a theme that no printed view names is left out."""
    found = []
    for theme in document["codebook"]:
        piles: dict[str, list[QuoteEntry]] = {}
        for quote in document["quotes"]:
            if theme["code"] in quote["themes"] and not quote.get("withdrawn"):
                piles.setdefault(quote["meeting"], []).append(quote)
        turns = [
            quote
            for turn in range(UNDER_A_THEME)
            for pile in piles.values()
            for quote in pile[turn : turn + 1]
        ]
        if turns:
            found.append((theme["title"], [_quote(quote, say) for quote in turns[:UNDER_A_THEME]]))
    return found


def _address(url: str | None) -> str | None:
    return url if url and _SAFE_ADDRESS.match(url) else None


def _quote(quote: QuoteEntry, say: Say) -> QuoteView:
    kinds = any(kind for _words, kind in quote["segments"])
    segments = [
        (words or "", say(REDACTIONS.get(kind, kind)) if kind else None) for words, kind in quote["segments"]
    ]
    return QuoteView(
        quote["text"],
        quote["line"],
        quote["language"],
        segments if kinds else None,
        quote.get("withdrawn", False),
    )


def _varied(quotes: Sequence[QuoteEntry]) -> list[QuoteEntry]:
    """Views for the wall, the meetings taking turns, in the edition's order; long ones are for the report."""
    piles: dict[str, list[QuoteEntry]] = {}
    for quote in quotes:
        if len(quote["text"]) <= SHORT and not quote.get("withdrawn"):
            piles.setdefault(quote["meeting"], []).append(quote)
    turns = [
        quote for turn in range(ON_THE_WALL) for pile in piles.values() for quote in pile[turn : turn + 1]
    ]
    return turns[:ON_THE_WALL] or [quote for quote in quotes if not quote.get("withdrawn")][:3]


def _questions(document: Document, meetings: Sequence[MeetingView]) -> list[tuple[str, str]]:
    where = {meeting.entry["slug"]: meeting.heading for meeting in meetings}
    asked: dict[str, list[str]] = {}
    for question in document["questions"]:
        for asking in question["askings"]:
            asked.setdefault(asking["wording"], []).append(where.get(asking["meeting"], ""))
    return [(wording, "; ".join(places)) for wording, places in asked.items()]


def _participation(document: Document, meetings: Sequence[MeetingView], say: Say) -> list[ParticipationRow]:
    headings = {meeting.entry["slug"]: meeting.heading for meeting in meetings}
    return [
        ParticipationRow(
            headings[row["meeting"]] if row["meeting"] else say("All meetings"),
            (row["invited"], row["answered"], row["approved"]),
            row.get("joined", 0),
        )
        for row in document["participation"]
    ]


def _takeaways(document: Document, meetings: Sequence[MeetingView], say: Say) -> list[TakeawayView]:
    titles = {theme["code"]: theme["title"] for theme in document["codebook"]}
    months = {meeting.entry["slug"]: meeting.when for meeting in meetings}
    views = []
    for takeaway in document["takeaways"]:
        evidence, dissent = (
            _evidence(shown, titles, months, say)
            for shown in (takeaway["evidence"], takeaway.get("dissent", []))
        )
        quotes = [_quote(document["quotes"][place], say) for place in takeaway.get("quotes", [])]
        views.append(TakeawayView(takeaway["text"], evidence, dissent, quotes))
    return views


def _evidence(
    shares: Sequence[Evidence], titles: dict[str, str], months: dict[str, str], say: Say
) -> list[EvidenceView]:
    by_theme: dict[str, list[tuple[str, Rounded, str]]] = {}
    for shown in shares:
        word = say(QUANTIFIERS.get(shown["quantifier"], shown["quantifier"]))
        by_theme.setdefault(shown["theme"], []).append((months[shown["meeting"]], _rounded(shown), word))
    return [EvidenceView(titles[code], found) for code, found in by_theme.items()]


def _bars(
    document: Document, tables: Sequence[ThemeTableEntry], meetings: Sequence[MeetingView], say: Say
) -> Bars:
    headings = {meeting.entry["slug"]: meeting.heading for meeting in meetings}
    series = [headings.get(table["meeting"] or "", say("All meetings")) for table in tables]
    found = [({share["theme"]: share for share in table["shares"]}, table["base"]) for table in tables]
    rows = [
        BarRow(theme["title"], [_bar(shares.get(theme["code"]), base, say) for shares, base in found])
        for theme in document["codebook"]
        if any(base is not None and theme["code"] in shares for shares, base in found)
    ]
    bases = [
        (name, table["base"], say(table["withheld"]) if table["withheld"] else "", table.get("missing"))
        for name, table in zip(series, tables, strict=True)
    ]
    strongest = sorted(rows, key=lambda row: -max((value.share or 0 for value in row.values), default=0))
    return Bars(series, strongest, bases, _finding(series, strongest, say))


def _finding(series: Sequence[str], rows: Sequence[BarRow], say: Say) -> str:
    """The strongest themes with their shares."""
    told = [
        f"{row.label} – "
        + "; ".join(
            say("%(series)s: %(share)s") % {"series": name, "share": value.text}
            for name, value in zip(series, row.values, strict=True)
        )
        + "."
        for row in rows[:3]
    ]
    return " ".join([*told, say("The table has every figure.")])


def _bar(share: ShareEntry | None, base: int | None, say: Say) -> BarValue:
    if share is None or share["percent"] is None:
        return BarValue(None, say("withheld"), None)
    told = _rounded(share)
    word = say(QUANTIFIERS.get(share["quantifier"], share["quantifier"]))
    count = say("%(word)s: %(count)s of %(base)s") % {"word": word, "count": share["count"], "base": base}
    return BarValue(_drawn(told), share_said(told, say), count)


def _rounded(share: ShareEntry | Evidence) -> Rounded:
    return Rounded(share["percent"] or 0, share.get("under"), share.get("over"))


def _drawn(share: Rounded) -> int:
    """Per cent of the bar's length: some are never none, and nearly all never all."""
    if share.under is not None:
        return max(1, share.under // 2)
    return share.percent if share.over is None else (100 + share.over) // 2


def _counted(counts: dict[str, int], words: dict[str, str], say: Say) -> list[tuple[str, int]]:
    return [(say(words.get(kind, kind)), counts[kind]) for kind in sorted(counts) if counts[kind] != 0]
