"""What is wrong with a form, in the buyer's language and beside the field that it is about."""

from collections.abc import Mapping
from typing import Final

from paylink.domain.errors import InvalidRequest
from paylink.domain.link import Link
from paylink.web.pages.form import AMOUNT, QUANTITY, Submitted, asked_of
from paylink.web.pages.site import View
from paylink.web.pages.sums import bounds_text

EXAMPLE_PHONES: Final[Mapping[str, str]] = {
    "kz": "+7\u00a0777\u00a0123\u00a045\u00a067",
    "uz": "+998\u00a090\u00a0123\u00a045\u00a067",
    "kg": "+996\u00a0700\u00a012\u00a034\u00a056",
    "test": "+7\u00a0777\u00a0123\u00a045\u00a067",
}
"""A phone number with the country's code, by region; it never breaks over two lines."""


def faults_of(error: InvalidRequest, submitted: Submitted, view: View, link: Link) -> dict[str, str]:
    """The text for each field that is wrong; none where the whole form is.

    The rules are the domain's alone, as for every payment; here its findings only get words.
    """
    found = {entry.field.rpartition(".")[2] for entry in error.entries}
    return {
        name: _words(name, submitted.typed.get(name, ""), view, link)
        for name in asked_of(link)
        if name in found
    }


def _words(name: str, text: str, view: View, link: Link) -> str:
    texts = view.texts
    if name == QUANTITY:
        most = link.quantity.maximum if view.showing is None else view.showing.most
        return texts.quantity_wrong.format(least=link.quantity.minimum, most=most)
    if name == AMOUNT:
        least, most_sum = bounds_text(link, view.language)
        return texts.amount_wrong.format(least=least, most=most_sum)
    if not text.strip():
        return texts.required
    if name == "email":
        return texts.email_wrong
    if name == "phone":
        return texts.phone_wrong.format(example=EXAMPLE_PHONES[view.site.region])
    return texts.text_wrong
