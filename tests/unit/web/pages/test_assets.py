"""The storefront's files: for good, for every page, and nothing else of the disk."""

import base64
import gzip
from pathlib import Path

import pytest

from paylink.web.assets import Assets
from paylink.web.request import Request

from .views import request

SCRIPT = "export const привет = 1;\n" * 200
NAME = "paylink-0.1.0.js"


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / NAME).write_text(SCRIPT, encoding="utf-8")
    (folder / "paylink-0.1.0.d.ts").write_text("export {};", encoding="utf-8")
    (folder / "README").write_text("not for everybody")
    (folder / "notes.txt").write_text("not for everybody")
    (folder / "inner.js").mkdir()
    (tmp_path / "app.py").write_text("secret = 1")
    return Assets(folder)


def asked(**headers: str) -> Request:
    return request(**headers)


def test_a_file_is_served_for_good_to_every_page(assets: Assets) -> None:
    answer = assets.answer(NAME, asked())
    headers = answer["headers"]
    assert (answer["statusCode"], answer["body"]) == (200, SCRIPT)
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert {part.strip() for part in headers["vary"].split(",")} == {"accept-encoding", "origin"}


def test_it_travels_compressed_where_the_browser_takes_that(assets: Assets) -> None:
    answer = assets.answer(NAME, asked(accept_encoding="gzip, deflate, br"))
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["isBase64Encoded"] is True
    assert gzip.decompress(base64.b64decode(answer["body"])).decode() == SCRIPT


def test_a_browser_that_has_it_gets_nothing_more(assets: Assets) -> None:
    etag = assets.answer(NAME, asked())["headers"]["etag"]
    answer = assets.answer(NAME, asked(if_none_match=f'"other", {etag}'))
    assert answer["statusCode"] == 304
    assert answer["headers"]["etag"] == etag
    assert answer["headers"]["cache-control"] == "public, max-age=31536000, immutable"
    assert "body" not in answer
    assert assets.answer(NAME, asked(if_none_match='"other"'))["statusCode"] == 200


def test_another_content_is_another_etag(assets: Assets, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / NAME).write_text(SCRIPT + " ", encoding="utf-8")
    tags = {one.answer(NAME, asked())["headers"]["etag"] for one in (assets, Assets(other))}
    assert len(tags) == 2


def test_declarations_are_text(assets: Assets) -> None:
    answer = assets.answer("paylink-0.1.0.d.ts", asked())
    assert answer["headers"]["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "/etc/passwd",
        "app.py",
        "README",
        "notes.txt",
        "inner.js",
        "paylink-9.9.9.js",
        "PAYLINK-0.1.0.JS",
        f"{NAME}/",
        f"./{NAME}",
        f"{NAME}\x00",
    ],
)
def test_nothing_else_is_served(assets: Assets, name: str) -> None:
    answer = assets.answer(name, asked())
    assert answer["statusCode"] == 404
    assert answer["headers"]["cache-control"] == "no-store", "a version may be released tomorrow"
    assert answer["body"] == ""


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert Assets(tmp_path / "none").answer(NAME, asked())["statusCode"] == 404
