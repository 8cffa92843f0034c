"""Setting up a consultation at the desk, part by part; each part is saved as it goes."""

from consult.web.desk.setup import (
    asked,
    making,
    meeting_parts,
    meetings,
    moderating,
    questions,
    rules,
    shown,
    sign_off,
    tasks,
    trying,
)

PAGES = (tasks, making, meetings, meeting_parts, questions, asked, shown, rules, moderating, trying, sign_off)

__all__ = ["PAGES"]
