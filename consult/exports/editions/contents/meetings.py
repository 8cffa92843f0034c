"""The parts of a report about each meeting: what was asked, what it concluded, what participants said there."""

from consult.exports.editions.outline import Block, Heading, Links, Listing, Paragraph, Quotation
from consult.exports.editions.story import MeetingView, QuoteView, Story
from consult.exports.speaking import Voice


def asked(story: Story, voice: Voice) -> list[Block]:
    """Each wording with the meetings at which it was used."""
    if not story.questions:
        return []
    blocks: list[Block] = [Heading(1, voice.gettext("What was asked"))]
    for wording, where in story.questions:
        blocks += [Paragraph(wording, "asked", story.own), Paragraph(where, "note")]
    return blocks


def meetings(story: Story, voice: Voice) -> list[Block]:
    """One section a meeting, in their order."""
    blocks: list[Block] = [Heading(1, voice.gettext("Meeting by meeting"), new_page=True)]
    for item in story.meetings:
        blocks += _meeting(item, story, voice)
    return blocks


def views(story: Story, voice: Voice) -> list[Block]:
    """Every view that may be quoted, by meeting and question, in the edition's shuffled order."""
    blocks: list[Block] = [
        Heading(1, voice.gettext("Participants’ views"), new_page=True),
        Paragraph(
            voice.gettext("Views of participants, as the ground rules allow them to be quoted."), "lead"
        ),
    ]
    for item in story.meetings:
        blocks.append(Heading(2, item.heading, language=story.own))
        for one in item.asked:
            blocks += [Paragraph(prompt, "asked", story.own) for prompt in one.prompts]
            if one.views:
                blocks += [quotation(view, voice) for view in one.views]
            else:
                blocks.append(
                    Paragraph(
                        voice.gettext("No answer to this question at this meeting may be quoted."), "note"
                    )
                )
    return blocks


def _meeting(item: MeetingView, story: Story, voice: Voice) -> list[Block]:
    entry, own = item.entry, story.own
    where = " · ".join(words for words in (item.when[:1].upper() + item.when[1:], entry["venue"]) if words)
    blocks: list[Block] = [Heading(2, entry["title"], language=own), Paragraph(where, "note", own)]
    counts = [
        (voice.gettext("Invited"), item.invited),
        (voice.gettext("Answered"), item.answered),
        (voice.gettext("Approved for use"), item.approved),
    ]
    told = [
        voice.gettext("%(name)s: %(value)s", name=label, value=voice.number(value))
        for label, value in counts
        if value is not None
    ]
    if any(value for _label, value in counts):
        blocks.append(Paragraph(" · ".join(told), "note"))
    sections: list[tuple[str, list[str]]] = [
        (voice.gettext("Objectives"), list(entry["objectives"])),
        (
            voice.gettext("Sessions"),
            [
                f"{session['title']} ({session['chair']})" if session["chair"] else session["title"]
                for session in entry["sessions"]
            ],
        ),
        (entry["outcomes_heading"], list(entry["outcomes"])),
    ]
    for title, items in sections:
        if items:
            blocks += [
                Heading(3, title, numbered=False, language=own),
                Listing(items, ordered=True, language=own),
            ]
    if item.links:
        blocks += [
            Heading(3, voice.gettext("Read and listen"), numbered=False),
            Links(
                [(link.kind, link.title, link.url or "") for link in item.links],
                voice.gettext("to be published"),
                own,
            ),
        ]
    return blocks


def quotation(view: QuoteView, voice: Voice) -> Quotation:
    """A view as a format prints it, or the mark in its place."""
    if view.withdrawn:
        stood = voice.gettext("An answer stood here. Its author has withdrawn it.")
        return Quotation([(stood, None)], "", "", withdrawn=True)
    return Quotation(view.segments or [(view.text, None)], view.line, view.language)
