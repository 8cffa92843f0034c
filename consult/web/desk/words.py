"""The desk's names for states, levels, reasons and kinds, in the reader's language."""

from flask_babel import lazy_gettext as _l

from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import Consultation
from consult.consultations.rules import Phase
from consult.moderation.enums import HintKind, RedactionKind, RejectReason, Verdict
from consult.responses.enums import AnswerState, Source
from consult.web import languages

STATES = {
    AnswerState.WAITING: _l("Waiting"),
    AnswerState.APPROVED: _l("Approved"),
    AnswerState.REJECTED: _l("Rejected"),
    AnswerState.WITHDRAWN: _l("Withdrawn"),
}
SECOND = _l("For your second approval")

DECIDED = {
    Verdict.APPROVE: _l("Approved"),
    Verdict.REJECT: _l("Rejected"),
    Verdict.REOPEN: _l("Decision reversed"),
}

ATTRIBUTIONS = {
    Attribution.NOT_FOR_USE: _l("not for use"),
    Attribution.AGGREGATE_ONLY: _l("count only"),
    Attribution.QUOTE_UNATTRIBUTED: _l("quote unattributed"),
    Attribution.QUOTE_WITH_ROLE: _l("quote with role"),
    Attribution.QUOTE_WITH_COUNTRY_GROUP: _l("quote with country group"),
    Attribution.QUOTE_WITH_AFFILIATION: _l("quote with affiliation"),
    Attribution.NAMED: _l("quote by name"),
}

REASONS = {
    RejectReason.NOT_FOR_USE: _l("Its writer asked that it is not used"),
    RejectReason.IDENTIFIES_SPEAKER: _l("Gives away who wrote it"),
    RejectReason.IDENTIFIES_OTHER: _l("Gives away somebody else"),
    RejectReason.SENSITIVE: _l("Sensitive"),
    RejectReason.ALLEGATION: _l("An allegation"),
    RejectReason.OFF_TOPIC: _l("Off the topic"),
    RejectReason.NO_ANSWER: _l("No answer to the question"),
    RejectReason.DUPLICATE: _l("Sent twice"),
    RejectReason.OTHER: _l("Another reason, see the note"),
}

KINDS = {
    RedactionKind.IDENTIFIES_SPEAKER: _l("Who wrote it"),
    RedactionKind.IDENTIFIES_OTHER: _l("Another person"),
    RedactionKind.AFFILIATION: _l("An affiliation"),
    RedactionKind.PLACE_OR_TIME: _l("A place or a time"),
    RedactionKind.SENSITIVE: _l("A sensitive detail"),
    RedactionKind.ALLEGATION: _l("An allegation"),
    RedactionKind.OFF_TOPIC: _l("Something off the topic"),
}

HINTS = {
    HintKind.PERSON: _l("a person"),
    HintKind.EMAIL: _l("an e-mail address"),
    HintKind.TELEPHONE: _l("a telephone number"),
    HintKind.LINK: _l("a link"),
    HintKind.ORGANISATION: _l("an organisation"),
    HintKind.ROLE: _l("a role"),
    HintKind.PLACE: _l("a place or a country"),
    HintKind.SELF: _l("“as the …”"),
    HintKind.COMBINATION: _l("a rare combination"),
    HintKind.NO_ANSWER: _l("perhaps no answer"),
    HintKind.LANGUAGE: _l("another language"),
    HintKind.LONG: _l("very long"),
    HintKind.SHOUTING: _l("in capitals"),
}

SOURCES = {
    Source.LINK: _l("by invitation"),
    Source.JOIN_CODE: _l("by join code"),
    Source.PAPER: _l("on paper"),
    Source.IMPORT: _l("imported"),
    Source.RAPPORTEUR: _l("a rapporteur’s note"),
}

MODES = {
    Mode.ATTRIBUTED: _l("Attributed: directors see who gave which answer."),
    Mode.CONFIDENTIAL: _l(
        "Confidential: the link between a person and an answer is kept sealed and apart. Nobody at this desk sees it."
    ),
    Mode.UNLINKED: _l("Unlinked: no link between a person and an answer is kept."),
}

CEILINGS = {
    Attribution.NOT_FOR_USE: _l("Nothing may be printed or counted."),
    Attribution.AGGREGATE_ONLY: _l("Answers are counted, and their words are not printed."),
    Attribution.QUOTE_UNATTRIBUTED: _l("Words may be quoted, with nothing about the person who wrote them."),
    Attribution.QUOTE_WITH_ROLE: _l("Words may be quoted with the writer’s role."),
    Attribution.QUOTE_WITH_COUNTRY_GROUP: _l(
        "Words may be quoted with the writer’s role and group of countries."
    ),
    Attribution.QUOTE_WITH_AFFILIATION: _l("Words may be quoted with the writer’s affiliation."),
    Attribution.NAMED: _l("Words may be quoted with the writer’s name."),
}

SUBJECTS = {
    "speaker": _l("who spoke"),
    "affiliation": _l("affiliations"),
    "attendance": _l("who took part"),
}

TIMINGS = {
    Timing.NONE: _l("No time is kept with an answer."),
    Timing.DAY: _l("The day is kept with an answer."),
    Timing.MINUTE: _l("The minute is kept with an answer."),
}

PHASES = {
    Phase.PREPARING: _l("Being prepared"),
    Phase.OPEN: _l("Open"),
    Phase.GRACE: _l("Closed, with late answers still taken"),
    Phase.CLOSED: _l("Closed"),
}


def reason_name(consultation: Consultation, reason: RejectReason) -> str:
    """A reason as this consultation calls it."""
    return consultation.reason_labels.get(reason.value) or str(REASONS[reason])


def reasons_offered(consultation: Consultation) -> list[tuple[str, str]]:
    """The reasons to choose from: those that this consultation has not taken off its list."""
    return [
        (reason.value, reason_name(consultation, reason))
        for reason in RejectReason
        if consultation.reason_labels.get(reason.value) != ""
    ]


language_name = languages.language_name
