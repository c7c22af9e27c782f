"""The one table from errors to what a buyer reads. No reason of ours is told, only what the buyer can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from paylink.domain import errors
from paylink.web.pages.markup import NOTHING, Html, html
from paylink.web.pages.moments import moment_text
from paylink.web.pages.site import View
from paylink.web.pages.state_page import Repeat, inactive_text, page_link, repeat_button, state_page
from paylink.web.pages.texts import State
from paylink.web.problems import PROBLEMS
from paylink.web.response import Response


class Way(Enum):
    """What the page offers: nothing, the same once more, another look, or another payment."""

    NONE = auto()
    AGAIN = auto()
    LOOK = auto()
    ANEW = auto()


@dataclass(frozen=True, slots=True)
class Telling:
    """The text by its name among the texts, and what the page offers."""

    text: str
    way: Way


TELLINGS: Final[Mapping[type[errors.PaylinkError], Telling]] = {
    errors.UnknownLink: Telling("unknown", Way.NONE),
    errors.LinkOff: Telling("off", Way.NONE),
    errors.NotYetOpen: Telling("not_open", Way.NONE),
    errors.LinkClosed: Telling("closed", Way.NONE),
    errors.SoldOut: Telling("sold_out", Way.LOOK),
    errors.PaymentsPaused: Telling("paused", Way.LOOK),
    errors.NotConfigured: Telling("not_configured", Way.LOOK),
    errors.UnusableLink: Telling("off", Way.LOOK),
    errors.BodyTooLarge: Telling("too_large", Way.NONE),
    errors.StillRunning: Telling("running", Way.AGAIN),
    errors.StoreUnavailable: Telling("unavailable", Way.AGAIN),
    errors.GatewaySilent: Telling("silent", Way.AGAIN),
    errors.GatewayUnclear: Telling("silent", Way.AGAIN),
    errors.GatewayMisconfigured: Telling("misconfigured", Way.AGAIN),
    errors.GatewayRefused: Telling("refused", Way.ANEW),
}
"""What a page answers with its form, or can never meet, is not here: see `link_pages` and the test beside it."""

_OTHERWISE: Final = Telling("unavailable", Way.LOOK)


def error_page(error: errors.PaylinkError, view: View, repeat: Repeat | None = None) -> Response:
    """The page of an error, its status that of the problem document that `POST /payments` answers with."""
    telling = TELLINGS.get(type(error), _OTHERWISE)
    state: State = getattr(view.texts, telling.text)
    status, _ = PROBLEMS[type(error)]
    return state_page(
        view,
        state,
        status=status,
        text=_text(error, view, state),
        action=_action(telling.way, view, repeat),
        retry_after=error.retry_after,
    )


def _action(way: Way, view: View, repeat: Repeat | None) -> Html:
    if way is Way.NONE:
        return NOTHING
    if way is Way.AGAIN and repeat is not None:
        return repeat_button(view, repeat)
    return page_link(view, view.texts.anew if way is Way.ANEW else view.texts.look)


def _text(error: errors.PaylinkError, view: View, state: State) -> Html | None:
    if isinstance(error, errors.LinkOff):
        return inactive_text(view)
    link = None if view.showing is None else view.showing.link
    moment = None
    if link is not None and isinstance(error, errors.NotYetOpen):
        moment = link.opens_at
    elif link is not None and isinstance(error, errors.LinkClosed):
        moment = link.closes_at
    if moment is None:
        return None
    return html("{text}", text=state.text.format(moment=moment_text(moment, view.site.region, view.language)))
