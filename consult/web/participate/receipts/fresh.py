"""The page right after submitting: made once for all whose receipts differ in code and words alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from flask import render_template, url_for
from flask_babel import get_locale
from markupsafe import escape

from consult.operations.receipts import StoredResponse
from consult.web.guards import Invited
from consult.web.installation import current_settings, site_address
from consult.web.pages import grouped
from consult.web.participate.form import ticket as tickets
from consult.web.participate.form.holes import filled, hole
from consult.web.participate.receipts.standing import ShownAnswer, shown_answers
from consult.web.participate.views import language, report_address


def receipt_shown(guest: Invited, stored: StoredResponse, code: str) -> str:
    """The receipt of this response."""
    shown, own = (
        [],
        {"code": code, "tab": tickets.tab_key(current_settings().secret_key, guest.invitation.id)},
    )
    for place, group in enumerate(grouped(code).split("-")):
        own[f"group{place}"] = group
    groups = [hole(name) for name in own if name.startswith("group")]
    for place, answer in enumerate(shown_answers(stored)):
        own |= {f"text{place}": answer.stored.text, f"use{place}": answer.use}
        chosen = {f"choice{place}_{number}": words for number, words in enumerate(answer.choices)}
        own |= chosen
        shown.append(_anybodys(answer, place, tuple(map(hole, chosen))))
    alike = (
        "receipt",
        str(get_locale()),
        language(),
        len(groups),
        (stored.late, stored.may_change, stored.withdrawn),
        tuple(
            (
                answer.prompt,
                answer.prompt_language,
                answer.choices,
                answer.stored.text,
                answer.stored.language,
            )
            for answer in shown
        ),
    )
    in_html = {name: str(escape(text)) for name, text in own.items()}
    return filled(guest, alike, lambda: _with_holes(guest, stored, groups, shown), in_html)


def _anybodys(answer: ShownAnswer, place: int, choices: tuple[str, ...]) -> ShownAnswer:
    """An answer of the same shape that holds nothing of it."""
    text = hole(f"text{place}") if answer.stored.text else ""
    return replace(
        answer,
        stored=replace(answer.stored, text=text, choices=choices),
        use=hole(f"use{place}"),
        choices=choices,
    )


def _with_holes(
    guest: Invited, stored: StoredResponse, groups: Sequence[str], shown: Sequence[ShownAnswer]
) -> str:
    nobody = cast(Any, None)
    return render_template(
        "participate/receipt.html",
        guest=replace(guest, invitation=nobody),
        code=hole("code"),
        groups=groups,
        receipt_address=site_address() + url_for("participate.receipt_lookup"),
        report_address=report_address(guest.consultation),
        stored=replace(stored, response=nobody, answers=()),
        shown=shown,
        tab_key=hole("tab"),
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )
