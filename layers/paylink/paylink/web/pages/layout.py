"""What all pages share: the head with its tags, the languages, the card, and who sells."""

from dataclasses import dataclass
from typing import Final

from paylink.domain.money import format_major
from paylink.domain.text import in_language, one_line
from paylink.web.pages.languages import LOCALES, TAGS
from paylink.web.pages.markup import NOTHING, Html, html, join
from paylink.web.pages.security import page_headers
from paylink.web.pages.site import View
from paylink.web.pages.style import STYLE
from paylink.web.pages.sums import price_text
from paylink.web.pages.texts import TEXTS
from paylink.web.response import Response

LONGEST_TAG: Final = 160
LONGEST_TITLE: Final = 80
"""Characters of a description and of a title in a preview or a tab; what is longer is cut there anyway."""

# A data address, so that no browser asks the API for /favicon.ico.
_ICON: Final = html(
    '<link rel="icon" href="data:image/svg+xml,%3Csvg%20xmlns=%27http://www.w3.org/2000/svg%27%20'
    "viewBox=%270%200%2016%2016%27%3E%3Crect%20width=%2716%27%20height=%2716%27%20rx=%274%27%20"
    "fill=%27%230b6e4f%27/%3E%3Cpath%20d=%27M4%208.5l2.7%202.7L12%205.8%27%20fill=%27none%27%20"
    'stroke=%27%23fff%27%20stroke-width=%272%27/%3E%3C/svg%3E">'
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's own parts: the window's title, the card's content, the picture beside it, more for the head."""

    title: str
    card: Html
    picture: Html = NOTHING
    head: Html = NOTHING


def page_response(status: int, page: Page, view: View, retry_after: int | None = None) -> Response:
    """A page as an answer."""
    headers = dict(page_headers(view))
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return {"statusCode": status, "headers": headers, "body": document(page, view).text}


def document(page: Page, view: View) -> Html:
    """The whole document."""
    return html(
        '<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n'
        # A link is for whom it was sent to; what may be found by a search stands on the shop's own site.
        '<meta name="robots" content="noindex">\n{icon}\n{head}{tags}<style>{style}</style>\n</head>\n<body>\n'
        '{languages}<main>\n<div class="card{wide}">{picture}<div class="content">\n{shop}{card}\n'
        "</div></div>\n</main>\n{seller}</body>\n</html>\n",
        tag=view.language_tag,
        title=cut(page.title, LONGEST_TITLE),
        icon=_ICON,
        head=page.head,
        tags=_tags(view),
        style=STYLE,
        languages=_languages(view),
        wide=" wide" if page.picture else "",
        picture=page.picture,
        shop=_shop(view),
        card=page.card,
        seller=_seller(view),
    )


def _tags(view: View) -> Html:
    """What messengers and social networks show of the link.

    Twitter's cards take title, text and picture from Open Graph where they have no tags of their own.
    """
    if view.showing is None:
        return NOTHING
    link, language, seller = view.showing.link, view.language, view.site.seller.name
    title = cut(in_language(link.title, language), LONGEST_TITLE)
    told = None if link.description is None else in_language(link.description, language)
    properties = {
        "og:type": "product",
        "og:url": view.address,
        "og:title": title,
        "og:description": cut(told or price_text(link, language), LONGEST_TAG),
        "og:site_name": seller,
        "og:locale": LOCALES[language],
        "og:image": link.image_url,
        "product:price:amount": None if link.price is None else format_major(link.price, link.currency),
        "product:price:currency": None if link.price is None else link.currency,
    }
    return join(
        [
            html('<link rel="canonical" href="{address}">\n', address=view.address),
            *(
                html('<meta property="{name}" content="{text}">\n', name=name, text=text)
                for name, text in properties.items()
                if text
            ),
            html(
                '<meta name="twitter:card" content="{card}">\n',
                card="summary_large_image" if link.image_url else "summary",
            ),
        ]
    )


def cut(text: str, longest: int) -> str:
    """A text in one line of bounded length, for where it stands beside the page."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _languages(view: View) -> Html:
    return html(
        '<header class="top"><nav aria-label="{label}"><ul>{entries}</ul></nav></header>\n',
        label=view.texts.languages,
        entries=join(
            html(
                '<li><a href="?lang={language}" lang="{tag}" hreflang="{tag}"{current}>'
                "{short}<span>{rest}</span></a></li>",
                language=language,
                tag=tag,
                short=TEXTS[language].short_name,
                rest=TEXTS[language].own_name.removeprefix(TEXTS[language].short_name),
                current=html(' aria-current="true"') if language == view.language else NOTHING,
            )
            for language, tag in TAGS.items()
        ),
    )


def _shop(view: View) -> Html:
    name = view.site.seller.name
    return html('<p class="shop">{name}</p>\n', name=name) if name else NOTHING


def _seller(view: View) -> Html:
    seller, texts = view.site.seller, view.texts
    phone = "".join(character for character in seller.phone if character in "+0123456789")
    number_name = texts.bin if view.site.region in {"kz", "test"} else texts.tax_number
    details = [
        (texts.seller, html("{text}", text=seller.name)),
        (number_name, html("{text}", text=seller.tax_number)),
        (texts.seller_address, html("{text}", text=seller.address)),
        (texts.seller_phone, _linked(f"tel:{phone}", seller.phone)),
        (texts.seller_email, _linked(f"mailto:{seller.email}", seller.email)),
    ]
    pages = [(texts.terms, seller.terms), (texts.refund_terms, seller.refund_terms)]
    told = join(
        html("<div><dt>{name}</dt><dd>{detail}</dd></div>", name=name, detail=detail)
        for name, detail in details
        if detail
    )
    linked = join(
        html('<li><a href="{address}">{name}</a></li>', address=address, name=name)
        for name, address in pages
        if address
    )
    if not (told or linked):
        return NOTHING
    return html(
        '<footer class="seller">{told}{linked}</footer>\n',
        told=html("<dl>{told}</dl>", told=told) if told else NOTHING,
        linked=html("<ul>{linked}</ul>", linked=linked) if linked else NOTHING,
    )


def _linked(address: str, text: str) -> Html:
    return html('<a href="{address}">{text}</a>', address=address, text=text) if text else NOTHING
