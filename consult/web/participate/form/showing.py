"""One page of an invited person's form, from values alone."""

from collections.abc import Mapping, Sequence

from flask import render_template

from consult.web.guards import Invited
from consult.web.participate.form.forms import AnswerForm
from consult.web.participate.form.kept import KeptText
from consult.web.participate.form.uses import furthest, meanings, ways, who_sees
from consult.web.participate.form.walk import Walk, walk_values
from consult.web.participate.views import ground_rules_shown, shown


def form_shown(
    guest: Invited,
    form: AnswerForm,
    walk: Walk,
    *,
    own_lines: Mapping[str, str],
    own_names: Sequence[str],
    tab_key: str,
    from_elsewhere: bool = False,
    kept: Sequence[KeptText] = (),
    told: str = "",
    saves: bool = True,
) -> str:
    """The page. `own_lines` is what would stand under the words, `own_names` what the text is warned of holding.

    `kept`: words that were sent for another form, to copy. `saves`: what is written may be saved here, to be found
    again behind the invitation.
    """
    fallback = guest.consultation.language
    promise, promise_language = shown(guest.rules.promise, fallback)
    rules, rules_language = shown(guest.rules.rules_text, fallback)
    return render_template(
        "participate/form.html",
        guest=guest,
        form=form,
        from_elsewhere=from_elsewhere,
        kept=kept,
        told=told,
        saves=saves,
        **walk_values(walk, guest.consultation.title),
        meanings=meanings(),
        ways=ways(furthest(guest.rules)),
        lines=own_lines,
        giveaways=own_names,
        promise_text=promise,
        who_sees=who_sees()[guest.rules.mode],
        promise_language=promise_language,
        rules=ground_rules_shown(rules),
        rules_language=rules_language,
        tab_key=tab_key,
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )
