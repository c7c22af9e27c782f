"""What is sold, as every page of a link shows it."""

from paylink.domain.link import Link
from paylink.domain.text import Text, in_language
from paylink.web.pages.languages import TAGS, language_of
from paylink.web.pages.layout import LONGEST_TITLE, cut
from paylink.web.pages.markup import NOTHING, Html, html
from paylink.web.pages.site import View
from paylink.web.pages.sums import price_text
from paylink.web.pages.texts import Texts


def heading(link: Link, view: View) -> Html:
    """The title as the page's heading."""
    title = in_language(link.title, view.language)
    return html("<h1{spoken}>{title}</h1>\n", spoken=spoken(link.title, view), title=title)


def description(link: Link, view: View) -> Html:
    """The description, if there is one."""
    if link.description is None:
        return NOTHING
    text = in_language(link.description, view.language)
    return html('<p class="about"{spoken}>{text}</p>\n', spoken=spoken(link.description, view), text=text)


def price(link: Link, view: View, texts: Texts) -> Html:
    """The price of one unit, in large; nothing where the buyer chooses."""
    if link.amount is not None:
        return NOTHING
    unit = html(" <small>{text}</small>", text=texts.each) if link.asks_how_many else NOTHING
    return html('<p class="price">{sum}{unit}</p>\n', sum=price_text(link, view.language), unit=unit)


def picture(link: Link, view: View) -> Html:
    """The picture, if there is one."""
    if link.image_url is None:
        return NOTHING
    return html(
        '<div class="picture"><img src="{address}" alt="{title}"></div>',
        address=link.image_url,
        title=cut(in_language(link.title, view.language), LONGEST_TITLE),
    )


def spoken(text: Text, view: View) -> Html:
    """The language of a text that the page's own language lacks, for who has the page read out."""
    language = language_of(text, view.language)
    return NOTHING if language is None else html(' lang="{tag}"', tag=TAGS[language])
