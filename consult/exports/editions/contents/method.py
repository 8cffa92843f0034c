"""The parts of a report that say how it came about, what it leaves out, and how to cite it."""

from collections.abc import Sequence

from consult.exports.editions.outline import Block, Facts, Heading, Listing, Paragraph, Table
from consult.exports.editions.story import Story
from consult.exports.speaking import Voice


def method(story: Story, voice: Voice) -> list[Block]:
    """How answers were read, counted and kept, and the ground rules in force."""
    rules = story.document["ground_rules"]
    revealed = {"open": voice.gettext("may be revealed"), "closed": voice.gettext("not revealed")}
    blocks: list[Block] = [
        Heading(1, voice.gettext("How it was done"), new_page=True),
        Paragraph(
            voice.gettext(
                "Every answer was read by a programme director or a rapporteur before anything of it was used. "
                "An answer is printed only if its author allowed that and it was approved; words that could give "
                "somebody away are replaced by a mark that says what kind of words they were."
            )
        ),
        Paragraph(
            voice.gettext(
                "Answers stand in a shuffled order. They were sorted into the themes of a codebook by people; one "
                "answer can name several themes. Shares count people with an approved answer and are rounded, and "
                "no share is given where fewer than ten people answered."
            )
        ),
    ]
    if story.notes:
        blocks.append(
            Paragraph(
                voice.ngettext(
                    "The discussion is told after %(count)s note of a rapporteur. There a word of quantity says how "
                    "widely a view was voiced, as the rapporteur heard it; it is no count.",
                    "The discussion is told after %(count)s notes of rapporteurs. There a word of quantity says how "
                    "widely a view was voiced, as the rapporteur heard it; it is no count.",
                    story.notes,
                )
            )
        )
    if story.quantifiers and story.counted:
        blocks.append(
            Table(
                voice.gettext("Words for quantities mean these shares:").rstrip(":"),
                [voice.gettext("Word"), voice.gettext("From"), voice.gettext("To")],
                [
                    [word, voice.percent(least), voice.percent(most)]
                    for word, least, most in story.quantifiers
                ],
                widths=[40, 20, 20],
            )
        )
    blocks += [
        Heading(2, voice.gettext("Ground rules")),
        Paragraph(story.promise, "promise"),
        Facts(
            [
                (voice.gettext("How answers are kept"), story.mode),
                (voice.gettext("The most that may be done with an answer"), story.ceiling),
                (voice.gettext("Speaker"), revealed[rules["speaker"]]),
                (voice.gettext("Affiliation"), revealed[rules["affiliation"]]),
                (voice.gettext("List of those who took part"), revealed[rules["attendance"]]),
                (voice.gettext("Time of an answer"), story.timing),
                (
                    voice.gettext("Smallest group in any figure about people"),
                    voice.number(rules["smallest_group"]),
                ),
                (voice.gettext("Version"), str(rules["version"])),
            ]
        ),
    ]
    return blocks


def withheld(story: Story, voice: Voice) -> list[Block]:
    """What is not printed, counted by reason."""
    counts = story.document["withheld"]
    blocks: list[Block] = [Heading(1, voice.gettext("What was withheld"))]
    if "part" in story.document:
        words = voice.gettext(
            "This is one meeting’s part of the edition. What was withheld is told for all meetings together, "
            "in the whole edition."
        )
        return [*blocks, Paragraph(words)]
    if story.rejected:
        blocks += _tally(voice.gettext("Answers left out, by reason"), story.rejected, voice)
    else:
        blocks.append(Paragraph(voice.gettext("No answer was left out by the moderators.")))
    if story.redacted:
        blocks += _tally(voice.gettext("Words taken out of printed answers, by kind"), story.redacted, voice)
    if counts["aggregate_only"] or counts["not_for_use"]:
        wishes = [
            (voice.gettext("counted, not quoted"), counts["aggregate_only"]),
            (voice.gettext("neither counted nor quoted"), counts["not_for_use"]),
        ]
        blocks += _tally(voice.gettext("At the participants’ own wish"), wishes, voice)
    if counts["waiting"]:
        blocks.append(
            Paragraph(
                voice.ngettext(
                    "%(count)s answer had not been read by a moderator yet.",
                    "%(count)s answers had not been read by a moderator yet.",
                    counts["waiting"],
                )
            )
        )
    return blocks


def attendance(story: Story, voice: Voice) -> list[Block]:
    """Who took part, as the organisers publish it; nothing where they publish no list."""
    if not story.attendance:
        return []
    blocks: list[Block] = [Heading(1, voice.gettext("Who took part"))]
    for heading, people in story.attendance:
        if len(story.attendance) > 1:
            blocks.append(Heading(2, heading, language=story.own))
        told = [", ".join(part for part in person if part) for person in people]
        blocks.append(Listing(told, language=story.own))
    note = voice.gettext(
        "The list is the organisers’ own. It says nothing of who said what, or who answered."
    )
    return [*blocks, Paragraph(note, "note")]


def annexes(story: Story, voice: Voice) -> list[Block]:
    """The codebook, and how to cite."""
    blocks: list[Block] = []
    codebook = story.document["codebook"]
    if codebook:
        blocks += [
            Heading(1, voice.gettext("Codebook"), new_page=True),
            Table(
                voice.gettext("Themes of the codebook"),
                [voice.gettext("Theme"), voice.gettext("What it covers")],
                [[theme["title"], theme["description"]] for theme in codebook],
                numeric=False,
                widths=[34, 66],
            ),
        ]
    return [*blocks, *_citation(story, voice)]


def _citation(story: Story, voice: Voice) -> list[Block]:
    facts, number = story.document["consultation"], story.document["edition"]["number"]
    words = voice.gettext("edition %(number)s, %(day)s", number=number, day=story.frozen_on)
    cited = ", ".join(part for part in (facts["convenor"], facts["title"], words) if part)
    return [
        Heading(1, voice.gettext("About this edition")),
        Paragraph(f"{voice.gettext('How to cite:')} {cited}."),
        Paragraph(
            f"{voice.gettext('Licence:')} {facts['licence']}"
            if "licence" in facts
            else voice.gettext(
                "The convenor has stated no licence. Views may be quoted as printed, with their attribution line."
            )
        ),
        Paragraph(
            voice.gettext(
                "An edition never changes. The one exception is a view that its author takes back: it is removed, "
                "and a mark says so."
            )
        ),
    ]


def _tally(title: str, rows: Sequence[tuple[str, int | None]], voice: Voice) -> list[Block]:
    few = voice.gettext("too few to print")
    told = [
        (label[:1].upper() + label[1:], few if count is None else voice.number(count))
        for label, count in rows
    ]
    return [Heading(2, title, numbered=False), Facts(told)]
