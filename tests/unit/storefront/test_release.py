"""Releases of paylink.js: what was released stays, and what is in the checkout is released."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from release_storefront import (
    ASSETS,
    LARGEST,
    LEDGER,
    SOURCE,
    ReleaseError,
    compressed_size,
    integrity_of,
    minified,
    read_ledger,
    release,
    source_hash,
    version_of,
)

TEXT = '(() => {\n  const VERSION = "1.2.3";\n})();\n'


def small(text: str) -> bytes:
    return text.replace("\n", "").encode()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "paylink.js"
    file.write_text(TEXT)
    return file


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    return tmp_path / "assets"


def test_every_released_file_is_what_it_was() -> None:
    ledger = read_ledger(ASSETS)
    assert ledger
    for version, made in ledger.items():
        assert made.file == f"paylink-{version}.js"
        assert re.fullmatch(r"sha384-[A-Za-z0-9+/]{64}", made.integrity)
        assert integrity_of((ASSETS / made.file).read_bytes()) == made.integrity, made.file
    assert {file.name for file in ASSETS.glob("paylink-*")} == {made.file for made in ledger.values()}


def test_the_source_in_the_checkout_is_released() -> None:
    text = SOURCE.read_text("utf-8")
    assert read_ledger(ASSETS)[version_of(text)].source == source_hash(text), (
        "paylink.js has changed: raise its VERSION and run tools/release_storefront.py"
    )


def test_every_release_is_small_and_readable_as_utf_8() -> None:
    for made in read_ledger(ASSETS).values():
        content = (ASSETS / made.file).read_bytes()
        assert compressed_size(content) < LARGEST == 6144
        assert "Оплачено" in content.decode("utf-8")


def test_the_release_can_be_made_again_to_the_byte() -> None:
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("NOT RUN (esbuild): no npm and Node")
    text = SOURCE.read_text("utf-8")
    assert integrity_of(minified(text)) == read_ledger(ASSETS)[version_of(text)].integrity


def test_the_source_is_nothing_a_strict_policy_forbids() -> None:
    text = SOURCE.read_text("utf-8")
    for word in (
        "eval",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        ".style",
    ):
        assert word not in text
    # A module and a plain script at once: neither of these may stand in it.
    assert not re.search(
        r"^\s*(import|export)\b|import\.meta", text.replace("import.meta would", ""), re.MULTILINE
    )


def test_a_release_leaves_the_file_its_hash_and_its_source(source: Path, assets: Path) -> None:
    made, is_new = release(source, assets, small)
    assert is_new
    assert (assets / "paylink-1.2.3.js").read_bytes() == small(TEXT)
    assert read_ledger(assets) == {"1.2.3": made}
    assert (made.integrity, made.source) == (integrity_of(small(TEXT)), source_hash(TEXT))


def test_again_it_changes_nothing_and_needs_no_minifier(source: Path, assets: Path) -> None:
    made, _ = release(source, assets, small)
    before = {file.name: file.read_bytes() for file in assets.iterdir()}
    assert release(source, assets, lambda _: pytest.fail("minified again")) == (made, False)
    assert {file.name: file.read_bytes() for file in assets.iterdir()} == before


def test_a_changed_source_needs_a_new_version_and_the_old_one_stays(source: Path, assets: Path) -> None:
    old, _ = release(source, assets, small)
    source.write_text(TEXT + "// more\n")
    with pytest.raises(ReleaseError, match=r"1\.2\.3 is released and the source has changed since"):
        release(source, assets, small)
    source.write_text(TEXT.replace("1.2.3", "1.3.0"))
    new, is_new = release(source, assets, small)
    assert is_new
    assert read_ledger(assets) == {"1.2.3": old, "1.3.0": new}
    assert (assets / old.file).read_bytes() == small(TEXT)


@pytest.mark.parametrize("change", ["changed", "removed"])
def test_a_released_file_that_was_touched_is_noticed(source: Path, assets: Path, change: str) -> None:
    release(source, assets, small)
    file = assets / "paylink-1.2.3.js"
    file.write_text("other") if change == "changed" else file.unlink()
    with pytest.raises(ReleaseError, match="not what was released"):
        release(source, assets, small)


def test_a_file_without_an_entry_is_not_overwritten(source: Path, assets: Path) -> None:
    release(source, assets, small)
    (assets / LEDGER).write_text("{}")
    (assets / "paylink-1.2.3.js").write_text("other")
    with pytest.raises(ReleaseError, match="exists with other content"):
        release(source, assets, small)
    assert (assets / "paylink-1.2.3.js").read_text() == "other"
    assert json.loads((assets / LEDGER).read_text()) == {}


def test_what_is_too_large_is_not_released(source: Path, assets: Path) -> None:
    noise = random.Random(1).randbytes(LARGEST)  # noqa: S311 — only to be hard to compress
    with pytest.raises(ReleaseError, match="too many"):
        release(source, assets, lambda _: noise)
    assert not assets.exists()


@pytest.mark.parametrize("text", ["", '  const VERSION = "1.2";\n', TEXT + '  const VERSION = "1.2.4";\n'])
def test_a_source_without_one_version_is_refused(source: Path, assets: Path, text: str) -> None:
    source.write_text(text)
    with pytest.raises(ReleaseError, match="must have one line"):
        release(source, assets, small)
