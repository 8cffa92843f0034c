"""What was chosen, in the reader's words, for lists and answers of the desk."""

from collections.abc import Collection

from flask_babel import get_locale
from flask_babel import gettext as _

from consult.consultations.kinds import KINDS
from consult.responses.queries import chosen_of
from consult.web.guards import Scope


def chosen_words(scope: Scope, answer_ids: Collection[str]) -> dict[str, list[str]]:
    """Answer → its choices in words, for those that have any. One query, and none for no answer."""
    if not answer_ids:
        return {}
    language = str(get_locale() or "en").partition("_")[0]
    return {
        answer_id: [str(_(words)) for words in KINDS[question.kind].words(question, choices, language)]
        for answer_id, (question, choices) in chosen_of(scope.session, answer_ids).items()
    }
