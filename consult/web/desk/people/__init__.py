"""Who is invited, by what letters and mail, and who of the staff helps."""

from consult.web.desk.people import importing, invitations, joining, reminding, requests, roster, team, times

PAGES = (
    importing,
    invitations,
    joining,
    reminding,
    requests,
    roster,
    team,
    times,
)

__all__ = ["PAGES"]
