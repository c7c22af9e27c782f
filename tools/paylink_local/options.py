"""What a person can choose for a local run, and the template parameters that follow from it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from paylink.domain.credentials import usable
from paylink.domain.kinds import web_url
from paylink_local.errors import LocalError
from paylink_local.listening import LOOPBACK
from paylink_local.shop import return_path
from paylink_local.thanks import THANKS_PATH

DEFAULT_MERCHANT_ID = "500001"
# Who sells in a run with the stand-in gateway: pages have a footer, and --live works. Nobody has this number.
EXAMPLE_SELLER = {
    "SellerName": "ИП «Полдень» (пример)",
    "SellerBin": "123456789012",
    "SellerAddress": "Алматы, ул. Панфилова, 1",
    "SellerPhone": "+7 777 000 00 00",
    "SellerTerms": "https://example.com/terms",
    "SellerRefundTerms": "https://example.com/refunds",
}


@dataclass(frozen=True)
class Options:
    """One local run. Ports may be 0 for any free one; None stands for the default that the run works out."""

    host: str = LOOPBACK
    port: int = 8080
    allow_any_host: bool = False
    gateway_url: str | None = None
    sandbox_port: int = 0
    dynamodb_endpoint: str | None = None
    merchant_id: str = DEFAULT_MERCHANT_ID
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    public_url: str | None = None
    origins: tuple[str, ...] = ()
    shop_url: str | None = None
    # A folder to serve as the shop's pages, on an origin of its own.
    shop: Path | None = None
    shop_port: int = 0
    check_call: bool = False
    # Where every event is sent to as well; None sends none.
    webhook_url: str | None = None
    seed: Path | None = None
    test_mode: bool = True
    json_logs: bool = False

    def require_sound(self) -> None:
        """Raise LocalError, naming the flag, for a choice that cannot work."""
        if not self.allow_any_host and not is_loopback(self.host):
            raise LocalError(
                f"--host {self.host} would be open to other machines; add --allow-any-host to allow it"
            )
        if not (self.merchant_id.isascii() and self.merchant_id.isdigit()):
            raise LocalError("--merchant-id must be the shop's number, digits only")
        if not usable(self.secret_key):
            raise LocalError("--secret-key is too short or a placeholder; use at least 8 varied characters")
        if self.shop is not None and not self.shop.is_dir():
            raise LocalError(f"--shop must be a folder with the shop's pages, and {self.shop} is none")
        urls = {
            "--gateway-url": self.gateway_url,
            "--dynamodb-endpoint": self.dynamodb_endpoint,
            "--public-url": self.public_url,
            "--shop-url": self.shop_url,
            "--webhook": self.webhook_url,
        }
        for flag, url in urls.items():
            if url is not None and not _is_web_url(url):
                raise LocalError(f"{flag} must be an http:// or https:// address with a host, not {url!r}")
        if self.webhook_url is not None and not _may_be_webhook(self.webhook_url):
            raise LocalError(
                f"--webhook must be an https:// address, or an http:// one on this machine, not {self.webhook_url!r}"
            )
        for origin in self.origins:
            if not _is_web_url(origin) or origin != _origin(origin):
                raise LocalError(
                    f"--origin must be a scheme, host and port such as http://localhost:3000, not {origin!r}"
                )

    def parameters(
        self, local_url: str, gateway_url: str, shop_origin: str | None = None
    ) -> Mapping[str, str]:
        """Return the template parameters of this run, given where the front, the gateway and the shop are."""
        public_url = (self.public_url or local_url).rstrip("/")
        own = [url for url in (local_url, shop_origin) if url is not None]
        names = [name for url in own for name in (url, url.replace(LOOPBACK, "localhost"))]
        origins = [_origin(public_url), *names, *self.origins]
        return {
            "GatewayUrl": gateway_url.rstrip("/"),
            "AllowedOrigins": ",".join(dict.fromkeys(origins)),
            "ShopUrl": self.shop_url or self._page_after_payment(shop_origin) or f"{public_url}{THANKS_PATH}",
            "PublicUrl": public_url,
            "TestMode": str(self.test_mode).lower(),
            "CheckCall": str(self.check_call).lower(),
            **({} if self.webhook_url is None else {"WebhookUrl": self.webhook_url}),
            **(EXAMPLE_SELLER if self.gateway_url is None else {}),
        }

    def _page_after_payment(self, shop_origin: str | None) -> str | None:
        if self.shop is None or shop_origin is None:
            return None
        return shop_origin + return_path(self.shop)


def is_loopback(host: str) -> bool:
    """Tell whether a host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False


def _may_be_webhook(url: str) -> bool:
    try:
        web_url(url)
    except ValueError:
        return False
    return True
