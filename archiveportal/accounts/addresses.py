"""The address that a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address as our own outermost proxy saw it; without proxies, the address of the
    connection.

    Each proxy adds the address that it saw at the right of X-Forwarded-For, so with PROXY_COUNT
    proxies of our own the entry so many places from the right is the client's. What is further left
    was sent by the client and can be forged. None where there is no address, as on a local socket.
    """
    connection = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXY_COUNT:
        return connection
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(seen) < settings.PROXY_COUNT:
        return connection
    return _address(seen[-settings.PROXY_COUNT]) or connection


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None
