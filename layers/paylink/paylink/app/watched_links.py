"""The links as buyers' functions read them: a row that holds no link is counted, and told without its content."""

from collections.abc import Iterable, Mapping

from paylink.app.ports import LinkStore, Signals
from paylink.domain.errors import UnusableLink
from paylink.domain.link import Link, UnreadableLink


class WatchedLinks:
    """A LinkStore over another one."""

    def __init__(self, links: LinkStore, signals: Signals) -> None:
        self._links = links
        self._signals = signals

    def get(self, ids: Iterable[str]) -> Mapping[str, Link]:
        """The links of these ids. Raises UnusableLink where a row holds none, or StoreUnavailable."""
        try:
            return self._links.get(ids)
        except UnreadableLink as fault:
            self._signals.count("LinkUnreadable")
            self._signals.warn("link_unreadable", link_id=fault.link_id)
            raise UnusableLink(f"The row of the link {fault.link_id} cannot be read.") from None
