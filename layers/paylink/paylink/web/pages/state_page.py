"""Pages that tell how things stand: off, sold out, no answer from the gateway, on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paylink.domain.showing import Showing
from paylink.domain.text import in_language
from paylink.web.pages import form
from paylink.web.pages.layout import Page, page_response
from paylink.web.pages.markup import NOTHING, Html, html, join
from paylink.web.pages.product import picture, spoken
from paylink.web.pages.site import View
from paylink.web.pages.sums import price_text
from paylink.web.pages.texts import State
from paylink.web.response import Response


@dataclass(frozen=True, slots=True)
class Repeat:
    """What the button of a page sends once more: the same key with the same content, so the same payment."""

    key: str = field(repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)


def state_page(
    view: View,
    state: State,
    *,
    status: int,
    text: Html | None = None,
    action: Html = NOTHING,
    head: Html = NOTHING,
    retry_after: int | None = None,
) -> Response:
    """A page of one state, with what is sold where that is known and what the buyer can do."""
    card = html(
        '<div class="state"><h1>{title}</h1>\n<p>{text}</p>\n{item}{action}</div>',
        title=state.title,
        text=text or html("{text}", text=state.text),
        item=NOTHING if view.showing is None else _item(view, view.showing),
        action=action,
    )
    link = None if view.showing is None else view.showing.link
    title = state.title if link is None else f"{state.title} — {in_language(link.title, view.language)}"
    shown = NOTHING if link is None else picture(link, view)
    return page_response(status, Page(title, card, shown, head), view, retry_after)


def repeat_button(view: View, repeat: Repeat) -> Html:
    """A form that sends the same once more and continues the same payment."""
    values = {form.KEY: repeat.key, form.LANGUAGE: view.language, **repeat.typed}
    return html(
        '<form method="post" action="{path}">{hidden}<button>{text}</button></form>\n',
        path=view.path,
        hidden=join(
            html('<input type="hidden" name="{name}" value="{text}">', name=name, text=text)
            for name, text in values.items()
        ),
        text=view.texts.again,
    )


def page_link(view: View, text: str) -> Html:
    """A way back to the page, which then has a fresh key."""
    return _way(f"{view.path}?{form.LANGUAGE}={view.language}", text)


def onward_page(view: View, state: State, address: str) -> Response:
    """Sends the browser on where a redirect would be held up by `form-action`, since the host is not in it."""
    head = html('<meta http-equiv="refresh" content="0; url={address}">\n', address=address)
    return state_page(view, state, status=200, action=_way(address, view.texts.carry_on), head=head)


def inactive_text(view: View) -> Html | None:
    """The owner's own words about a link that is switched off, in place of ours."""
    link = None if view.showing is None else view.showing.link
    if link is None or link.inactive_text is None:
        return None
    text = in_language(link.inactive_text, view.language)
    return html("<span{spoken}>{text}</span>", spoken=spoken(link.inactive_text, view), text=text)


def _way(address: str, text: str) -> Html:
    return html('<p><a class="button" href="{address}">{text}</a></p>\n', address=address, text=text)


def _item(view: View, showing: Showing) -> Html:
    link = showing.link
    return html(
        '<p class="item"><b{spoken}>{title}</b> <span>{price}</span></p>\n',
        spoken=spoken(link.title, view),
        title=in_language(link.title, view.language),
        price=price_text(link, view.language),
    )
