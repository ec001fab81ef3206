"""Where a webhook may reach: its host's address, checked, so that no URL opens a door inside the house."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

# Which addresses a webhook may reach beside public ones: none, this machine's own, or any.
Private = Literal["none", "loopback", "all"]
Address = IPv4Address | IPv6Address


class UnreachableError(Exception):
    """A webhook's host cannot be found, or stands where webhooks may not reach."""


async def address_of(host: str, port: int, private: Private) -> str:
    """The address to connect to for a host. Raises: UnreachableError when there is none that may be reached.

    The connection is made to this very address: a name cannot point elsewhere between the check and the connection.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"{host} cannot be found: {error}") from None
    return str(_allowed(host, [ip_address(str(each[4][0]).partition("%")[0]) for each in found], private))


def may_reach(address: Address, private: Private) -> bool:
    """Whether webhooks may reach an address."""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    if private == "all":
        return True
    if plain.is_loopback:
        return private == "loopback"
    return plain.is_global and not plain.is_multicast


def _allowed(host: str, addresses: Sequence[Address], private: Private) -> Address:
    for address in addresses:
        if may_reach(address, private):
            return address
    shown = ", ".join(sorted({str(address) for address in addresses}))
    raise UnreachableError(
        f"{host} is {shown}, which is not public; LEADLINE_WEBHOOK_PRIVATE=all lets webhooks reach private addresses"
    )
