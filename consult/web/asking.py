"""Where a request came from, for counting tries alone: it is kept as an HMAC, and nowhere else."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import request

_ONE_READER = 64
"""Whoever has one address of version 6 has as many bits of others beside it."""


def asked_from() -> str:
    """The address of whoever asks. Through a proxy on this machine, the one that the proxy says it was asked from.

    Else all who come through it would share one count, and one of them could keep all others from typing a code.
    The last entry is the proxy's own; what stands before it anybody may have written.
    """
    near = _address(request.remote_addr or "")
    if near is not None and not near.is_loopback:
        return _reader(near)
    far = _address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    return _reader(far or near)


def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(written)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _reader(address: IPv4Address | IPv6Address | None) -> str:
    """What a try is counted by; where no address is known all are one."""
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(ip_network((address, _ONE_READER), strict=False))
    return str(address)
