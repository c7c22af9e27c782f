"""The house: what a function's own file may hold, what each one loads, and who reads the environment."""

import ast
import functools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.places import ROOT

LAYER = ROOT / "layers" / "paylink" / "paylink"
APPS = sorted(ROOT.glob("functions/*/app.py"))
MODULES = sorted(LAYER.rglob("*.py"))

ROOMS = ("paylink.app", "paylink.web", "paylink.bootstrap")
PLAIN = {"typing", "collections.abc"}

# Whatever decides, repeats or recovers is a rule, and rules live in the layer.
DECISIONS = (
    ast.If,
    ast.IfExp,
    ast.Match,
    ast.BoolOp,
    ast.Compare,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.comprehension,
    ast.Try,
    ast.TryStar,
    ast.Assert,
    ast.Raise,
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield str(node.module)


def test_there_are_functions_to_look_at() -> None:
    assert {path.parent.name for path in APPS} >= {
        "create_payment",
        "gateway_callback",
        "return_page",
        "payment_status",
        "link_page",
        "manage",
        "publish",
        "deliver",
        "reconcile",
    }


@pytest.mark.parametrize("app", APPS, ids=named)
def test_a_function_imports_only_use_cases_http_and_its_parts(app: Path) -> None:
    foreign = [
        name
        for name in imported(app)
        if name not in PLAIN and not any(name == room or name.startswith(f"{room}.") for room in ROOMS)
    ]
    assert foreign == []


@pytest.mark.parametrize(
    "module",
    [*sorted((LAYER / "domain").glob("*.py")), LAYER / "freedompay" / "signature.py"],
    ids=named,
)
def test_the_domain_and_the_signature_need_the_standard_library_alone(module: Path) -> None:
    foreign = [
        name
        for name in imported(module)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("paylink.domain")
    ]
    assert foreign == []


@pytest.mark.parametrize("app", APPS, ids=named)
def test_a_function_decides_nothing(app: Path) -> None:
    decisions = [
        f"line {node.lineno}: {type(node).__name__}"
        for node in ast.walk(parsed(app))
        if isinstance(node, DECISIONS) and hasattr(node, "lineno")
    ]
    assert decisions == []


@pytest.mark.parametrize("app", APPS, ids=named)
def test_a_function_is_its_handler_and_its_parts(app: Path) -> None:
    kinds = [type(node).__name__ for node in parsed(app).body]
    assert [kind for kind in kinds if kind not in {"Import", "ImportFrom"}] == [
        "Expr",
        "Assign",
        "FunctionDef",
    ]


READS = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def touches_environment(path: Path) -> list[int]:
    lines = []
    for node in ast.walk(parsed(path)):
        by_attribute = isinstance(node, ast.Attribute) and node.attr in READS
        by_import = (
            isinstance(node, ast.ImportFrom) and node.module == "os" and READS & {n.name for n in node.names}
        )
        if by_attribute or by_import:
            lines.append(node.lineno)
    return lines


def test_only_the_settings_read_the_environment() -> None:
    assert len(MODULES) > 40
    assert [named(path) for path in MODULES if touches_environment(path)] == [
        "layers/paylink/paylink/settings.py"
    ]


def test_no_module_of_the_layer_prints() -> None:
    printing = [
        f"{named(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


PROGRAM = """
import json, runpy, sys, types
sys.path.insert(0, "layers/paylink")
handler = runpy.run_path(sys.argv[1])["handler"]
loaded = sorted(sys.modules)
context = types.SimpleNamespace(get_remaining_time_in_millis=lambda: 20_000)
answers = [handler(event, context).get("statusCode", "no request") for event in json.loads(sys.argv[2])]
print(json.dumps({"loaded": loaded, "answers": answers, "then": sorted(sys.modules)}))
"""

SELLER = ("NAME", "BIN", "ADDRESS", "PHONE", "EMAIL", "TERMS", "REFUND_TERMS")

ENVIRONMENT = {
    "TABLE_NAME": "table",
    "MERCHANT_SECRET": "merchant",
    "STACK_SECRET": "stack",
    "GATEWAY_REGION": "kz",
    "GATEWAY_URL": "",
    "GATEWAY_PATH": "/init_payment.php",
    "PAYMENT_METHOD": "",
    "ALLOWED_ORIGINS": "https://shop.example",
    "SHOP_URL": "https://shop.example/",
    "PUBLIC_URL": "",
    "LANGUAGE": "ru",
    "LIFETIME_SECONDS": "3600",
    "TEST_MODE": "true",
    "ACCEPT_PAYMENTS": "true",
    "CHECK_CALL": "false",
    "KEEP_CONTACTS": "0",
    "RECEIPTS": "false",
    "RECEIPT_TAX_TYPE": "0",
    "OFFERS_NOT_BEFORE": "",
    **{f"SELLER_{name}": "" for name in SELLER},
    "HOLD_POLICY": "alert",
    "EVENT_BUS": "default",
    "DELIVERY_QUEUE": "http://127.0.0.1:9/delivery",
    "UNPUBLISHED_QUEUE": "http://127.0.0.1:9/unpublished",
    "WEBHOOK_URL": "",
    "MESSAGE_EMAIL": "",
    "TELEGRAM_CHAT": "",
    "STREAM_FAILURES": "http://127.0.0.1:9/stream-failures",
    "DEAD_LETTERS": "http://127.0.0.1:9/dead-letters",
    "WEBHOOK_SECRET": "webhook",
    "MESSAGE_TOPIC": "arn:aws:sns:eu-central-1:123456789012:messages",
    "TELEGRAM_SECRET": "telegram",
    "POWERTOOLS_SERVICE_NAME": "paylink",
    "POWERTOOLS_METRICS_NAMESPACE": "Paylink",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    # Nobody listens there, and none of the events below has to be looked up.
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}

GET, POST, PUT = ({"http": {"method": method}} for method in ("GET", "POST", "PUT"))
EVENTS = {
    # Events that end before anything is asked of AWS, each with its answer.
    "create_payment": [({"requestContext": POST, "rawPath": "/payments", "body": "{}"}, 400)],
    "gateway_callback": [
        ({"requestContext": POST, "rawPath": "/callbacks/paylink_result", "body": "{}"}, 400),
        (
            {
                "requestContext": POST,
                "rawPath": "/callbacks/paylink_result",
                "headers": {"content-type": "application/xml"},
                "body": "<request><pg_order_id>1</pg_order_id></request>",
            },
            403,
        ),
    ],
    "return_page": [({"requestContext": POST, "rawPath": "/return/success", "body": "{}"}, 303)],
    "payment_status": [({"requestContext": GET, "pathParameters": {"order_id": "1"}}, 404)],
    "link_page": [
        ({"routeKey": "GET /assets/{file}", "requestContext": GET, "pathParameters": {"file": "x.js"}}, 404),
        ({"routeKey": "GET /pay/{link}", "requestContext": GET, "pathParameters": {"link": "X"}}, 404),
        ({"routeKey": "POST /pay/{link}", "requestContext": POST, "pathParameters": {"link": "X"}}, 404),
    ],
    # It asks the table before all else.
    "reconcile": [],
    "publish": [({"Records": []}, "no request")],
    "deliver": [({"Records": []}, "no request")],
    "manage": [
        (
            {
                "routeKey": "PUT /links/{link_id}",
                "requestContext": PUT,
                "pathParameters": {"link_id": "coffee"},
                "body": "[]",
            },
            400,
        ),
        ({"routeKey": "POST /offers", "requestContext": POST, "body": "{}"}, 400),
        ({"routeKey": "POST /invoices", "requestContext": POST, "body": "{}"}, 400),
        ({"routeKey": "GET /orders", "requestContext": GET, "rawQueryString": "day=today"}, 400),
    ],
}


@functools.cache
def fresh(function: str) -> dict[str, list[str]]:
    """What a process that starts the function has loaded, at its start and after its events."""
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            PROGRAM,
            f"functions/{function}/app.py",
            json.dumps([event for event, _ in EVENTS[function]]),
        ],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def packages(modules: list[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("function", EVENTS)
def test_a_function_answers_in_a_process_of_its_own(function: str) -> None:
    assert fresh(function)["answers"] == [answer for _, answer in EVENTS[function]]


@pytest.mark.parametrize("function", EVENTS)
def test_no_function_loads_what_is_slow_to_load(function: str) -> None:
    heavy = {"pydantic", "pydantic_core", "aws_xray_sdk", "moto", "flask", "pytest", "segno"}
    assert "botocore" in packages(fresh(function)["loaded"])
    assert heavy & packages(fresh(function)["then"]) == set()


PAYING = ("create_payment", "link_page", "reconcile")


@pytest.mark.parametrize("function", [name for name in EVENTS if name not in PAYING])
def test_only_the_functions_that_call_the_gateway_load_the_http_client(function: str) -> None:
    assert "requests" not in packages(fresh(function)["then"])
    assert "paylink.freedompay.client" not in fresh(function)["then"]


@pytest.mark.parametrize("function", PAYING)
def test_the_functions_that_call_the_gateway_do_load_it(function: str) -> None:
    assert "requests" in packages(fresh(function)["loaded"])


@pytest.mark.parametrize(
    ("function", "module"),
    [
        ("gateway_callback", "paylink.app.create_payment"),
        ("gateway_callback", "paylink.adapters.links"),
        ("return_page", "paylink.app.gateway_callback"),
        ("payment_status", "paylink.freedompay.signature"),
        ("payment_status", "paylink.app.sync"),
        ("return_page", "paylink.adapters.watches"),
        ("reconcile", "paylink.app.create_payment"),
        ("payment_status", "paylink.adapters.secrets"),
        ("publish", "paylink.adapters.secrets"),
        ("publish", "paylink.adapters.https"),
        ("deliver", "paylink.app.publish"),
    ],
)
def test_a_function_loads_only_what_it_needs(function: str, module: str) -> None:
    assert module not in fresh(function)["then"]


@pytest.mark.parametrize("function", EVENTS)
def test_a_function_loads_the_parts_of_no_other(function: str) -> None:
    parts = {
        module.removeprefix("paylink.bootstrap.")
        for module in fresh(function)["then"]
        if module.startswith("paylink.bootstrap.")
    }
    assert parts & set(EVENTS) == {function}
