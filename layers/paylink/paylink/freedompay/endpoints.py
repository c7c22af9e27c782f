"""Addresses of the gateway: what is called at which path, and the script name that signs it.

Freedom Pay protocol, "Endpoint map and hosts". Choices made here alone:
- The status of classic payments is `/get_status3.php`, of those made under `/g2g/` it is `/g2g/status_v2`;
  the script name follows the address, as the provider's own sample code does.
- Refunds, clearings and cancellations go to the `/g2g/` addresses whatever made the payment: the classic
  `/revoke.php` documents no id of its refund, and without that id no lost answer could ever be cleared up.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from .hosts import is_local
from .signature import script_name

CREATE_PATH = "/init_payment.php"
ANY_AMOUNT_PATH = "/g2g/any_amount"
BROWSER_PATH = "/payment.php"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of the gateway and the script name that signs its messages."""

    path: str
    script: str

    @classmethod
    def at(cls, path: str, script: str | None = None) -> Endpoint:
        """Return the endpoint of a path. Raises ValueError for one that cannot be, or leaves its script name
        open."""
        if not path.startswith("/") or not path.isascii() or set(path) & set(" ?#\\"):
            raise ValueError("a path of the gateway begins with a slash and has no query")
        if script is None:
            script = script_name(path)
            if not script:
                raise ValueError("a path that ends in a slash leaves its script name open: name it")
        return cls(path, script)


REFUND = Endpoint.at("/g2g/refund")
CLEARING = Endpoint.at("/g2g/clearing")
CANCEL = Endpoint.at("/g2g/cancel")


def path_of_status(create_path: str) -> str:
    """Return the path that tells the status of payments made at `create_path`."""
    return "/g2g/status_v2" if create_path.startswith("/g2g/") else "/get_status3.php"


def base_address(api_url: str) -> str:
    """Return the gateway's address without a slash at its end. Raises ValueError for one that cannot be."""
    parts = urlsplit(api_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("the gateway's address must be https://host, without a user")
    if parts.query or parts.fragment:
        raise ValueError("the gateway's address has a query or a fragment")
    if parts.scheme == "http" and not is_local(api_url):
        raise ValueError("plain http is for a gateway on this machine alone")
    return api_url.rstrip("/")
