"""Where the gateway is; imports nothing that is slow to load."""

from typing import Protocol

from paylink.freedompay.hosts import REGIONS
from paylink.settings import SettingsError


class GatewaySettings(Protocol):
    """What a function that calls the gateway reads."""

    @property
    def table(self) -> str: ...
    @property
    def merchant_secret(self) -> str: ...
    @property
    def gateway_region(self) -> str: ...
    @property
    def gateway_url(self) -> str: ...
    @property
    def gateway_path(self) -> str: ...


def api_url(settings: GatewaySettings) -> str:
    """The gateway's address. Raises SettingsError."""
    if settings.gateway_region not in REGIONS:
        raise SettingsError(f"GATEWAY_REGION: must be one of {', '.join(REGIONS)}")
    return settings.gateway_url or REGIONS[settings.gateway_region].api_url
