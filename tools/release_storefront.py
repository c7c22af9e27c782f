"""Releases storefront/paylink.js: makes it small, and puts it where the stack serves it for good.

    python tools/release_storefront.py

The version is the script's own (`const VERSION`). What was released under a version stays as it is: pages name it by
its hash. Beside the files stands releases.json, with each version's integrity hash for the page's script tag and the
hash of the source it was made from.
"""

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = ROOT / "storefront" / "paylink.js"
ASSETS: Final = ROOT / "functions" / "link_page" / "assets"
TOOLS: Final = ROOT / "tools" / "storefront-tools.sh"
LEDGER: Final = "releases.json"
LARGEST: Final = 6 * 1024
"""Bytes of a release as browsers get it, compressed with gzip -9."""

_VERSION: Final = re.compile(r'^  const VERSION = "(\d+\.\d+\.\d+)";$', re.MULTILINE)
# Browsers since the spring of 2022 have every feature of ES2022 that the script uses.
_OPTIONS: Final = ("--minify", "--charset=utf8", "--target=es2022", "--log-level=error")

Minify = Callable[[str], bytes]


class ReleaseError(Exception):
    """The source cannot be released as it is; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """One released version. `integrity` is for the script tag; `source` the SHA-256 of what it was made from."""

    file: str
    integrity: str
    source: str


def version_of(source: str) -> str:
    """The version that a source says it has. Raises ReleaseError."""
    found = _VERSION.findall(source)
    if len(found) != 1:
        raise ReleaseError('paylink.js must have one line: const VERSION = "1.2.3";')
    return str(found[0])


def integrity_of(content: bytes) -> str:
    """The value of a script tag's integrity attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def source_hash(source: str) -> str:
    """What tells one source from another."""
    return hashlib.sha256(source.encode()).hexdigest()


def compressed_size(content: bytes) -> int:
    """Bytes after gzip -9."""
    return len(gzip.compress(content, 9, mtime=0))


def read_ledger(assets: Path) -> dict[str, Release]:
    """The releases so far, by version."""
    file = assets / LEDGER
    if not file.exists():
        return {}
    return {version: Release(**entry) for version, entry in json.loads(file.read_text("utf-8")).items()}


def release(
    source: Path = SOURCE, assets: Path = ASSETS, minify: Minify | None = None
) -> tuple[Release, bool]:
    """Release a source, unless it is released already; tells which. Raises ReleaseError."""
    text = source.read_text("utf-8")
    version = version_of(text)
    ledger = read_ledger(assets)
    known = ledger.get(version)
    if known is not None:
        file = assets / known.file
        if not file.exists() or integrity_of(file.read_bytes()) != known.integrity:
            raise ReleaseError(f"{known.file} is not what was released as {version}: restore it")
        if known.source != source_hash(text):
            raise ReleaseError(f"{version} is released and the source has changed since: raise VERSION")
        return known, False
    content = (minify or minified)(text)
    if compressed_size(content) >= LARGEST:
        raise ReleaseError(f"{compressed_size(content)} bytes compressed, and {LARGEST} are too many")
    made = Release(f"paylink-{version}.js", integrity_of(content), source_hash(text))
    file = assets / made.file
    if file.exists() and file.read_bytes() != content:
        raise ReleaseError(
            f"{made.file} exists with other content and no entry in {LEDGER}: restore the entry"
        )
    assets.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    entries = {version: asdict(entry) for version, entry in {**ledger, version: made}.items()}
    (assets / LEDGER).write_text(json.dumps(entries, indent=2) + "\n", "utf-8")
    return made, True


def minified(text: str) -> bytes:
    """The source without what only people need. Raises ReleaseError where the minifier cannot be had or fails."""
    try:
        found = subprocess.run([TOOLS, "esbuild"], stdout=subprocess.PIPE, text=True, timeout=300, check=True)  # noqa: S603 — the project's own script
        esbuild = Path(found.stdout.strip()) / "bin" / "esbuild"
        done = subprocess.run(  # noqa: S603 — as above
            ["node", esbuild, *_OPTIONS],  # noqa: S607 — Node as this machine has it
            input=text.encode(),
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ReleaseError(f"the minifier cannot run (it needs npm and Node): {error}") from error
    return done.stdout


def main() -> int:
    """Release, and say what a page's script tag needs."""
    try:
        made, is_new = release()
    except ReleaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = compressed_size((ASSETS / made.file).read_bytes())
    sys.stdout.write(
        f"{'released' if is_new else 'released already'}: {made.file}, {size} bytes compressed\n"
    )
    sys.stdout.write(f'integrity="{made.integrity}"\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
