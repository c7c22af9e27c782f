"""Where the gateway lives, by region. Freedom Pay protocol, "Endpoint map and hosts"."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_THIS_MACHINE = frozenset({"localhost", "host.docker.internal"})


@dataclass(frozen=True, slots=True)
class Region:
    """A region: base address of the API, origins of the hosted payment pages, and the usual currency."""

    api_url: str
    page_origins: tuple[str, ...]
    currency: str


REGIONS: Mapping[str, Region] = MappingProxyType(
    {
        "kz": Region("https://api.freedompay.kz", ("https://customer.freedompay.kz",), "KZT"),
        "uz": Region("https://api.freedompay.uz", ("https://customer.freedompay.uz",), "UZS"),
        "kg": Region("https://api.freedompay.kg", ("https://customer.freedompay.kg",), "KGS"),
        # Unsettled: no document names the pages of the test host. Kazakhstan's and the host's own are taken.
        "test": Region(
            "https://test-api.freedompay.kz",
            ("https://customer.freedompay.kz", "https://test-api.freedompay.kz"),
            "KZT",
        ),
    }
)
"""The gateway's regions by the names of the setting."""


def is_local(url: str) -> bool:
    """Tell whether an address is on this machine: loopback, or the name that containers have for their
    host."""
    host = urlsplit(url).hostname or ""
    if host in _THIS_MACHINE or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
