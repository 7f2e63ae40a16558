"""Who asks: the address the network tells, or what a proxy tells that is known by its address."""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def client_of(scope: Scope, proxies: list[Network]) -> str:
    """The client's address, or its network of 64 bits, which is what one IPv6 client has.

    `X-Forwarded-For` is read from its end, and only as far as trusted proxies wrote it: what stands
    further left is the client's own claim.
    """
    peer = scope.get("client")
    address = parsed(peer[0]) if peer else None
    if address is None:
        return "unknown"
    claims = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for claim in reversed(claims):
        told = parsed(claim)
        if told is None or not trusted(address, proxies):
            break
        address = told
    return grouped(address)


def trusted(address: Address, proxies: list[Network]) -> bool:
    """Whether an address is one of the proxies'."""
    return any(address in network for network in proxies)


def parsed(text: str) -> Address | None:
    """An address, with or without a port; IPv4 in IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("[") or text.count(":") == 1:
        text = text.rpartition(":")[0] if not text.endswith("]") else text
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def grouped(address: Address) -> str:
    """What is counted as one client."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), 64), strict=False))
