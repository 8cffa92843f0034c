"""One meeting's part of an edition."""

from consult.core.errors import NotFound
from consult.reports.document import Document, TakeawayEntry, with_places


def of_meeting(document: Document, slug: str) -> Document:
    """The edition with one meeting in it. Nothing is counted anew, so it says nothing that the whole does not.

    Figures that an edition holds for all meetings together are left out. Of the large ones that is the countries and
    the directors; what was withheld is not told either. Takeaways stay, with the evidence of this meeting.
    """
    meeting = next((entry for entry in document["meetings"] if entry["slug"] == slug), None)
    if meeting is None:
        raise NotFound(
            "Edition %(number)s was frozen before there was a meeting %(slug)s.",
            number=document["edition"]["number"],
            slug=slug,
        )
    kept = [place for place, quote in enumerate(document["quotes"]) if quote["meeting"] == slug]
    places = {old: new for new, old in enumerate(kept)}
    document = with_places(document, [document["quotes"][place] for place in kept], places)
    invited = next((row["invited"] for row in document["participation"] if row["meeting"] == slug), 0)
    extract: Document = {
        **document,
        "part": slug,
        "consultation": {**document["consultation"], "strapline": meeting["title"], "objectives": []},
        "figures": {"participants": invited, "countries": 0, "programme_directors": 0, "meetings": 0},
        "at_several_meetings": 0,
        "withheld": {"rejected": {}, "redacted": {}, "aggregate_only": 0, "not_for_use": 0, "waiting": 0},
        "meetings": [meeting],
        "questions": [
            {**question, "askings": [asking for asking in question["askings"] if asking["meeting"] == slug]}
            for question in document["questions"]
        ],
        "takeaways": [_carried_at(takeaway, slug) for takeaway in document["takeaways"]],
        "participation": [row for row in document["participation"] if row["meeting"] == slug],
        "themes": [table for table in document["themes"] if table["meeting"] == slug],
        "differences": [],
    }
    if "attendance" in document:
        extract["attendance"] = [entry for entry in document["attendance"] if entry["meeting"] == slug]
    return extract


def _carried_at(takeaway: TakeawayEntry, slug: str) -> TakeawayEntry:
    """The takeaway with the evidence of that meeting alone."""
    kept: TakeawayEntry = {
        **takeaway,
        "evidence": [shown for shown in takeaway["evidence"] if shown["meeting"] == slug],
    }
    if "dissent" in takeaway:
        kept["dissent"] = [shown for shown in takeaway["dissent"] if shown["meeting"] == slug]
    return kept
