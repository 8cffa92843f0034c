"""A warning before words are sent that could tell who wrote them. Browsers get one person's own particulars at most.

What names anybody on the roster is found on the server, so that the roster stays there; it says that, and never whom.
Whoever has been warned and sends again is not held up. A warning tells that somebody is on the roster, so whoever may
be anybody is warned without it, and nobody is warned so often that the list could be read off.
"""

from flask import request

from consult.consultations.models import Consultation
from consult.core.errors import TooMany
from consult.core.throttle import Throttle
from consult.moderation.enums import HintKind
from consult.moderation.hints.queries import roster_of
from consult.moderation.hints.rules.finding import find
from consult.moderation.hints.rules.folding import folded
from consult.moderation.hints.rules.people import Roster, known_hits
from consult.web.installation import current_database, current_settings
from consult.web.participate.form.forms import AnswerForm
from consult.web.participate.form.walk import WARNED
from consult.web.participate.views import WINDOW, address
from consult.web.transactions import Session

_NAMES = frozenset({HintKind.PERSON, HintKind.ORGANISATION})
_LOOKS_LIKE_IT = frozenset({HintKind.PERSON, HintKind.EMAIL, HintKind.TELEPHONE, HintKind.SELF})
MOST_WARNED = 20
"""From one network address in a window: enough for a room that writes at once, too few to try a list of names."""


def warned_of_naming(form: AnswerForm, language: str) -> bool:
    """Whether to show the form again, because an answer looks like naming somebody. The roster is not looked at."""
    form.named = {
        number
        for number, text in _unwarned(form).items()
        if any(found.kind in _LOOKS_LIKE_IT for found in find(text, language, Roster()))
    }
    return bool(form.named)


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
    return bool(form.named) and _may_be_told(session, form)


def warned_of_self(form: AnswerForm, own: list[str]) -> bool:
    """The same for the writer's own particulars; with script the page has said so already."""
    needles = [folded(name).plain for name in own]
    form.named = {
        number
        for number, text in _unwarned(form).items()
        if any(needle and needle in folded(text).plain for needle in needles)
    }
    return bool(form.named)


def _may_be_told(session: Session, form: AnswerForm) -> bool:
    """Whether this network address was warned seldom enough; one more from now on."""
    throttle = Throttle(
        current_database(), current_settings().secret_key, act="named", most=MOST_WARNED, window=WINDOW
    )
    try:
        throttle.check(address())
    except TooMany:
        form.named = ()
        return False
    session.rollback()  # what counts waits for nobody
    throttle.count(address())
    return True


def _unwarned(form: AnswerForm) -> dict[int, str]:
    warned = set(request.form.getlist(WARNED))
    return {
        item.number: item.text.data or ""
        for item in form.items()
        if item.text is not None and item.text.data and str(item.number) not in warned
    }
