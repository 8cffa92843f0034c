"""How many of those invited answered, in whole per cent."""


def rate(invited: int | None, answered: int | None) -> int | None:
    """None where either figure is not released, or where more answered than were invited, as imports can show."""
    if not invited or answered is None or answered > invited:
        return None
    return (200 * answered + invited) // (2 * invited)
