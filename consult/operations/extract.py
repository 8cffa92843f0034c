"""One meeting's part of an edition."""

from consult.core.errors import NotFound
from consult.reports.document import Document


def of_meeting(document: Document, slug: str) -> Document:
    """The edition with one meeting in it. Nothing is counted anew, so it says nothing that the whole does not.

    What is of all meetings stays: the large figures, takeaways, the table across meetings, what was withheld.
    """
    meeting = next((entry for entry in document["meetings"] if entry["slug"] == slug), None)
    if meeting is None:
        raise NotFound(
            "Edition %(number)s was frozen before there was a meeting %(slug)s.",
            number=document["edition"]["number"],
            slug=slug,
        )
    here = (slug, None)
    return {
        **document,
        "consultation": {**document["consultation"], "strapline": meeting["title"]},
        "meetings": [meeting],
        "questions": [
            {**question, "askings": [asking for asking in question["askings"] if asking["meeting"] == slug]}
            for question in document["questions"]
        ],
        "takeaways": [
            {**takeaway, "evidence": [shown for shown in takeaway["evidence"] if shown["meeting"] == slug]}
            for takeaway in document["takeaways"]
        ],
        "participation": [row for row in document["participation"] if row["meeting"] in here],
        "themes": [table for table in document["themes"] if table["meeting"] in here],
        "differences": [],
        "quotes": [quote for quote in document["quotes"] if quote["meeting"] == slug],
    }
