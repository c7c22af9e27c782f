"""paylink.d.ts, as TypeScript reads it, and held against what the script and the API have."""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from paylink.domain.clock import utc_now
from paylink.domain.order import Order, Status
from paylink.domain.text import LANGUAGES
from paylink.web.order_json import created_json, status_json
from release_storefront import SOURCE, TOOLS

DECLARATIONS = SOURCE.with_suffix(".d.ts")
USAGE = Path(__file__).with_name("usage.ts")
STRICT = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"]
STRICT += ["--target", "es2022", "--lib", "es2022,dom", "--module", "esnext", "--moduleResolution", "bundler"]


def test_typescript_takes_what_fits_and_refuses_what_does_not(tmp_path: Path) -> None:
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("NOT RUN (TypeScript): no npm and Node")
    found = subprocess.run([TOOLS, "typescript"], stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    for file in (DECLARATIONS, USAGE):
        shutil.copy(file, tmp_path)
    command = ["node", Path(found.stdout.strip()) / "lib" / "tsc.js", *STRICT, "paylink.d.ts", "usage.ts"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_the_statuses_and_languages_are_those_of_the_api() -> None:
    text = DECLARATIONS.read_text()
    statuses = re.search(r"type PaylinkOrderStatus =(.*?);", text, re.DOTALL)
    assert set(re.findall(r'"(\w+)"', statuses[1])) == {status.value for status in Status}
    languages = re.search(r"type PaylinkLanguage =(.*?);", text)
    assert re.findall(r'"(\w+)"', languages[1]) == list(LANGUAGES)


def test_the_options_are_those_that_the_script_takes() -> None:
    members = re.search(r'const MEMBERS =\s+"([a-z,_]+)"', SOURCE.read_text())[1].split(",")
    text = DECLARATIONS.read_text()
    request = re.search(
        r"interface PaylinkRequest extends PaylinkCommon \{(.*?)^\}", text, re.DOTALL | re.MULTILINE
    )[1]
    own = set(re.findall(r"^  (\w+)\??:", request, re.MULTILINE))
    assert own == set(members) - {"link", "quantity", "amount", "items", "offer"} | {"navigate"}


@pytest.mark.parametrize("name", ["PaylinkOrder", "PaylinkCreatedOrder"])
def test_orders_are_declared_as_the_api_tells_them(name: str) -> None:
    now = utc_now()
    order = Order(
        order_id="pl_0123456789abcdefghjkmnpqrs",
        fingerprint="",
        status=Status.PENDING,
        created_at=now,
        amount=150_000,
        currency="KZT",
        description="Coffee",
        test=True,
        redirect_url="https://gateway.example/pay",
        expires_at=now + timedelta(hours=1),
    )
    told = status_json(order)
    if name == "PaylinkCreatedOrder":
        told = created_json(order, public_url="https://api.example", qr="data:", now=now)
    body = re.search(rf"interface {name} \{{(.*?)^\}}", DECLARATIONS.read_text(), re.DOTALL | re.MULTILINE)[1]
    assert set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE)) == set(told)
