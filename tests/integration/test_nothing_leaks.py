"""No key, signature or buyer's data in any line that is logged, metric, error or stored item, on any path."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from freedompay_sandbox import Sandbox, running
from integration import recognisable as known
from integration.aws_failures import NO_ANSWER, Failing, refused
from integration.deployment import Deployment
from integration.gateway_message import CHECK, DELIVERIES, RESULT, changed, signed
from integration.lambda_function import LoadedFunction
from integration.leak_scene import (
    ASKED,
    COMPLAINT,
    CUSTOMER,
    EVERYTHING,
    FAILED,
    FIELDS,
    ORDERED,
    STRANGER,
    TOLD,
    Scene,
    make_scene,
)
from integration.stored_orders import stored_order
from integration.watching import root_logging
from paylink.domain.clock import from_text
from paylink.domain.order import Status


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(merchant_id=known.MERCHANT_ID, secret_key=known.KEY)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def scene(
    gateway: tuple[Sandbox, str],
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Scene]:
    """At the lowest level, which Lambda's runtime then sets for every logger, the SDK's included."""
    made = make_scene(gateway, deployment, load_function, capsys, LogLevel="DEBUG")
    end = root_logging(made.watch.collector, "DEBUG")
    yield made
    end()


def test_watch_finds_what_it_watches_for(scene: Scene, deployment: Deployment) -> None:
    """Each value, spelled in each way, wherever it is put: a search that finds nothing proves nothing."""
    for name, texts in {**known.SECRETS, **known.PERSONAL}.items():
        for text in texts:
            for spelling in known.spellings(text):
                assert known.Searcher({name: texts}).found(f'{{"a": "x{spelling}y"}}'), (name, spelling)
    for leak in (
        lambda: print(known.EMAIL),  # noqa: T201
        lambda: scene.functions["create_payment"].parts.signals.note("x", who=known.PHONE),
        lambda: deployment.put_order(stored_order(description=known.NAME)),
    ):
        leak()
        with pytest.raises(AssertionError, match=r"the (?:e-mail|phone|name)|buyer"):
            scene.watch.search("a leak on purpose")
    scene.deployment.put_order(stored_order())
    signature = str(signed(RESULT, TOLD, key=known.KEY)[-1][1])
    scene.watch.watch_for_signature(signature, "a message")
    for half in (signature[:16], signature[16:].upper()):
        scene.functions["create_payment"].parts.signals.warn("x", sig=half)
        with pytest.raises(AssertionError, match="the signature of a message"):
            scene.watch.search("a leak on purpose")
    scene.watch.search("no leak")


def test_creating(scene: Scene) -> None:
    made = scene.create("made", ORDERED)
    assert (made["statusCode"], made["status"]) == (201, "pending")
    page = scene.create("as a picture", {**ORDERED, "presentation": "qr"}, key=known.IDEMPOTENCY_KEY)
    assert page["qr"].startswith("data:image/png;base64,")
    again = scene.create("again", {**ORDERED, "presentation": "qr"}, key=known.IDEMPOTENCY_KEY)
    assert again["statusCode"] == 200
    other = scene.create("another buyer, the same key", {"link": "coffee"}, key=known.IDEMPOTENCY_KEY)
    assert other["statusCode"] == 422
    sent = [dict(payment.fields) for payment in scene.sandbox.payments()]
    assert {fields["pg_user_contact_email"] for fields in sent} == {known.EMAIL}
    assert {fields["pg_user_phone"] for fields in sent} == {known.PHONE}
    assert {fields["m_address"] for fields in sent} == {known.ADDRESS}
    assert {fields["pg_user_ip"] for fields in sent} == {known.IP}


BODIES: dict[str, Any] = {
    "no JSON": known.EMAIL.encode(),
    "broken JSON": f'{{"link": "coffee", "customer": {{"email": "{known.EMAIL}"'.encode(),
    "a name given twice": f'{{"{known.EMAIL}": 1, "{known.EMAIL}": 2}}'.encode(),
    "an unknown field": {**ORDERED, known.EMAIL: known.PHONE},
    "a wrong e-mail": {**ORDERED, "customer": {"email": f"{known.EMAIL} {known.NAME}"}},
    "a wrong phone": {**ORDERED, "customer": {"phone": f"{known.PHONE}{known.PHONE}"}},
    "a wrong id": {**ORDERED, "customer": {"id": known.EMAIL}},
    "a wrong field": {**ORDERED, "fields": {"email": known.EMAIL, "passport": known.NAME}},
    "a wrong language": {**ORDERED, "language": known.NAME},
    "an unknown link": {**ORDERED, "link": known.CUSTOMER_ID},
    "a wrong page": {**ORDERED, "success_url": f"https://evil.example/{known.EMAIL}"},
    "an altered offer": {"offer": f"v1.{known.EMAIL}.{known.PHONE}", "customer": CUSTOMER},
    "not UTF-8": known.COMMENT.encode("cp1251"),
    "too large": b" " * 70_000 + known.EMAIL.encode(),
}


def test_creating_what_does_not_fit(scene: Scene) -> None:
    for name, body in BODIES.items():
        assert 400 <= scene.create(name, body)["statusCode"] < 500
    for name, key in (("short", known.IDEMPOTENCY_KEY[:15]), ("with a space", f"{known.IDEMPOTENCY_KEY} x")):
        assert scene.create(f"a key that is {name}", ORDERED, key=key)["statusCode"] == 400
    assert [row["pk"] for row in scene.deployment.rows()] == ["links"]


def test_creating_while_the_gateway_fails(scene: Scene) -> None:
    for code in ("711", "100", "1100", "9998", "350", "9999", "424242"):
        scene.sandbox.faults.add("create", "error", code=code, description=COMPLAINT)
        answer = scene.create(f"error {code}", ORDERED, key=f"{known.IDEMPOTENCY_KEY}-error-{code}")
        assert answer["statusCode"] == 502
        assert EVERYTHING.found(json.dumps(answer, ensure_ascii=False)) == []
        scene.create(f"error {code}, again", ORDERED, key=f"{known.IDEMPOTENCY_KEY}-error-{code}")
    for kind in ("drop_before", "drop_after", "http_500", "html", "wrong_signature"):
        scene.sandbox.faults.add("create", kind, description=COMPLAINT, created=True)
        answer = scene.create(kind, ORDERED, key=f"{known.IDEMPOTENCY_KEY}-{kind}")
        assert answer["statusCode"] in {502, 504}
        scene.sandbox.faults.add("status", "error", code="9999", description=COMPLAINT)
        scene.create(f"{kind}, and no status", ORDERED, key=f"{known.IDEMPOTENCY_KEY}-{kind}")
        scene.create(f"{kind}, again", ORDERED, key=f"{known.IDEMPOTENCY_KEY}-{kind}")
    scene.sandbox.settings.update({"secret_key": "another key than the shop's"})
    assert scene.create("the key is wrong", ORDERED)["statusCode"] == 502
    scene.sandbox.settings.update({"secret_key": known.KEY})


def test_creating_while_aws_fails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    quoting = refused("ThrottlingException")
    quoting.response["Error"]["Message"] = f"{known.EMAIL} {known.KEY}"
    for operation in ("put_item", "get_item", "update_item"):
        for name, failure in {"refused": quoting, **NO_ANSWER}.items():
            with monkeypatch.context() as patched:
                Failing(patched, scene.deployment.dynamodb, operation).failure = failure
                answer = scene.create(f"{operation}, {name}", ORDERED)
            assert answer["statusCode"] in {502, 503}
    scene.functions["create_payment"].parts.create._merchant._provider.clear_cache()
    with monkeypatch.context() as patched:
        Failing(patched, scene.deployment.secrets, "get_secret_value").failure = quoting
        assert scene.create("no secret", ORDERED)["statusCode"] == 503


def fault(error: Exception) -> Callable[..., Any]:
    """Something of ours that breaks, with all that it knows in its words."""

    def broken(*_: object, **__: object) -> Any:
        raise error

    return broken


def test_faults_of_our_own(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks may quote what it was given; only its type and its place are told."""
    everything = f"{known.KEY} {known.EMAIL} {known.PHONE} {known.NAME} {known.PAN} {known.IDEMPOTENCY_KEY}"
    invalid = refused("ValidationException")
    invalid.response["Error"]["Message"] = everything
    scene.deployment.put_order(stored_order())
    for error in (invalid, ValueError(everything), KeyError(known.EMAIL), RuntimeError({"key": known.KEY})):
        for operation in ("put_item", "get_item", "update_item"):
            with monkeypatch.context() as patched:
                patched.setattr(scene.deployment.dynamodb, operation, fault(error))
                name = f"{operation} raises {type(error).__name__}"
                scene.create(name, ORDERED)
                scene.callback(name, RESULT, TOLD)
                scene.callback(name, CHECK, ASKED)
                scene.come_back(name, TOLD)
                scene.status(name, TOLD["pg_order_id"])
    raised = [step for step, status in scene.watch.steps.items() if status is None]
    assert {step.partition(":")[0] for step in raised} == {"create", "callback", "return", "status"}


def test_callbacks(scene: Scene) -> None:
    put = scene.deployment.put_order
    for status in Status:
        put(stored_order(status))
        assert scene.callback(f"asked, {status}", CHECK, ASKED) == 200
        assert scene.callback(f"failed, {status}", RESULT, FAILED) == 200
        assert scene.callback(f"paid, {status}", RESULT, TOLD) == 200
    put(stored_order())
    assert scene.callback("another amount", RESULT, changed(TOLD, pg_amount="1")) == 200
    assert scene.callback("it stands", RESULT, changed(TOLD, pg_amount="1", pg_can_reject="0")) == 200
    assert scene.callback("another mode", RESULT, changed(TOLD, pg_testing_mode=None)) == 200
    assert scene.callback("by a former key", RESULT, TOLD, key=known.FORMER_KEY) == 200
    assert scene.callback("unknown", RESULT, changed(TOLD, pg_order_id=STRANGER)) == 404
    assert scene.callback("unknown", CHECK, changed(ASKED, pg_order_id=STRANGER)) == 200
    assert scene.callback("another merchant", RESULT, {**TOLD, "pg_merchant_id": "1"}) == 403
    assert scene.callback("forged", RESULT, TOLD, key=known.EMAIL) == 403
    for field in ("pg_payment_id", "pg_amount", "pg_currency", "pg_result", "pg_failure_code", "pg_salt"):
        for value in (f"{known.PAN}\n{known.NAME}", f"{known.COMMENT}\x00{known.EMAIL}"):
            assert scene.callback(f"{field} is {value}", RESULT, {**TOLD, field: value}) == 400
    assert scene.callback("an id with a name in it", RESULT, {**TOLD, "pg_order_id": known.NAME}) == 400


def test_callbacks_while_aws_fails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.deployment.put_order(stored_order())
    quoting = refused("AccessDeniedException")
    quoting.response["Error"]["Message"] = f"{known.EMAIL} {known.KEY}"
    for operation in ("put_item", "get_item", "update_item"):
        with monkeypatch.context() as patched:
            Failing(patched, scene.deployment.dynamodb, operation).failure = quoting
            scene.callback(f"{operation} fails", RESULT, changed(TOLD, pg_captured="0"))
            scene.callback(f"{operation} fails, unknown", RESULT, changed(TOLD, pg_order_id="130"))
            scene.callback(f"{operation} fails", CHECK, ASKED)
            scene.come_back(f"{operation} fails", TOLD)
            scene.status(f"{operation} fails", TOLD["pg_order_id"])
    scene.functions["gateway_callback"].parts.answer._merchant._provider.clear_cache()
    with monkeypatch.context() as patched:
        Failing(patched, scene.deployment.secrets, "get_secret_value").failure = quoting
        assert scene.callback("no secret", RESULT, TOLD) == 503
    scene.deployment.set_merchant(f"{known.KEY} is no JSON")
    assert scene.callback("no JSON in the secret", RESULT, TOLD) == 503


def test_returns_and_status(scene: Scene) -> None:
    scene.deployment.put_order(stored_order(Status.PAID))
    scene.come_back("known", TOLD)
    scene.come_back("unknown", {**TOLD, "pg_order_id": STRANGER})
    scene.come_back("no id", {**TOLD, "pg_order_id": known.EMAIL})
    scene.come_back("forged", TOLD, key=known.NAME)
    for order_id in (TOLD["pg_order_id"], STRANGER, known.EMAIL, known.KEY):
        scene.status(order_id, order_id)


def test_the_whole_way_of_one_payment(scene: Scene) -> None:
    made = scene.create("made", ORDERED)
    order_id = made["order_id"]
    told = {**TOLD, "pg_order_id": order_id, "pg_payment_id": made["payment_id"]}
    assert (
        scene.callback(
            "asked", CHECK, {**ASKED, "pg_order_id": order_id, "pg_payment_id": made["payment_id"]}
        )
        == 200
    )
    assert (
        scene.callback(
            "declined", RESULT, {**FAILED, "pg_order_id": order_id, "pg_payment_id": made["payment_id"]}
        )
        == 200
    )
    assert scene.callback("paid", RESULT, told, ways=DELIVERIES) == 200
    scene.come_back("paid", told)
    scene.status("paid", order_id)
    order = scene.deployment.order(order_id)
    assert order.status is Status.PAID
    assert len(scene.deployment.rows()) == 2  # the link and the order


def test_contacts_stand_in_an_item_of_their_own_where_the_owner_wants_them(
    gateway: tuple[Sandbox, str],
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene = make_scene(gateway, deployment, load_function, capsys, KeepContacts="30")
    before = deployment.order
    moment = from_text("2026-03-01T10:00:00Z")
    create = scene.functions["create_payment"].parts.create
    create._parts = replace(create._parts, now=lambda: moment)
    # The item's key is known only afterwards: the order's id is made of the idempotency key.
    stack = create._stack.key()
    order_id = stack.order_id("payment", known.MERCHANT_ID, f"{known.IDEMPOTENCY_KEY}-1")
    scene.watch.kept.add((order_id, "contacts"))
    made = scene.create("made", ORDERED)
    assert (made["statusCode"], made["order_id"]) == (201, order_id)
    contacts = deployment.row(order_id, "contacts")
    assert contacts == {
        "pk": order_id,
        "sk": "contacts",
        "contacts": {"email": known.EMAIL, "phone": known.PHONE, "id": known.CUSTOMER_ID, **FIELDS},
        "ttl": int(moment.timestamp()) + 30 * 86_400,
    }
    scene.callback("paid", RESULT, {**TOLD, "pg_order_id": order_id, "pg_payment_id": made["payment_id"]})
    assert before(order_id).status is Status.PAID
    assert deployment.row(order_id, "contacts") == contacts
    assert sorted(row["sk"] for row in deployment.rows()) == ["coffee", "contacts", "order"]


def test_no_contacts_no_item(
    gateway: tuple[Sandbox, str],
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene = make_scene(gateway, deployment, load_function, capsys, KeepContacts="30")
    assert scene.create("no contacts", {"link": "coffee"})["statusCode"] == 201
    assert sorted(row["sk"] for row in deployment.rows()) == ["coffee", "order"]
