"""Which addresses lie in the public internet, however they are written. Everything that Mews sends out asks here."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Names that never lead to the public internet.
_LOCAL_NAMES = frozenset({"localhost", "local", "internal", "localdomain", "intranet", "lan", "home", "corp", "arpa"})
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
#: Parts of it that are not public, or that embed an IPv4 address: protocol assignments, 6to4, documentation.
_SPECIAL_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_SPECIAL_V4 = tuple(map(ipaddress.IPv4Network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")))
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
#: Dots of other scripts that resolvers take for the one in a name.
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})


def is_public(address: Address) -> bool:
    """Whether the address is a unicast address of the public internet, with no IPv4 address embedded."""
    if isinstance(address, ipaddress.IPv6Address):
        return address in _PUBLIC_V6 and address.is_global and not any(address in net for net in _SPECIAL_V6)
    special = any(address in net for net in _SPECIAL_V4)
    return address.is_global and not address.is_multicast and not address.is_reserved and not special


def may_be_public(host: str) -> bool:
    """Whether a host, as a URL names it, may lead to the public internet.

    False for numbers that do not, whatever their spelling (decimal, octal, hexadecimal, short, with digits of other
    scripts), for zone ids and percent signs, and for names that are always local. A name has to be checked again by
    `is_public` once it is resolved.
    """
    if "%" in host:
        return False
    name = unicodedata.normalize("NFKC", host).translate(_DOTS).lower().rstrip(".")
    if ":" in name:
        return _literal(name)
    labels = name.split(".")
    if not all(labels) or labels[-1] in _LOCAL_NAMES:
        return False
    if _NUMBER.fullmatch(labels[-1]):  # a name never ends in a number; resolvers take it for an IPv4 address
        return _literal(name)
    return len(labels) > 1


def _literal(text: str) -> bool:
    """Whether the text is the usual spelling of a public address; other spellings are refused whatever they mean."""
    try:
        return is_public(ipaddress.ip_address(text))
    except ValueError:
        return False
