"""No check, no object: a guard turns an address into a checked thing and hands it to the view.

Each guard stamps the view with what it requires, so that a test can list every route with its permission.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any, TypeAlias, TypeVar, cast

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consult.accounts.models import User
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force
from consult.core.errors import Forbidden, NotFound
from consult.core.marks import Marks
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import meetings_of
from consult.meetings.setting import Setting
from consult.participants.models import Invitation
from consult.participants.queries import opened_invitation
from consult.permissions import ADMINISTRATOR_HAS, Permission, may, may_create, meetings_open_to
from consult.web.languages import reads
from consult.web.signing_in import SignedIn
from consult.web.transactions import (
    SHOWING,
    Session,
    current_session,
    looking_session,
    session_before_writing,
)

View: TypeAlias = Callable[..., ResponseReturnValue]
AnyView = TypeVar("AnyView", bound=View)
FEW_WORDS = 4
MOST_KEPT = 20
"""Of words that a request brought, given back to who was signed out meanwhile."""
INVITATION = "invitation"
"""Where the cookie keeps which invitation was opened."""


@dataclass(frozen=True)
class Scope:
    """A consultation that this member of staff may work in, and the meetings at which the permission holds."""

    session: Session
    user: User
    consultation: Consultation
    meetings: tuple[Meeting, ...]
    all_meetings: tuple[Meeting, ...]

    @cached_property
    def rules(self) -> GroundRules:
        """The ground rules in force when they are first asked for. Most pages of the desk never ask."""
        return ground_rules_in_force(self.session, self.consultation)

    @property
    def meeting_ids(self) -> list[str]:
        return [meeting.id for meeting in self.meetings]

    @property
    def covers_all(self) -> bool:
        """Whether the permission holds at every meeting of the consultation."""
        return len(self.meetings) == len(self.all_meetings)

    def meeting(self, slug: str) -> Meeting:
        """The consultation's meeting with that slug. Raises NotFound."""
        return _named(slug, self.all_meetings)

    def own_meeting(self, slug: str) -> Meeting:
        """The same, where the permission holds. Raises NotFound."""
        return _named(slug, self.meetings)

    def may(self, permission: Permission) -> bool:
        """Whether this person may also do that, at one of the meetings at least."""
        ids = [meeting.id for meeting in self.all_meetings]
        return may(self.user, permission, self.consultation.id) or bool(
            meetings_open_to(self.user, permission, self.consultation.id, ids)
        )


def _named(slug: str, meetings: Sequence[Meeting]) -> Meeting:
    found = next((meeting for meeting in meetings if meeting.slug == slug), None)
    if found is None:
        raise NotFound("There is no such meeting in this consultation.")
    return found


@dataclass(frozen=True)
class Invited:
    """The invitation that this browser opened."""

    session: Session
    invitation: Invitation
    consultation: Consultation
    meeting: Meeting
    rules: GroundRules
    askings: Sequence[Asking]
    marks: Marks | None = None
    """What this transaction has read them under."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Let in staff who hold `permission` in the consultation at `<slug>`; the view gets a Scope in its place.

    Strangers to the consultation get 404, colleagues without the permission 403, the signed-out the sign-in page.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*, slug: str, **rest: Any) -> ResponseReturnValue:
            if not is_signed_in():
                return to_sign_in()
            return view(scope_of(permission, slug), **rest)

        return _stamped(guarded, permission.value)

    return guard


def requires_before_writing(permission: Permission) -> Callable[[View], View]:
    """The same for a view that looks first and writes last: it takes the turn to write with `scope_writing`."""
    required = requires(permission)

    def guard(view: View) -> View:
        checked = required(view)

        @wraps(checked)
        def guarded(**rest: Any) -> ResponseReturnValue:
            g.looks_first = True
            return checked(**rest)

        return guarded

    return guard


def scope_writing(scope: Scope) -> Scope:
    """The scope as it was read, in the transaction that this request writes in."""
    writing = current_session()
    return scope if scope.session is writing else replace(scope, session=writing)


def scope_of(permission: Permission, slug: str) -> Scope:
    """The checked consultation. Raises NotFound or Forbidden."""
    database, user = looking_session(), signed_in_user()
    consultation = consultation_by_slug(database, slug)
    belongs = consultation is not None and any(m.consultation_id == consultation.id for m in user.memberships)
    installs = user.is_administrator and permission in ADMINISTRATOR_HAS
    if consultation is None or not (belongs or installs):
        raise NotFound("There is no such consultation, or you are not part of it.")
    everywhere = tuple(meetings_of(database, consultation))
    open_ids = set(
        meetings_open_to(user, permission, consultation.id, [meeting.id for meeting in everywhere])
    )
    if not open_ids and not may(user, permission, consultation.id):
        raise Forbidden("Your role in this consultation does not include this. Ask a programme director.")
    g.scope = Scope(
        session=database,
        user=user,
        consultation=consultation,
        meetings=tuple(meeting for meeting in everywhere if meeting.id in open_ids),
        all_meetings=everywhere,
    )
    return cast(Scope, g.scope)


def administrators_only(view: View) -> View:
    """Let in administrators of the installation; the view gets a database session."""

    @wraps(view)
    def guarded(**rest: Any) -> ResponseReturnValue:
        if not is_signed_in():
            return to_sign_in()
        if not may(signed_in_user(), Permission.ADMINISTER):
            raise NotFound("There is no such page.")
        return view(current_session(), **rest)

    return _stamped(guarded, Permission.ADMINISTER.value)


def creators_only(view: View) -> View:
    """Let in those who may start a consultation; the view gets the account."""

    @wraps(view)
    def guarded(**rest: Any) -> ResponseReturnValue:
        if not is_signed_in():
            return to_sign_in()
        if not may_create(signed_in_user()):
            raise Forbidden(
                "Only administrators and programme directors start a consultation. Ask one of them."
            )
        return view(signed_in_user(), **rest)

    return _stamped(guarded, "create")


def signed_in(view: View) -> View:
    """Let in any member of staff; the view gets the account."""

    @wraps(view)
    def guarded(**rest: Any) -> ResponseReturnValue:
        if not is_signed_in():
            return to_sign_in()
        return view(signed_in_user(), **rest)

    return _stamped(guarded, "signed_in")


def invited(view: View) -> View:
    """Let in a browser that opened an invitation; the view gets it checked. Others are sent to type their code."""

    return _invited(view, current_session)


def invited_before_writing(view: View) -> View:
    """The same for a view that looks first and writes last: it takes the turn to write with `guest_writing`."""
    return _invited(view, session_before_writing)


def _invited(view: View, begun: Callable[[], Session]) -> View:
    @wraps(view)
    def guarded(**rest: Any) -> ResponseReturnValue:
        guest = _guest_in(begun())
        if guest is None:
            session.pop(INVITATION, None)
            return lost_invitation(view)
        return view(guest, **rest)

    return _stamped(guarded, "invitation")


def guest_writing(guest: Invited) -> Invited:
    """The guest as they were read, in the transaction that this request writes in."""
    writing = current_session()
    if guest.session is writing:
        return guest
    guest.session.close()
    return replace(guest, session=writing)


def guest_read_again() -> Invited | None:
    """The guest as they stand in the transaction that this request writes in; None where the invitation is gone."""
    return _guest_in(current_session())


def _guest_in(database: Session) -> Invited | None:
    opened = opened_invitation(database, session.get(INVITATION, ""))
    if opened is None:
        return None
    return guest_of(database, opened.invitation, opened.setting, opened.marks)


def guest_of(
    database: Session, invitation: Invitation, setting: Setting, marks: Marks | None = None
) -> Invited:
    """That invitation with all that its pages show."""
    reads(setting.consultation)
    return Invited(
        database,
        invitation,
        setting.consultation,
        setting.meeting,
        setting.rules,
        setting.askings,
        marks,
    )


def lost_invitation(_view: object) -> ResponseReturnValue:
    """Where a browser goes whose invitation is gone from its cookie: the page that takes the typed code."""
    return redirect(url_for("participate.join"), code=303)


def anyone(view: AnyView) -> AnyView:
    """A page for everybody: says so, and checks nothing."""
    return _stamped(view, "anyone")


def _stamped(view: AnyView, required: str) -> AnyView:
    view.requires = required  # type: ignore[attr-defined]
    return view


def _written() -> list[str]:
    """The words in this request: what nobody would like to type again."""
    if request.method in SHOWING:
        return []
    return [
        value.replace("\x00", "\ufffd")
        for name, values in request.form.lists()
        for value in values
        if len(value.split()) >= FEW_WORDS and "password" not in name
    ][:MOST_KEPT]


def is_signed_in() -> bool:
    """Whether this browser has signed in as staff."""
    return bool(cast(Any, current_user).is_authenticated)


def signed_in_user() -> User:
    """The account of this request. Only behind a guard."""
    return cast(SignedIn, current_user).user


def to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which leads back here afterwards when this was a page to look at.

    What somebody had written when their session ended stands there, to be copied.
    """
    written = _written()
    if written and "HX-Request" not in request.headers:
        return render_template("account/signed_out.html", written=written), 401
    back = request.full_path.rstrip("?") if request.method in SHOWING else None
    return redirect(url_for("account.sign_in", next=back), code=303)
