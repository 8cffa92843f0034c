"""What was typed survives every refusal: a lost cookie, a closed consultation, a database that is away."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from consult.web.guards import INVITATION
from consult.web.participate.form.forms import MOST_VALUES, CodeForm

_MOST_TEXTS = 50
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class KeptText:
    """One text with the use that was chosen, or one choice, under the names by which a form sends them."""

    text_name: str
    text: str
    use_name: str = ""
    use: str = ""
    shown: bool = True
    """Whether it is words of theirs, to be shown in a box."""


def kept_texts() -> list[KeptText]:
    """The texts and choices in this request, as they may be shown."""
    kept = []
    for number in range(1, _MOST_TEXTS):
        text_name, use_name = f"text_{number}", f"use_{number}"
        values = request.form.getlist(f"choice_{number}")[:MOST_VALUES]
        kept += [KeptText(f"choice_{number}", _readable(value), shown=False) for value in values]
        if text_name in request.form:
            text, use = _readable(request.form[text_name]), request.form.get(use_name, "").replace("\x00", "")
            kept.append(KeptText(text_name, text, use_name, use))
    if kept and "use_closed" in request.form:
        kept.append(KeptText("use_closed", _readable(request.form["use_closed"]), shown=False))
    return kept


def _readable(value: str) -> str:
    return value.replace("\x00", "\ufffd")


def kept_ticket() -> str:
    """The ticket in this request."""
    return request.form.get("ticket", "").replace("\x00", "")


def join_page(form: CodeForm, *, lost: bool = False) -> str:
    """The page that takes a typed code, with whatever text the request brought."""
    return render_template(
        "participate/join.html", form=form, kept=kept_texts(), ticket=kept_ticket(), lost=lost
    )


def keeping_text(view: View) -> View:
    """Round a guarded view: a browser whose invitation is gone gets its text back beside the field for its code."""

    @wraps(view)
    def kept(**rest: Any) -> ResponseReturnValue:
        response = make_response(view(**rest))
        if INVITATION in session or not any(item.text.strip() for item in kept_texts()):
            return response
        # An unbound form: the code was not asked for yet, so its absence is no error.
        return join_page(CodeForm(formdata=None), lost=True), 422

    return kept
