"""The parts of a report that hold figures. Every one of them has passed the gate already."""

from collections.abc import Sequence

from consult.analysis.disclosure import Rounded
from consult.exports.editions.chart import chart
from consult.exports.editions.contents.meetings import quotation
from consult.exports.editions.outline import Block, Heading, Listing, Numbers, Paragraph, Table, Takeaway
from consult.exports.editions.story import Bars, ParticipationRow, Story, TakeawayView
from consult.exports.speaking import Voice


def numbers(story: Story, voice: Voice) -> list[Block]:
    """The large figures, who took part, and what those who did not answer mean for the rest."""
    known = story.document["figures"]
    own = story.own
    blocks: list[Block] = [
        Heading(1, voice.gettext("Numbers"), new_page=True),
        Numbers(
            [
                (voice.number(value), voice.translations.ngettext(one, many, value))
                for value, one, many in (
                    (known["participants"], "participant", "participants"),
                    (known["countries"], "country", "countries"),
                    (known["programme_directors"], "programme director", "programme directors"),
                    (known["meetings"], "meeting", "meetings"),
                )
                if value
            ]
        ),
        *([_participation(story, voice)] if story.expected else []),
    ]
    if story.joined_somewhere:
        blocks.append(
            Paragraph(
                voice.gettext(
                    "Those who joined at a meeting by the code shown there are counted apart: they may not have been "
                    "invited, so the response rate leaves them aside."
                ),
                "note",
            )
        )
    if story.supplementary:
        blocks.append(
            Paragraph(
                voice.ngettext(
                    "%(number)s invitation was made anew, in place of one whose link was lost.",
                    "%(number)s invitations were made anew, in place of ones whose links were lost.",
                    story.supplementary,
                    number=voice.number(story.supplementary),
                ),
                "note",
            )
        )
    several = story.document["at_several_meetings"]
    if several:
        blocks.append(
            Paragraph(
                voice.ngettext(
                    "%(people)s person was invited to more than one meeting. Answers are not joined across meetings.",
                    "%(people)s people were invited to more than one meeting. "
                    "Answers are not joined across meetings.",
                    several,
                    people=voice.number(several),
                ),
                "note",
            )
        )
    if story.expected:
        blocks.append(
            Paragraph(
                voice.gettext(
                    "Nothing is known of what those who did not answer think. Shares describe the people who answered, "
                    "and are no estimate for all who were invited."
                ),
                "note",
            )
        )
    objectives = story.document["consultation"]["objectives"]
    if objectives:
        blocks += [
            Heading(2, voice.gettext("What the meetings set out to do"), numbered=False),
            Listing(list(objectives), ordered=True, language=own),
        ]
    return blocks


def takeaways(story: Story, voice: Voice) -> list[Block]:
    """The numbered conclusions, each with every theme that carries it."""
    if not story.takeaways:
        return []
    blocks: list[Block] = [Heading(1, voice.gettext("Takeaways"), new_page=True)]
    for number, item in enumerate(story.takeaways, start=1):
        blocks.append(Takeaway(number, item.text, _carried(item, voice), story.own))
        blocks += [quotation(view, voice) for view in item.quotes]
    return blocks


def _carried(item: TakeawayView, voice: Voice) -> list[str]:
    """A sentence for each theme that carries the takeaway, then for each that speaks against it."""
    told = [f"{theme.title}. {_held(theme.shares, voice)}." for theme in item.evidence]
    against = voice.gettext("Against it")
    for theme in item.dissent:
        title = voice.gettext("%(name)s: %(value)s", name=against, value=theme.title)
        told.append(f"{title}. {_held(theme.shares, voice)}.")
    return told


def themes(story: Story, voice: Voice) -> list[Block]:
    """Themes side by side at the meetings, then across all of them."""
    blocks: list[Block] = [
        Heading(1, voice.gettext("Themes"), new_page=True),
        *_bars(story.by_meeting, voice.gettext("Share of answers naming each theme, by meeting"), voice),
    ]
    if story.overall.rows:
        caption = voice.gettext("Share of answers naming each theme, across all meetings")
        blocks += [
            Heading(2, voice.gettext("Across all meetings"), numbered=False),
            *_bars(story.overall, caption, voice),
        ]
    return blocks


def _participation(story: Story, voice: Voice) -> Table:
    few = voice.gettext("too few to print")

    def told(value: int | None) -> str:
        return few if value is None else voice.number(value)

    joined = story.joined_somewhere
    return Table(
        voice.gettext("Participation, meeting by meeting"),
        [
            voice.gettext("Meeting"),
            voice.gettext("Invited"),
            voice.gettext("Answered"),
            voice.gettext("Response rate"),
            *([voice.gettext("Joined at the meeting")] if joined else []),
            voice.gettext("Approved for use"),
        ],
        [
            [
                row.label,
                told(row.values[0]),
                told(row.values[1]),
                _rate(row, voice),
                *([told(row.joined)] if joined else []),
                told(row.values[2]),
            ]
            for row in story.participation
        ],
        widths=[28, 12, 14, 16, 16, 14] if joined else [34, 14, 16, 18, 18],
    )


def _rate(row: ParticipationRow, voice: Voice) -> str:
    """Or why there is none: more answers than invitations, as imports can bring, are no rate."""
    if row.response_rate is not None:
        return voice.share(row.response_rate)
    return voice.gettext("too few to print") if None in row.values[:2] else voice.gettext("not told")


def _held(shares: Sequence[tuple[str, Rounded, str]], voice: Voice) -> str:
    """ "Named in 60 % of answers in October 2015 and 45 % in May 2016"."""
    told = []
    for index, (when, share, _word) in enumerate(shares):
        per_cent = voice.share(share)
        if index == 0:
            told.append(
                voice.gettext("Named in %(share)s of answers in %(month)s", share=per_cent, month=when)
            )
        elif index == len(shares) - 1:
            told.append(" " + voice.gettext("and %(share)s in %(month)s", share=per_cent, month=when))
        else:
            told.append(", " + voice.gettext("%(share)s in %(month)s", share=per_cent, month=when))
    return "".join(told)


def _bars(bars: Bars, caption: str, voice: Voice) -> list[Block]:
    if not bars.rows:
        return [
            Paragraph(
                voice.gettext(
                    "Too few answers are approved for figures about themes. The views themselves stand on this page."
                )
            )
        ]
    rows = [
        [row.label, *(f"{value.text} ({value.count})" if value.count else value.text for value in row.values)]
        for row in bars.rows
    ]
    wide = max(24, 60 // len(bars.series))
    return [
        chart(bars, caption),
        Table(
            caption,
            [voice.gettext("Share of answers naming the theme"), *bars.series],
            rows,
            widths=[40, *([wide] * len(bars.series))],
        ),
        Paragraph(
            f"{_bases(bars, voice)} "
            + voice.gettext(
                "Shares are rounded, under 50 people to 5 points. An answer can name several themes."
            ),
            "note",
        ),
    ]


def _bases(bars: Bars, voice: Voice) -> str:
    told = []
    for name, base, why, missing in bars.bases:
        if why:
            told.append(voice.gettext("%(name)s: %(value)s", name=name, value=why))
        elif base is not None:
            told.append(
                voice.ngettext(
                    "%(name)s: %(people)s person with an approved answer.",
                    "%(name)s: %(people)s people with an approved answer.",
                    base,
                    name=name,
                    people=voice.number(base),
                )
            )
            if missing:
                told.append(
                    voice.ngettext(
                        "%(count)s more wrote nothing and is not counted here.",
                        "%(count)s more wrote nothing and are not counted here.",
                        missing,
                    )
                )
    return " ".join(told)
