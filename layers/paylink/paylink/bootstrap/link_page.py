"""What functions/link_page works with."""

from dataclasses import dataclass
from pathlib import Path

from paylink.adapters.aws import dynamodb
from paylink.adapters.links import Links
from paylink.adapters.places import Places
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.link_page import LinkPage
from paylink.app.policy import Call
from paylink.app.watched_links import WatchedLinks
from paylink.bootstrap import loaded
from paylink.bootstrap.creating import creating, policy
from paylink.domain.kinds import origin_of
from paylink.domain.seller import Seller
from paylink.freedompay.hosts import REGIONS
from paylink.settings import LinkPageSettings, log_level
from paylink.web.assets import Assets
from paylink.web.link_page_routes import LinkPageRoutes
from paylink.web.pages.site import Site


@dataclass(frozen=True, slots=True)
class LinkPageParts:
    """The parts of link_page."""

    page: LinkPage
    routes: LinkPageRoutes
    signals: PowertoolsSignals


def link_page(beside: str) -> LinkPageParts:
    """The parts, by the environment; the storefront's files lie in `assets` beside that file. Raises SettingsError."""
    settings = LinkPageSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    seller = _seller(settings)
    page = LinkPage(
        links=WatchedLinks(Links(dynamodb(), settings.table), signals),
        places=Places(dynamodb(), settings.table),
        create=creating(settings, signals),
        policy=policy(settings),
        seller=seller,
    )
    routes = LinkPageRoutes(
        _site(settings, seller),
        page,
        lambda asked, key, *call: page.pay(asked, key, Call(*call)),
        Assets(Path(beside).with_name("assets")),
        settings.public_url,
    )
    return LinkPageParts(page, routes, signals)


def _seller(settings: LinkPageSettings) -> Seller:
    return Seller(
        name=settings.seller_name,
        tax_number=settings.seller_bin,
        address=settings.seller_address,
        phone=settings.seller_phone,
        email=settings.seller_email,
        terms=settings.seller_terms,
        refund_terms=settings.seller_refund_terms,
    )


def _site(settings: LinkPageSettings, seller: Seller) -> Site:
    gateway = (origin_of(settings.gateway_url),) if settings.gateway_url else ()
    return Site(
        seller=seller,
        region=settings.gateway_region,
        language=settings.language,
        onward_origins=(
            *REGIONS[settings.gateway_region].page_origins,
            *gateway,
            origin_of(settings.shop_url),
        ),
    )
