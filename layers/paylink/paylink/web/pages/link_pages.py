"""`/pay/{link}` as HTTP: which page answers a request, and with which status."""

from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from paylink.domain import errors
from paylink.domain.kinds import origin_of
from paylink.domain.order import SETTLED, Status
from paylink.domain.payment_request import PaymentRequest, parse_idempotency_key
from paylink.domain.showing import Onward, Showing
from paylink.web.pages.faults import faults_of
from paylink.web.pages.form import LANGUAGE, QUANTITY, Submitted, read_form
from paylink.web.pages.form_page import Filled, form_page
from paylink.web.pages.key_cookie import kept_key
from paylink.web.pages.languages import choose_language
from paylink.web.pages.security import onward_origins
from paylink.web.pages.site import Site, View
from paylink.web.pages.state_page import Repeat, onward_page, page_link, repeat_button, state_page
from paylink.web.pages.states import error_page
from paylink.web.problems import PROBLEMS
from paylink.web.request import Request
from paylink.web.response import Response, see_other, squeezed

Pay = Callable[[PaymentRequest, str], Onward]
"""Creates the payment of a key, or takes up the one there is. Raises PaylinkError."""


_OF_THE_FORM = (
    errors.InvalidRequest,
    errors.InvalidIdempotencyKey,
    errors.KeyReused,
    errors.KeyExpired,
)


class Shows(Protocol):
    """What the pages need of the use case."""

    def show(self, link_id: str, key: str | None = None) -> Showing:
        """The link, for who pressed its button with that key before. Raises UnknownLink or StoreUnavailable."""


class LinkPages:
    """Answers the requests for one link's page."""

    def __init__(self, site: Site, links: Shows) -> None:
        self._site = site
        self._links = links

    def get(self, request: Request, base: str) -> Response:
        """The page with its form, or how things stand."""
        return squeezed(self._shown(request, base), _encodings(request))

    def post(self, request: Request, base: str, pay: Pay) -> Response:
        """303 to where the buyer goes on, or the page that says why not."""
        return squeezed(self._pressed(request, base, pay), _encodings(request))

    def _shown(self, request: Request, base: str) -> Response:
        try:
            showing = self._links.show(_link_id(request), kept_key(request))
        except errors.PaylinkError as error:
            return error_page(error, self._view(request, base))
        view = self._view(request, base, showing)
        if showing.obstacle is not None:
            return error_page(showing.obstacle, view)
        return form_page(view, showing, Filled(key=showing.key))

    def _pressed(self, request: Request, base: str, pay: Pay) -> Response:
        if comes_from_elsewhere(request, base):
            return see_other(f"{base}{self._view(request, base).path}")
        submitted = Submitted()
        try:
            submitted = read_form(request)
            language = submitted.language or self._view(request, base).language
            asked = submitted.payment(_link_id(request), language)
            onward = pay(asked, parse_idempotency_key(submitted.key))
        except errors.PaylinkError as error:
            return self._refused(request, base, submitted, error)
        return self._onward(request, base, submitted, onward)

    def _onward(self, request: Request, base: str, submitted: Submitted, onward: Onward) -> Response:
        # The happy way reads the link only once, for its price; so the page's own policy, in which the link's
        # page after payment stands too, is only known where a redirect may be held up by it.
        if onward.address is not None and origin_of(onward.address) in self._site.onward_origins:
            return see_other(onward.address)
        try:
            showing = self._links.show(_link_id(request))
        except errors.PaylinkError:
            showing = None
        view = self._view(request, base, showing, submitted.language)
        texts = view.texts
        if onward.address is not None:
            if origin_of(onward.address) in onward_origins(view):
                return see_other(onward.address)
            state = texts.paid if onward.status in SETTLED else texts.onward
            return onward_page(view, state, onward.address)
        again = repeat_button(view, Repeat(submitted.key or "", submitted.typed))
        if onward.stray_money:
            # Never "did not go through": the buyer's money is there, and an operator has been called.
            return state_page(view, texts.unavailable, status=409, action=again)
        if onward.status is Status.CANCELLED:
            return state_page(view, texts.cancelled, status=409, action=page_link(view, texts.anew))
        return state_page(view, texts.unpaid, status=409, action=again)

    def _refused(
        self, request: Request, base: str, submitted: Submitted, error: errors.PaylinkError
    ) -> Response:
        showing: Showing | None = None
        obstacle: errors.PaylinkError | None
        try:
            showing = self._links.show(_link_id(request))
            obstacle = showing.obstacle
        except errors.PaylinkError as missing:
            obstacle = missing
        view = self._view(request, base, showing, submitted.language)
        if obstacle is not None and isinstance(error, _OF_THE_FORM):
            # Where there is no form to mend, what stands in its way is what the buyer has to know.
            error = obstacle
        if showing is not None and obstacle is None:
            filled = _mended(error, submitted, view, showing)
            if filled is not None:
                return form_page(view, showing, filled, status=PROBLEMS[type(error)][0])
        repeat = Repeat(submitted.key, submitted.typed) if submitted.key else None
        return error_page(error, view, repeat)

    def _view(
        self, request: Request, base: str, showing: Showing | None = None, chosen: str | None = None
    ) -> View:
        language = choose_language(
            chosen or request.query_parameters.get(LANGUAGE),
            None if showing is None else showing.link.language,
            request.headers.get("accept-language"),
            self._site.language,
        )
        return View(self._site, language, base, _link_id(request), showing)


def comes_from_elsewhere(request: Request, base: str) -> bool:
    """Whether a form was sent by a page that is not of this stack.

    Such a page cannot have a key of its own for each buyer: it would lead all of them to one order, or a buyer
    to an order that somebody else filled in. Old browsers say nothing and are believed.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return False
    # An origin is nothing but scheme and host, so it need not be parsed, which fails on what is none.
    host = origin.partition("://")[2].lower()
    return host not in {urlsplit(base).netloc.lower(), request.domain.lower()}


def _mended(error: errors.PaylinkError, submitted: Submitted, view: View, showing: Showing) -> Filled | None:
    """The form for another try, where the buyer can mend what is wrong; None where not."""
    typed: Mapping[str, str] = submitted.typed
    texts = view.texts
    if isinstance(error, errors.InvalidIdempotencyKey | errors.KeyExpired):
        return Filled(typed, notice=texts.stale)
    if isinstance(error, errors.KeyReused):
        return Filled(typed, notice=texts.reused)
    if isinstance(error, errors.InvalidRequest):
        faults = faults_of(error, submitted, view, showing.link)
        key = submitted.key if _is_key(submitted.key) else None
        return Filled(typed, key, faults, "" if faults else texts.form_wrong)
    if isinstance(error, errors.SoldOut) and showing.left is not None and showing.link.asks_how_many:
        # The key has been used for an order of that many; fewer is another order, and nothing was sent for this.
        return Filled(typed, faults={QUANTITY: texts.too_many.format(count=showing.left)})
    return None


def _is_key(key: str | None) -> bool:
    try:
        parse_idempotency_key(key)
    except errors.InvalidIdempotencyKey:
        return False
    return True


def _encodings(request: Request) -> str:
    return request.headers.get("accept-encoding", "")


def _link_id(request: Request) -> str:
    return request.path_parameters.get("link", "")
