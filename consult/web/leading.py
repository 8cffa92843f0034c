"""Where a request says that it wants to be led afterwards: to a page of this site, or nowhere."""


def within_this_site(address: str | None) -> str | None:
    """The address if it leads into this site and fits into a header, else None."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    return address if address.isprintable() and "\\" not in address else None
