"""From an edition to the outline of its report. Pure: the same document in the same language gives the same outline."""

from collections.abc import Callable
from dataclasses import replace

from consult.exports.editions.contents.figures import numbers, takeaways, themes
from consult.exports.editions.contents.meetings import asked, meetings, views
from consult.exports.editions.contents.method import annexes, attendance, method, withheld
from consult.exports.editions.contents.prose import own_words
from consult.exports.editions.outline import Block, Cover, Heading, Outline
from consult.exports.editions.presentation import present
from consult.exports.editions.story import Story
from consult.exports.speaking import Voice, voice
from consult.reports.document import Document


def outlined(document: Document, language: str | None = None) -> Outline:
    """The report in that language; the default is the document's own."""
    chosen = language or document["consultation"]["language"]
    speaking = voice(chosen)
    story = present(document, chosen, speaking.say)
    facts = document["consultation"]
    number, day = document["edition"]["number"], story.frozen_on
    edition = speaking.gettext("Edition %(number)s, %(day)s.", number=number, day=day).rstrip(".")
    return Outline(
        language=chosen,
        own_language=facts["language"],
        title=facts["title"],
        short_title=facts["title"],
        convenor=facts["convenor"],
        edition=edition,
        day=document["edition"]["frozen_on"],
        handling=story.handling,
        contents=speaking.gettext("Contents"),
        of_pages=speaking.gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        cover=_cover(story, edition, speaking),
        blocks=_blocks(story, speaking),
    )


_FILLED: dict[str, Callable[[Story, Voice], list[Block]]] = {
    "numbers": numbers,
    "question": asked,
    "takeaways": takeaways,
    "themes": themes,
    "meetings": meetings,
    "views": views,
    "method": method,
    "withheld": withheld,
    "attendance": attendance,
    "annexes": annexes,
}


def _blocks(story: Story, speaking: Voice) -> list[Block]:
    """Part by part, in the order that its authors gave; their words stand under each part's heading."""
    if not story.composed:
        return [block for part in _FILLED.values() for block in part(story, speaking)]
    found: list[Block] = []
    for section in story.sections:
        words = own_words(section, story, speaking)
        if section.is_text:
            found += [Heading(1, section.heading, language=story.own), *words]
            continue
        filled = _FILLED[section.code](story, speaking)
        if filled and isinstance(filled[0], Heading):
            heading = filled[0]
            if section.heading:
                heading = replace(heading, text=section.heading, language=story.own)
            found += [heading, *words, *filled[1:]]
        else:
            found += words
    return found


def _cover(story: Story, edition: str, voice: Voice) -> Cover:
    facts = story.document["consultation"]
    taken_out = story.document["edition"].get("corrections", 0)
    return Cover(
        above=" · ".join(words for words in (facts["programme"], facts["event"]) if words),
        title=facts["title"],
        below=facts["strapline"],
        edition=edition,
        convenor=facts["convenor"],
        demonstration=voice.gettext("Demonstration.")
        + " "
        + voice.gettext("The answers in this report were written for demonstration. Nobody said them.")
        if facts["demonstration"]
        else "",
        corrected=voice.ngettext(
            "Corrected: %(count)s answer was taken back by its author after this edition was frozen. "
            "Its words are gone; the figures stay as they were.",
            "Corrected: %(count)s answers were taken back by their authors after this edition was frozen. "
            "Their words are gone; the figures stay as they were.",
            taken_out,
        )
        if taken_out
        else "",
    )
