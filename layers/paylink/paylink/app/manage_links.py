"""Manage links: the owner puts, reads, lists and switches them off."""

from collections.abc import Mapping
from dataclasses import replace

from paylink.app.ports import LinkBook
from paylink.domain.errors import BrokenLink, Entry, InvalidRequest, UnknownLink
from paylink.domain.link import Link, UnreadableLink
from paylink.domain.link_form import parse_link, require_link_id
from paylink.domain.receipt import ReceiptRules


class ManageLinks:
    """The use cases behind the operator's `/links`. All raise StoreUnavailable where the table is silent."""

    def __init__(self, links: LinkBook, receipts: ReceiptRules) -> None:
        self._links = links
        self._receipts = receipts

    def put(self, link_id: str, data: Mapping[str, object]) -> Link:
        """Writes a link whole. Raises InvalidRequest, also where the body names another id."""
        require_link_id(link_id)
        entries: list[Entry] = []
        if data.get("id") not in (None, link_id):
            entries.append(Entry("id", f"must be {link_id}, as in the address, or be left out"))
        try:
            link = parse_link({**data, "id": link_id})
        except InvalidRequest as error:
            raise InvalidRequest([*entries, *error.entries]) from None
        if link.receipt is not None and not self._receipts.admits(link.receipt.tax_type):
            entries.append(Entry("receipt.tax_type", f"is no tax code of the region {self._receipts.region}"))
        if entries:
            raise InvalidRequest(entries)
        self._links.put(link)
        return link

    def get(self, link_id: str) -> Link:
        """A link. Raises UnknownLink or BrokenLink."""
        try:
            found = self._links.get([link_id]).get(link_id)
        except UnreadableLink as fault:
            raise broken_link(fault) from None
        if found is None:
            raise _unknown(link_id)
        return found

    def switch_off(self, link_id: str) -> Link:
        """Switches a link off: orders and printed codes still lead to it, so it is never deleted.

        Raises UnknownLink or BrokenLink.
        """
        try:
            switched_off = self._links.change(link_id, lambda link: replace(link, active=False))
        except UnreadableLink as fault:
            raise broken_link(fault) from None
        if switched_off is None:
            raise _unknown(link_id)
        return switched_off

    def page(self, cursor: str | None) -> tuple[list[Link | UnreadableLink], str | None]:
        """Links in the order of their ids, and the cursor of the next page. Raises InvalidRequest.

        What cannot be read stands among them: the owner has to know of it, and the others count on being found.
        """
        if cursor is not None:
            require_link_id(cursor, field="cursor")
        return self._links.page(cursor)


def _unknown(link_id: str) -> UnknownLink:
    return UnknownLink(f"There is no link named {link_id[:80]!r}.")


def broken_link(fault: UnreadableLink) -> BrokenLink:
    """What the owner is told of a row that holds no link."""
    return BrokenLink(
        f"The table's row of {fault.link_id} was written by hand and holds no link ({fault.reason}). It sells "
        f"nothing; put the link anew."
    )
