"""Whether this installation is fit for Monday: what is looked at, what was found, and what to do about it."""
