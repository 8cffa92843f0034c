"""Themes given to published answers, and what is counted of them: raw tallies stay in, figures leave by the gate."""
