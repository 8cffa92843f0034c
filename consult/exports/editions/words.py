"""Kinds and reasons in words, as English sentences of the catalogues."""

from consult.core.errors import N_

HANDLINGS: dict[str, str] = {
    "May be published": N_("May be published"),
    "Not for release": N_("Not for release"),
}
REDACTIONS: dict[str, str] = {
    "identifies_speaker": N_("the speaker"),
    "identifies_other": N_("another person"),
    "affiliation": N_("affiliation"),
    "place_or_time": N_("place or time"),
    "sensitive": N_("sensitive detail"),
    "allegation": N_("allegation"),
    "off_topic": N_("off the topic"),
    "withdrawn": N_("withdrawn by its author"),
}
REJECTIONS: dict[str, str] = {
    "not_for_use": N_("not for use"),
    "identifies_speaker": N_("would give away the speaker"),
    "identifies_other": N_("would give away somebody else"),
    "sensitive": N_("sensitive information"),
    "allegation": N_("an allegation against somebody"),
    "off_topic": N_("not about the question"),
    "no_answer": N_("no answer to the question"),
    "duplicate": N_("the same answer twice"),
    "other": N_("another reason"),
}
MODES: dict[str, str] = {
    "attributed": N_("Attributed: directors can see who gave which answer."),
    "confidential": N_("Confidential: the link between a person and an answer is kept apart, encrypted."),
    "unlinked": N_("Unlinked: no link between a person and an answer is stored."),
}
ATTRIBUTIONS: dict[str, str] = {
    "not_for_use": N_("not for use"),
    "aggregate_only": N_("counted, not quoted"),
    "quote_unattributed": N_("quoted without attribution"),
    "quote_with_role": N_("quoted with a role"),
    "quote_with_country_group": N_("quoted with a group of countries"),
    "quote_with_affiliation": N_("quoted with an affiliation"),
    "named": N_("quoted by name"),
}
TIMINGS: dict[str, str] = {
    "none": N_("not kept"),
    "day": N_("to the day"),
    "minute": N_("to the minute"),
}
QUANTIFIERS: dict[str, str] = {
    "none": N_("none"),
    "a few": N_("a few"),
    "some": N_("some"),
    "many": N_("many"),
    "most": N_("most"),
    "nearly all": N_("nearly all"),
}
LINK_KINDS: dict[str, str] = {
    "web_page": N_("Web page"),
    "programme": N_("Programme"),
    "report": N_("Report"),
    "podcast": N_("Podcast"),
}
