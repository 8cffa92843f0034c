"""The words of mail: what they are unless a consultation writes its own, and how placeholders are filled.

A body is paragraphs with a blank line between them. A paragraph with a placeholder that has no value here is left
out, so "until {closes}" vanishes where no closing is set.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consult.core.errors import N_, Invalid
from consult.core.text import tidy, unstorable
from consult.operations.mailing.kinds import NEEDED, PLACEHOLDERS, MailKind

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_BEFORE, _AFTER = r"(\[„“«‘\"'", r")\]”“»’\"'.,;:!?…"
_SECRET = re.compile(r"\{(link|code)\}")
_ALONE = re.compile(rf"(?:(?<=[\s{_BEFORE}])|^)\{{(?:link|code)\}}(?=[{_AFTER}]*(?:\s|$))")
LONGEST_SUBJECT, LONGEST_BODY = 200, 8000


@dataclass(frozen=True)
class Words:
    """Subject and body with `{placeholders}`."""

    subject: str
    body: str


_DEAR = N_("Dear {name},")
_CODE = N_("If the link does not open, go to {join} and type this code: {code}")
_UNTIL = N_("Answers are taken until {closes}.")
_PROMISE = N_(
    "The first page says how your answer may be used, and what is kept apart from it. You need no account."
)

DEFAULTS: dict[MailKind, tuple[str, tuple[str, ...]]] = {
    MailKind.INVITATION: (
        N_("Your view is asked: {meeting}"),
        (
            _DEAR,
            N_("{convenor} asks everybody who was invited to “{meeting}”:"),
            "{question}",
            N_("Answering takes a few minutes, on a phone or a computer."),
            "{link}",
            _UNTIL,
            _CODE,
            _PROMISE,
        ),
    ),
    MailKind.REMINDER: (
        N_("A reminder: your view on “{meeting}”"),
        (
            _DEAR,
            N_("A while ago {convenor} asked you:"),
            "{question}",
            N_("Your answer would still be welcome. It takes a few minutes."),
            "{link}",
            _UNTIL,
            _CODE,
            _PROMISE,
        ),
    ),
    MailKind.CLOSING: (
        N_("More time to answer: {meeting}"),
        (
            _DEAR,
            N_("{convenor} has changed the time until which answers are taken. It is now {closes}."),
            "{question}",
            "{link}",
            _CODE,
        ),
    ),
    MailKind.PUBLISHED: (
        N_("The report is out: {consultation}"),
        (
            _DEAR,
            N_("The report of “{consultation}” is published. Thank you for taking part."),
            "{link}",
        ),
    ),
    MailKind.STAFF_INVITATION: (
        N_("You are part of the team of “{consultation}”"),
        (
            _DEAR,
            N_("{convenor} has given you access to the desk of “{consultation}”. Sign in here:"),
            "{link}",
        ),
    ),
    MailKind.DIGEST: (
        N_("Answers are waiting for a decision"),
        (
            _DEAR,
            N_("Answers are waiting for a decision:"),
            "{waiting}",
            "{link}",
            N_(
                "You get this at most once a day, when several answers have come in or a consultation has closed."
            ),
        ),
    ),
}
DEFAULTS[MailKind.TEST] = DEFAULTS[MailKind.INVITATION]


def default_words(kind: MailKind, translate: Callable[[str], str]) -> Words:
    """The words that come with the program, in the language of `translate`."""
    subject, paragraphs = DEFAULTS[kind]
    return Words(translate(subject), "\n\n".join(translate(paragraph) for paragraph in paragraphs))


def checked(kind: MailKind, subject: str, body: str) -> Words:
    """Words as a director typed them, tidied. Raises Invalid, naming the field and what to do."""
    for field, text, longest in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        if unstorable(text):
            raise Invalid("This holds a character that cannot be stored. Type it anew.", field=field)
        if not tidy(text):
            raise Invalid("Write something here, or go back to the standard words.", field=field)
        if len(tidy(text)) > longest:
            raise Invalid("Shorten this to %(longest)s characters.", field=field, longest=longest)
        unknown = sorted(set(_PLACEHOLDER.findall(text)) - PLACEHOLDERS[kind])
        if unknown:
            raise Invalid(
                "{%(unknown)s} stands for nothing here. Use one of: %(known)s.",
                field=field,
                unknown=unknown[0],
                known=", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS[kind])),
            )
    if "\n" in tidy(subject):
        raise Invalid("The subject is one line.", field="subject")
    if {"link", "code"} & set(_PLACEHOLDER.findall(subject)):
        raise Invalid(
            "Keep {link} and {code} out of the subject: it is shown on locked screens.", field="subject"
        )
    glued = _SECRET.search(_ALONE.sub("", body))
    # Scanners of mail ask for every address, and whoever has that one would learn the link.
    if glued is not None:
        raise Invalid(
            "Leave a space on both sides of {%(name)s}: in another address it would give the invitation away.",
            field="body",
            name=glued[1],
        )
    for needed in sorted(NEEDED[kind] - set(_PLACEHOLDER.findall(body))):
        raise Invalid("The text needs {%(needed)s}.", field="body", needed=needed)
    return Words(tidy(subject), tidy(body))


def paragraphs(body: str, facts: Mapping[str, str]) -> list[str]:
    """The paragraphs that have all their facts, not filled yet."""
    found = (part.strip() for part in re.split(r"\n[ \t]*\n", body))
    return [part for part in found if part and all(facts.get(n, "") for n in _PLACEHOLDER.findall(part))]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with every placeholder replaced. What comes in through a fact is never read for placeholders."""
    return _PLACEHOLDER.sub(lambda place: facts.get(place.group(1), ""), text)
