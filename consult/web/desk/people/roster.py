"""The roster on the desk: the list, one person, and the file. Nothing here shows who has answered."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core import audit
from consult.core.errors import Invalid, NotFound, Refused
from consult.operations.people import actions, links
from consult.operations.people.export import FORMATS, roster_file
from consult.operations.people.joining import joined_at
from consult.operations.people.queries import invitations_of, person_in, roster_page
from consult.participants.actions import invite
from consult.participants.models import Participant
from consult.participants.queries import participation, roster_size
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people import forms
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal

LONGEST_SEARCH = 100


@desk.get("/<slug>/people")
@requires(Permission.PREPARE)
def people(scope: Scope) -> ResponseReturnValue:
    return _list_page(scope, forms.ExportRosterForm(formdata=None))


@desk.post("/<slug>/people/export")
@requires(Permission.PREPARE)
def people_export(scope: Scope) -> ResponseReturnValue:
    form = forms.ExportRosterForm()
    if not form.validate():
        return _list_page(scope, form), 422
    format_ = str(form.format.data)
    content = roster_file(scope.session, scope.consultation, scope.all_meetings, format_)
    audit.record(
        scope.session,
        "roster_exported",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        format=format_,
    )
    response = Response(content, content_type=FORMATS[format_])
    name = f"{scope.consultation.slug}-roster-not-for-release.{format_}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@desk.get("/<slug>/people/new")
@requires(Permission.PREPARE)
def person_new(scope: Scope) -> ResponseReturnValue:
    return _new_page(scope, _person_form(scope, fresh=True))


@desk.post("/<slug>/people/new")
@requires(Permission.PREPARE)
def person_add(scope: Scope) -> ResponseReturnValue:
    form = _person_form(scope)
    if not form.validate():
        return _new_page(scope, form), 422
    try:
        person = actions.add_person(scope.session, scope.consultation, form.facts, by=scope.user)
    except Invalid as error:
        form.note(error)
        return _new_page(scope, form), 422
    for meeting in scope.all_meetings:
        if meeting.slug in (form.meetings.data or ()):
            invite(scope.session, person, meeting, seal=current_seal())
    return redirect(_person_url(scope, person, said="added"), code=303)


@desk.get("/<slug>/people/<person_id>")
@requires(Permission.PREPARE)
def person(scope: Scope, person_id: str) -> ResponseReturnValue:
    found = _person(scope, person_id)
    return _person_page(scope, found, _person_form(scope, found, fresh=True))


@desk.post("/<slug>/people/<person_id>")
@requires(Permission.PREPARE)
def person_change(scope: Scope, person_id: str) -> ResponseReturnValue:
    found = _person(scope, person_id)
    form = _person_form(scope, found)
    if not form.validate():
        return _person_page(scope, found, form), 422
    try:
        actions.change_person(scope.session, scope.consultation, found, form.facts, by=scope.user)
    except Invalid as error:
        scope.session.rollback()
        form.note(error)
        return _person_page(scope, found, form), 422
    if form.send.data:
        for invited in invitations_of(scope.session, found):
            links.mail_again(scope.session, scope.consultation, invited, by=scope.user)
        return redirect(_person_url(scope, found, said="sent"), code=303)
    return redirect(_person_url(scope, found, said="changed"), code=303)


@desk.post("/<slug>/people/<person_id>/invitation")
@requires(Permission.PREPARE)
def person_act(scope: Scope, person_id: str) -> ResponseReturnValue:
    """One button beside one invitation: invite, mail again, new link, no link, came back."""
    found = _person(scope, person_id)
    form = forms.PersonActForm()
    page_form = _person_form(scope, found, fresh=True)
    if not form.validate():
        page_form.form_errors.append(_("This page was open for a long time. Press the button again."))
        return _person_page(scope, found, page_form), 422
    try:
        said = _done(scope, found, form)
    except Refused as error:
        scope.session.rollback()
        page_form.form_errors.append(words(error))
        return _person_page(scope, found, page_form), 409
    return redirect(_person_url(scope, found, said=said), code=303)


@desk.get("/<slug>/people/<person_id>/remove")
@requires(Permission.PREPARE)
def person_leave(scope: Scope, person_id: str) -> ResponseReturnValue:
    return _remove_page(scope, _person(scope, person_id), ButtonForm(formdata=None))


@desk.post("/<slug>/people/<person_id>/remove")
@requires(Permission.PREPARE)
def person_remove(scope: Scope, person_id: str) -> ResponseReturnValue:
    found, form = _person(scope, person_id), ButtonForm()
    if not form.validate():
        return _remove_page(scope, found, form), 422
    try:
        actions.remove_person(scope.session, scope.consultation, found, by=scope.user)
    except Refused:
        scope.session.rollback()
        return _remove_page(scope, found, form), 409
    return redirect(url_for("desk.people", slug=scope.consultation.slug, said="removed"), code=303)


def _done(scope: Scope, person: Participant, form: forms.PersonActForm) -> str:
    seal, session, consultation = current_seal(), scope.session, scope.consultation
    if form.act.data == "invite":
        invite(session, person, scope.meeting(form.meeting.data or ""), seal=seal)
        return "invited"
    standing = {one.invitation.id: one for one in invitations_of(session, person)}
    invited = standing.get(form.invitation.data or "")
    if invited is None:
        raise Refused("This invitation was replaced by a newer one a moment ago. Load the page again.")
    if form.act.data == "send":
        links.mail_again(session, consultation, invited, by=scope.user)
        return "sent"
    if form.act.data == "bounced":
        links.mark_bounced(session, consultation, invited, by=scope.user)
        return "bounced"
    if form.act.data == "back":
        links.take_back(session, consultation, invited.invitation, by=scope.user)
        return "back"
    if form.act.data not in {"replace", "hold"}:
        raise NotFound("There is no such act.")
    fresh = links.replace_link(
        session, consultation, scope.rules, invited.invitation, seal=seal, by=scope.user
    )
    if form.act.data == "hold":
        links.hold_back(session, consultation, fresh, by=scope.user)
        return "held"
    again = next(one for one in invitations_of(session, person) if one.invitation.id == fresh.id)
    links.mail_again(session, consultation, again, by=scope.user)
    return "replaced"


def _list_page(scope: Scope, export_form: forms.ExportRosterForm) -> str:
    search = forms.SearchForm(formdata=request.args)
    sought = (search.q.data or "")[:LONGEST_SEARCH]
    after = request.args.get("after", "")
    page = roster_page(scope.session, scope.consultation, search=sought, after=after)
    counts = {row.meeting_id: row for row in participation(scope.session, scope.consultation)}
    address = url_for("desk.people", slug=scope.consultation.slug, q=sought or None)
    further = url_for("desk.people", slug=scope.consultation.slug, q=sought or None, after=page.after)
    return render_template(
        "desk/people/roster.html",
        **framed(scope, "people"),
        search=search,
        sought=sought,
        page=page,
        first_url=address if after else None,
        next_url=further if page.after else None,
        meetings=scope.all_meetings,
        counts=counts,
        joined=joined_at(scope.session, scope.consultation),
        size=roster_size(scope.session, scope.consultation),
        export_form=export_form,
        country_name=forms.country_name,
        said=_said(),
    )


def _new_page(scope: Scope, form: forms.PersonForm) -> str:
    return render_template("desk/people/new.html", **framed(scope, "people"), form=form)


def _person_page(scope: Scope, person: Participant, form: forms.PersonForm) -> str:
    invited = invitations_of(scope.session, person)
    there = {one.invitation.meeting_id for one in invited}
    return render_template(
        "desk/people/person.html",
        **framed(scope, "people"),
        person=person,
        form=form,
        invited=[
            (one, *forms.mail_state(one), links.may_take_back(scope.session, one.invitation.meeting))
            for one in invited
        ],
        mail_words=forms.mail_words,
        others=[meeting for meeting in scope.all_meetings if meeting.id not in there],
        said=_said(),
    )


def _remove_page(scope: Scope, person: Participant, form: ButtonForm) -> str:
    return render_template(
        "desk/people/remove.html",
        **framed(scope, "people"),
        person=person,
        form=form,
        free=actions.may_be_removed(scope.session, person),
    )


def _person_form(scope: Scope, person: Participant | None = None, *, fresh: bool = False) -> forms.PersonForm:
    known: dict[str, Any] = {"obj": person} if person is not None else {}
    form = forms.PersonForm(formdata=None, **known) if fresh else forms.PersonForm()
    form.language.choices = forms.languages(person)
    form.meetings.choices = [(meeting.slug, meeting.title) for meeting in scope.all_meetings]
    if fresh:
        form.meetings.data = [m.slug for m in scope.all_meetings] if len(scope.all_meetings) == 1 else []
        if person is None:
            form.language.data = scope.consultation.language
        elif person.country:
            form.country.data = forms.country_name(person.country)
    return form


def _person(scope: Scope, person_id: str) -> Participant:
    found = person_in(scope.session, scope.consultation, person_id)
    if found is None:
        raise NotFound("There is no such person on this roster.")
    return found


def _person_url(scope: Scope, person: Participant, *, said: str) -> str:
    return url_for("desk.person", slug=scope.consultation.slug, person_id=person.id, said=said)


def _said() -> str | None:
    """What the page before did, in words; only words of ours."""
    return {
        "added": _("Added to the roster."),
        "changed": _("Saved."),
        "removed": _("Removed from the roster, with their invitations."),
        "invited": _("Invited. Nothing was mailed yet."),
        "sent": _("The invitation is on its way."),
        "replaced": _("The old link and code no longer work. A new link is on its way."),
        "held": _("The old link and code no longer work. The new ones were given to nobody."),
        "back": _("The invitation is taken back. Its link and code no longer work."),
        "bounced": _("Noted that the message came back. Correct the address, then send again."),
        "imported": _("The file was taken in. The roster is up to date."),
    }.get(request.args.get("said", ""))
