"""What a page needs to know beside the link: the shop, and the request that it answers."""

from dataclasses import dataclass
from urllib.parse import quote

from paylink.domain.seller import Seller
from paylink.domain.showing import Showing
from paylink.web.pages.languages import TAGS
from paylink.web.pages.texts import TEXTS, Texts


@dataclass(frozen=True, slots=True)
class Site:
    """The shop. `onward_origins` are those that a pressed button may lead to: the gateway's pages, the shop."""

    seller: Seller
    region: str
    language: str
    onward_origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """One page for one request. `base` is the stack's public address; `showing` is None where there is no link."""

    site: Site
    language: str
    base: str
    link_id: str
    showing: Showing | None = None

    @property
    def texts(self) -> Texts:
        """What the page says."""
        return TEXTS[self.language]

    @property
    def language_tag(self) -> str:
        """The page's language as HTML and HTTP name it."""
        return TAGS[self.language]

    @property
    def path(self) -> str:
        """The page's path."""
        return f"/pay/{quote(self.link_id, safe='', errors='replace')}"

    @property
    def address(self) -> str:
        """The page's public address."""
        return f"{self.base}{self.path}"
