"""Figures that passed the gate, and the forms that ask for more of them."""

from consult.web.desk.figures import showing

PAGES = (showing,)

__all__ = ["PAGES"]
