"""An API that answers as a test says, for pages of a made-up shop: what the script sends is seen, word by word."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Request, Route, expect

SOURCE = Path(__file__).parents[3] / "storefront" / "paylink.js"
SHOP = "https://shop.test"
API = "https://api.test"
GATEWAY = "https://gateway.test"
ORDER_ID = "pl_0123456789abcdefghjkmnpqrs"
ORDER = {
    "order_id": ORDER_ID,
    "status": "pending",
    "test": True,
    "payment_id": "1",
    "amount": "1500.00",
    "currency": "KZT",
    "redirect_url": f"{GATEWAY}/pay.html?customer=1",
    "expires_at": "2999-01-01T00:00:00Z",
    "status_url": f"{API}/payments/{ORDER_ID}",
}
STATUS = {
    "order_id": ORDER_ID,
    "status": "paid",
    "test": True,
    "amount": "1500.00",
    "currency": "KZT",
    "description": "Чашка кофе",
    "reference": None,
    "created_at": "2026-01-01T00:00:00Z",
    "paid_at": "2026-01-01T00:01:00Z",
    "refunded_amount": "0.00",
}
TAG = f'<script type="module" src="paylink.js" data-api="{API}"></script>'
BUTTON = '<paylink-button link="coffee">Купить</paylink-button>'


@dataclass(frozen=True)
class Answer:
    """What the API says once; `dropped` breaks the connection, `held` says nothing until the test lets it go."""

    status: int = 201
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    held: bool = False


def problem(status: int, code: str, retry_after: int | None = None, **more: object) -> Answer:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Answer(status, {"code": code, "detail": f"{code}, in words", "status": status, **more}, headers)


def created(**changes: object) -> Answer:
    return Answer(201, {**ORDER, **changes})


def replayed(status: str) -> Answer:
    body = {name: value for name, value in ORDER.items() if name != "redirect_url"}
    return Answer(200, {**body, "status": status}, {"idempotent-replayed": "true"})


def standing(status: str, **changes: object) -> Answer:
    return Answer(200, {**STATUS, "status": status, **changes})


DROPPED = Answer(dropped=True)
HELD = Answer(held=True)


class FakeApi:
    """Answers in the order given, the last answer again and again; keeps what it was asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.creations: list[Answer] = [created()]
        self.statuses: list[Answer] = [standing("paid")]
        self.asked: list[Request] = []
        self.looked: list[str] = []
        self.held: list[Route] = []
        self.watch(page)

    def watch(self, page: Page) -> None:
        """Serve the shop, the API and the gateway to a page."""
        page.set_default_timeout(10_000)
        page.route(re.compile(r"^https://"), lambda route: route.abort())
        page.route(f"{SHOP}/**", lambda route: route.fulfill(status=404, body=""))
        page.route(
            f"{SHOP}/paylink.js", lambda route: route.fulfill(path=SOURCE, content_type="text/javascript")
        )
        page.route(
            f"{GATEWAY}/**", lambda route: route.fulfill(body="<h1>Gateway</h1>", content_type="text/html")
        )
        page.route(f"{API}/payments", self._create)
        page.route(f"{API}/payments/*", self._status)

    def open(
        self, body: str = BUTTON, *, head: str = TAG, path: str = "/", whole: bool = True, **headers: str
    ) -> Page:
        """Open a page of the shop, and wait until it is there with everything that it loads, unless told not to."""
        text = f'<!doctype html><html lang="ru"><meta charset="utf-8"><title>Shop</title>{head}<body>{body}'
        address = SHOP + path
        bare = address.split("?")[0]
        self.page.route(
            re.compile(rf"^{re.escape(bare)}(\?.*)?$"),
            lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8", headers=headers),
        )
        self.page.goto(address, wait_until="load" if whole else "commit")
        self.page.wait_for_function("window.paylink")
        return self.page

    @property
    def keys(self) -> list[str]:
        return [request.headers["idempotency-key"] for request in self.asked]

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(request.post_data) for request in self.asked]

    def kept(self) -> dict[str, list]:
        """What the browser keeps for the script."""
        found = self.page.evaluate(
            "Object.entries(localStorage).filter(([name]) => name.startsWith('paylink:'))"
        )
        return {name: json.loads(text) for name, text in found}

    def let_go(self, answer: Answer) -> None:
        """Answer the one request that is held."""
        self.until_held()
        self.give(self.held.pop(), answer)

    def until_held(self) -> None:
        """Wait until a request is held: the button is busy before the request is under way."""
        for _ in range(200):
            if self.held:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("no request came")

    def _create(self, route: Route) -> None:
        self.asked.append(route.request)
        self._answer(route, self.creations)

    def _status(self, route: Route) -> None:
        self.looked.append(route.request.url.rpartition("/")[2])
        self._answer(route, self.statuses)

    def _answer(self, route: Route, answers: list[Answer]) -> None:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.dropped:
            route.abort("connectionreset")
        elif answer.held:
            self.held.append(route)
        else:
            self.give(route, answer)

    @staticmethod
    def give(route: Route, answer: Answer) -> None:
        """Send an answer, to a held request for instance."""
        headers = {
            "access-control-allow-origin": SHOP,
            "access-control-expose-headers": "idempotent-replayed, retry-after, location",
            "content-type": "application/json",
            **answer.headers,
        }
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        route.fulfill(status=answer.status, headers=headers, body=body)


def press(page: Page) -> None:
    page.get_by_role("button").first.click()


def at_the_gateway(page: Page) -> None:
    expect(page.get_by_role("heading", name="Gateway")).to_be_visible()
