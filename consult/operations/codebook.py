"""Merging themes where reports name them: a takeaway that rested on the one rests on the other."""

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.codebook import actions
from consult.analysis.models import Theme
from consult.consultations.models import Consultation
from consult.reports.queries import takeaways_of


def merge_themes(session: Session, consultation: Consultation, theme: Theme, into: Theme, *, by: User) -> int:
    """Merge, and let takeaways follow. Frozen editions stay as they are. Says how many codings moved."""
    moved = actions.merge(session, theme, into, by=by)
    for takeaway in takeaways_of(session, consultation):
        if theme.code in takeaway.theme_codes:
            codes = [into.code if code == theme.code else code for code in takeaway.theme_codes]
            takeaway.theme_codes = list(dict.fromkeys(codes))
    session.flush()
    return moved
