"""The page on which a link is bought: what is sold, what the buyer fills in, one button."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from paylink.domain.link import AUTOMATIC, Link
from paylink.domain.payment_request import LONGEST_FIELD
from paylink.domain.showing import Showing
from paylink.domain.text import in_language
from paylink.web.pages import form
from paylink.web.pages.faults import EXAMPLE_PHONES
from paylink.web.pages.inputs import BUYER_ATTRIBUTES, LONG, Field, field_html
from paylink.web.pages.key_cookie import key_cookie
from paylink.web.pages.layout import Page, page_response
from paylink.web.pages.markup import NOTHING, Html, html, join
from paylink.web.pages.moments import moment_text
from paylink.web.pages.product import description, heading, picture, price
from paylink.web.pages.site import View
from paylink.web.pages.sums import NBSP, bounds_text, currency_name, number_text, price_text
from paylink.web.response import Response


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form already. Without a key the page gets a fresh one."""

    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    key: str | None = field(default=None, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    """What is wrong with the form as a whole."""


def fresh_key() -> str:
    """A key that no other page has: 256 random bits."""
    return secrets.token_urlsafe(32)


def form_page(view: View, showing: Showing, filled: Filled | None = None, *, status: int = 200) -> Response:
    """The page with its form, as it is first shown or with what the buyer wrote and what is wrong with it."""
    filled = filled or Filled()
    key = filled.key or fresh_key()
    link = showing.link
    title = in_language(link.title, view.language)
    fields = _fields(view, showing, filled)
    is_wrong = bool(filled.faults or filled.notice)
    card = html(
        "{alert}{test}{heading}{description}{price}"
        '<form method="post" action="{path}" novalidate>\n'
        '<input type="hidden" name="{key_name}" value="{key}">'
        '<input type="hidden" name="{language_name}" value="{language}">\n'
        "{fields}{closes}<button>{button}</button>\n</form>\n{next_step}",
        alert=_alert(view, filled, fields) if is_wrong else NOTHING,
        test=html('<p class="test">{text}</p>\n', text=view.texts.test) if showing.test else NOTHING,
        heading=heading(link, view),
        description=description(link, view),
        price=price(link, view, view.texts),
        path=view.path,
        key_name=form.KEY,
        key=key,
        language_name=form.LANGUAGE,
        language=view.language,
        fields=join(field_html(one, view.texts) for one in fields),
        closes=_notes(view, link),
        button=_button(view, link),
        next_step=html('<p class="next">{lock}{text}</p>', lock=_LOCK, text=view.texts.next_step),
    )
    named = f"{view.texts.error}: {title}" if is_wrong else title
    response = page_response(status, Page(named, card, picture(link, view)), view)
    return {**response, "cookies": key_cookie(key, view.base, view.path)}


def _fields(view: View, showing: Showing, filled: Filled) -> list[Field]:
    required = {wanted.name: wanted.required for wanted in showing.link.fields}
    own = {form.AMOUNT: _amount, form.QUANTITY: _quantity}
    return [
        own[name](view, showing, filled)
        if name in own
        else _buyer_field(view, name, filled, required=required[name])
        for name in form.asked_of(showing.link)
    ]


def _quantity(view: View, showing: Showing, filled: Filled) -> Field:
    least, texts = showing.link.quantity.minimum, view.texts
    hints = [] if showing.most == least else [texts.bounds.format(least=least, most=showing.most)]
    if showing.left is not None:
        hints.append(texts.left.format(count=showing.left))
    return Field(
        name=form.QUANTITY,
        label=texts.quantity,
        value=filled.typed.get(form.QUANTITY, str(least)),
        hint=". ".join(hints),
        fault=filled.faults.get(form.QUANTITY, ""),
        longest=9,
        attributes=html('inputmode="numeric" autocomplete="off"'),
    )


def _amount(view: View, showing: Showing, filled: Filled) -> Field:
    link = showing.link
    suggested = None if link.amount is None else link.amount.suggested
    usual = "" if suggested is None else number_text(suggested, link.currency, view.language)
    least, most = bounds_text(link, view.language)
    return Field(
        name=form.AMOUNT,
        label=view.texts.amount.format(currency=currency_name(link.currency, view.language)),
        value=filled.typed.get(form.AMOUNT, usual.replace(NBSP, " ")),
        hint=view.texts.bounds.format(least=least, most=most),
        fault=filled.faults.get(form.AMOUNT, ""),
        longest=20,
        attributes=html('class="sum" inputmode="decimal" autocomplete="off"'),
    )


def _buyer_field(view: View, name: str, filled: Filled, *, required: bool) -> Field:
    is_phone = name == "phone"
    example = EXAMPLE_PHONES[view.site.region]
    return Field(
        name=name,
        label=getattr(view.texts, name),
        value=filled.typed.get(name, ""),
        hint=view.texts.phone_hint.format(example=example) if is_phone else "",
        fault=filled.faults.get(name, ""),
        required=required,
        longest=32 if is_phone else LONGEST_FIELD,
        attributes=BUYER_ATTRIBUTES[name],
        is_long=name in LONG,
    )


def _notes(view: View, link: Link) -> Html:
    """What a buyer should know before pressing the button."""
    texts = view.texts
    notes = []
    if link.amount is not None and link.amount.at_gateway:
        least, most = bounds_text(link, view.language)
        notes.append(texts.amount_later.format(least=least, most=most))
    if link.capture != AUTOMATIC:
        notes.append(texts.held)
    if link.closes_at is not None:
        notes.append(texts.closes.format(moment=moment_text(link.closes_at, view.site.region, view.language)))
    return join(html('<p class="note">{text}</p>\n', text=note) for note in notes)


def _button(view: View, link: Link) -> str:
    if link.amount is None and not link.asks_how_many:
        return view.texts.pay.format(sum=price_text(link, view.language))
    return view.texts.go_on


def _alert(view: View, filled: Filled, fields: list[Field]) -> Html:
    """What is wrong, first on the page and with the focus, each entry a way to its field."""
    labels = {one.name: one.label for one in fields}
    entries = join(
        html(
            '<li><a href="#{name}">{label}: {text}</a></li>',
            name=name,
            label=labels[name],
            text=text[:1].lower() + text[1:],
        )
        for name, text in filled.faults.items()
    )
    return html(
        '<div class="alert" role="alert" tabindex="-1" autofocus><p><b>{title}</b></p>{notice}{entries}</div>\n',
        title=view.texts.check,
        notice=html("<p>{text}</p>", text=filled.notice) if filled.notice else NOTHING,
        entries=html("<ul>{entries}</ul>", entries=entries) if entries else NOTHING,
    )


_LOCK = html(
    '<svg viewBox="0 0 16 16" aria-hidden="true"><rect x="3" y="7" width="10" height="7" rx="2"/>'
    '<path d="M5 7V5a3 3 0 0 1 6 0v2"/></svg>'
)
