"""What is started: our functions and both references of each, all at the same stub with the same parameters."""

from collections.abc import Iterable
from pathlib import Path

from bench.emulator import Target
from bench.layout import build_reference
from bench.places import WORK
from engines.template import environment

KINDS = ("ours", "bare", "usual")
IDS = {
    "Table": "paylink-Table",
    "MerchantSecret": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:merchant-AbCdEf",
    "StackSecret": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stack-AbCdEf",
}


def logical_id(function: str) -> str:
    """The function's name in template.yaml."""
    return "".join(word.capitalize() for word in function.split("_"))


def variables(function: str, url: str, ids: dict[str, str] = IDS) -> dict[str, str]:
    """A function's environment by the template, with AWS and the gateway at `url`."""
    shop = "https://shop.example"
    return {
        **environment(
            logical_id(function), ids, AllowedOrigins=shop, ShopUrl=f"{shop}/thanks", GatewayUrl=url
        ),
        "IDEMPOTENCY_TABLE": "idempotency",  # of the usual stack alone
        "SHOP_URL": f"{shop}/thanks",
        "GATEWAY_URL": url,
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
    }


def targets(url: str, functions: Iterable[str], build: Path = WORK / "build") -> list[tuple[str, Target]]:
    """Each function's three kinds, in the order in which they are started."""
    found = []
    for function in functions:
        asked = variables(function, url)
        layer = build / "PaylinkLayer" / "python"
        found.append((function, Target(f"ours_{function}", build / logical_id(function), asked, layer)))
        for kind in KINDS[1:]:
            name = f"{kind}_{function}"
            found.append((function, Target(name, build_reference(name), asked)))
    return found
