"""A warning before words are sent that could tell who wrote them. Browsers get one person's own particulars at most.

What names anybody on the roster is found on the server, so that the roster stays there; it says that, and never whom.
Whoever has been warned and sends again is not held up.
"""

from flask import request

from consult.consultations.models import Consultation
from consult.moderation.enums import HintKind
from consult.moderation.hints.queries import roster_of
from consult.moderation.hints.rules.folding import folded
from consult.moderation.hints.rules.people import known_hits
from consult.web.participate.forms import AnswerForm
from consult.web.participate.walk import WARNED
from consult.web.transactions import Session

_NAMES = frozenset({HintKind.PERSON, HintKind.ORGANISATION})


def warned_of_roster(session: Session, consultation: Consultation, form: AnswerForm, language: str) -> bool:
    """Whether to show the form again, because an answer names a person or an organisation on the roster."""
    texts = _unwarned(form)
    if not texts:
        return False
    roster = roster_of(session, consultation)
    inflected = language == "pl"
    form.named = {
        number
        for number, text in texts.items()
        if any(kind in _NAMES for _from, _to, kind in known_hits(folded(text), roster, inflected=inflected))
    }
    return bool(form.named)


def warned_of_self(form: AnswerForm, own: list[str]) -> bool:
    """The same for the writer's own particulars; with script the page has said so already."""
    needles = [folded(name).plain for name in own]
    form.named = {
        number
        for number, text in _unwarned(form).items()
        if any(needle and needle in folded(text).plain for needle in needles)
    }
    return bool(form.named)


def _unwarned(form: AnswerForm) -> dict[int, str]:
    warned = set(request.form.getlist(WARNED))
    return {
        item.number: item.text.data or ""
        for item in form.items()
        if item.text is not None and item.text.data and str(item.number) not in warned
    }
