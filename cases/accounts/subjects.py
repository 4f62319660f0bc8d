"""What attempts are counted for: an account as it was typed, and the network a request comes
from.
"""

import ipaddress
import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac

IPV6_PREFIX = 64  # who has one address of IPv6 has all of its /64
UNKNOWN = "unknown"


def account(email: str) -> str:
    """An e-mail address as the key of an account: the same however it was typed, known here or
    not.
    """
    return unicodedata.normalize("NFKC", email.strip().lower()).casefold()


def network(request) -> str:
    """The address that a request comes from; of IPv6 its /64.

    Of X-Forwarded-For only the part counts that one of our own proxies wrote (STEENTJE_PROXIES says
    how many there are): what a caller puts in front of it changes nothing.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies > 0 and len(hops) >= proxies and (found := _parsed(hops[-proxies])):
        return found
    return _parsed(request.META.get("REMOTE_ADDR") or "") or UNKNOWN


def _parsed(text: str) -> str:
    """An address without its port, in one spelling; "" when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False).network_address)


def fingerprint(*parts: str) -> str:
    """A keyed hash, in hex, under which something is counted: the table names nobody."""
    return salted_hmac("cases.accounts", "\x1f".join(parts), algorithm="sha256").hexdigest()
