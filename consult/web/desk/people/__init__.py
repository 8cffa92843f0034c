"""Who is invited, by what letters and mail, and who of the staff helps."""

from consult.web.desk.people import (
    importing,
    invitations,
    inviting,
    joining,
    letters,
    reminding,
    requests,
    roster,
    team,
    times,
    wording,
)

PAGES = (
    importing,
    invitations,
    inviting,
    joining,
    letters,
    reminding,
    requests,
    roster,
    team,
    times,
    wording,
)

__all__ = ["PAGES"]
