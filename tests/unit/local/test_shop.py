"""The shop of a local run: a folder served as a static host would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from paylink_local.shop import Shop, headers_for, return_path, swaps

API, SANDBOX = "http://127.0.0.1:8080", "http://127.0.0.1:9000"
PAGE = '<script src="paylink.js" data-api="https://pay.example.com"></script><b>OFFER-TOKEN https://customer.freedompay.kz</b>'

Get = Callable[..., TestResponse]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "img").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "shop.js").write_text("'https://pay.example.com'")
    (folder / "img" / "sun.svg").write_text("<svg/>")
    (folder / "data.bin").write_bytes(b"\x00\xff")
    (folder / ".env").write_text("secret")
    (tmp_path / "outside.txt").write_text("secret")
    return folder


@pytest.fixture
def get(folder: Path, tmp_path: Path) -> Get:
    script = tmp_path / "lent.js"
    script.write_text("lent")
    client = Client(Shop(folder, script, swaps(API, "v1.a.b", SANDBOX)))
    return lambda path, method="GET": client.open(path, method=method)


def test_a_page_is_served_with_this_runs_addresses(get: Get) -> None:
    for path in ("/", "/index.html", "/?order_id=x"):
        answer = get(path)
        assert answer.status_code == 200
        assert answer.content_type == "text/html; charset=utf-8"
        assert answer.text == f'<script src="paylink.js" data-api="{API}"></script><b>v1.a.b {SANDBOX}</b>'
        assert answer.headers["content-length"] == str(len(answer.data))
        assert answer.headers["x-content-type-options"] == "nosniff"
        # `no-store` would keep the page from the browser's back cache.
        assert answer.headers["cache-control"] == "no-cache"


def test_other_files_are_served_as_they_are(get: Get) -> None:
    assert get("/shop.js").text == "'https://pay.example.com'"
    assert get("/shop.js").content_type == "text/javascript; charset=utf-8"
    assert get("/img/sun.svg").content_type == "image/svg+xml"
    assert get("/data.bin").data == b"\x00\xff"


def test_a_page_that_is_not_utf_8_comes_out_as_it_went_in(get: Get, folder: Path) -> None:
    (folder / "old.html").write_bytes("Кофе".encode("cp1251"))
    assert get("/old.html").data == "Кофе".encode("cp1251")


def test_paylink_js_is_lent_to_a_folder_that_has_none(get: Get, folder: Path) -> None:
    assert get("/paylink.js").text == "lent"
    (folder / "paylink.js").write_text("own")
    assert get("/paylink.js").text == "own"


def test_demo_json_tells_the_api_and_an_offer(get: Get) -> None:
    assert get("/demo.json").json == {"api": API, "offer": "v1.a.b"}


@pytest.mark.parametrize(
    "path",
    ["/none", "/img", "/img/", "/.env", "/_headers", "/../outside.txt", "/%2e%2e/outside.txt", "/img/../../outside.txt",
     "/index.html/x", "/\x00", "/..%5coutside.txt"],
)  # fmt: skip
def test_what_is_not_there_or_hidden_or_outside_is_404(get: Get, folder: Path, path: str) -> None:
    (folder / "_headers").write_text("/*\n  X-A: b\n")
    answer = get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(get: Get, folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    assert get("/link.txt").status_code == 404


def test_only_get_and_head_are_answered(get: Get) -> None:
    head = get("/", "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    assert get("/", "POST").status_code == 405


def test_the_folder_s_own_headers_are_sent_with_this_runs_addresses(get: Get, folder: Path) -> None:
    (folder / "_headers").write_text(
        "# a comment\n/*\n  Content-Security-Policy: connect-src https://pay.example.com; frame-src https://customer.freedompay.kz\n"
        "  X-Content-Type-Options: other\n\n/img/*\n  X-Picture: yes\n"
    )
    answer = get("/")
    assert answer.headers["content-security-policy"] == f"connect-src {API}; frame-src {SANDBOX}"
    assert answer.headers.get_all("x-content-type-options") == ["other"]
    assert "x-picture" not in answer.headers
    assert get("/img/sun.svg").headers["x-picture"] == "yes"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", {"a": "1"}),
        ("/x.html", {"a": "1", "b": "2: 3"}),
        ("/x.html/y", {"a": "1"}),
        ("/dir/y", {"a": "1", "c": "4"}),
    ],
)
def test_headers_are_given_by_path(path: str, found: dict) -> None:
    rules = "/*\n  A: 1\n/x.html\n\tB: 2: 3\n  nonsense\n/dir/*\n  C: 4"
    assert dict(headers_for(path, rules)) == found


def test_with_a_real_gateway_its_hosts_stay() -> None:
    assert "https://customer.freedompay.kz" not in swaps(API, "v1.a.b", None)
    for host in ("kz", "uz", "kg"):
        assert swaps(API, "v1.a.b", SANDBOX)[f"https://customer.freedompay.{host}"] == SANDBOX


def test_the_page_after_payment(folder: Path) -> None:
    assert return_path(folder) == "/"
    (folder / "thanks.html").write_text("")
    assert return_path(folder) == "/thanks.html"
