"""Serves a folder as a static host would: the shop of a local run, on an origin of its own."""

import json
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from paylink.freedompay.hosts import REGIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# What stands in a shop's pages for what a local run has in its place. The gateway's own host stands for the
# stand-in's, so that a page's security policy holds here as it does in earnest.
API_PLACEHOLDER: Final = "https://pay.example.com"
OFFER_PLACEHOLDER: Final = "OFFER-TOKEN"
GATEWAY_PAGES: Final = tuple(
    dict.fromkeys(origin for region in REGIONS.values() for origin in region.page_origins)
)

RETURN_PAGE: Final = "thanks.html"
SCRIPT: Final = "paylink.js"
HEADERS_FILE: Final = "_headers"
_INDEX: Final = "index.html"
# A page of one's own is edited and looked at again; `no-store` would keep it from the browser's back cache.
_PLAIN: Final = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_SWAPPED: Final = frozenset({".html"})


def return_path(folder: Path) -> str:
    """Return the path of the page after payment: the folder's thanks.html, else its first page."""
    return f"/{RETURN_PAGE}" if (folder / RETURN_PAGE).is_file() else "/"


def swaps(api_url: str, offer: str, sandbox_url: str | None) -> Mapping[str, str]:
    """Return what a page's placeholders become; with a real gateway its hosts stay as they are."""
    hosts = dict.fromkeys(GATEWAY_PAGES, sandbox_url) if sandbox_url else {}
    return {API_PLACEHOLDER: api_url, OFFER_PLACEHOLDER: offer, **hosts}


class Shop:
    """A WSGI application: files of one folder, its `_headers`, paylink.js where it has none, /demo.json."""

    def __init__(self, folder: Path, script: Path, placeholders: Mapping[str, str]) -> None:
        """Take the folder, the paylink.js to lend it, and what its pages' placeholders become."""
        self._folder = folder.resolve()
        self._script = script
        self._placeholders = placeholders

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; every file is read anew, so that an edit shows at once."""
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        status, kind, body = self._answer(path) if method in {"GET", "HEAD"} else _words(405)
        headers = {
            **_PLAIN,
            **self._own_headers(path),
            "content-type": kind,
            "content-length": str(len(body)),
        }
        start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
        return [] if method == "HEAD" else [body]

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/demo.json":
            facts = {
                "api": self._placeholders[API_PLACEHOLDER],
                "offer": self._placeholders[OFFER_PLACEHOLDER],
            }
            return 200, _TYPES[".json"], json.dumps(facts).encode()
        file = self._file(path)
        if file is None and path == f"/{SCRIPT}":
            file = self._script
        if file is None:
            return _words(404)
        suffix = file.suffix.lower()
        kind = _TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        if suffix in _SWAPPED:
            # Whatever the page is written in comes out as it went in.
            text = self._swapped(body.decode("utf-8", "surrogateescape"))
            body = text.encode("utf-8", "surrogateescape")
        return 200, kind, body

    def _file(self, path: str) -> Path | None:
        """Return the file of a path; None for what is not there, is hidden, or lies outside of the folder."""
        parts = PurePosixPath(path.lstrip("/")).parts
        if "\0" in path or any(part.startswith((".", HEADERS_FILE)) for part in parts):
            return None
        found = self._folder.joinpath(*parts).resolve()
        if found.is_dir():
            found /= _INDEX
        return found if found.is_relative_to(self._folder) and found.is_file() else None

    def _swapped(self, text: str) -> str:
        for placeholder, actual in self._placeholders.items():
            text = text.replace(placeholder, actual)
        return text

    def _own_headers(self, path: str) -> Mapping[str, str]:
        file = self._folder / HEADERS_FILE
        if not file.is_file():
            return {}
        return dict(headers_for(path, self._swapped(file.read_text(encoding="utf-8"))))


def headers_for(path: str, rules: str) -> Iterator[tuple[str, str]]:
    """Yield the headers that a `_headers` file gives to a path, as Netlify and Cloudflare Pages read it.

    A line at the margin is a path, which may end in `*`; the indented lines below it are its headers.
    """
    fits = False
    for line in rules.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            pattern = line.strip()
            fits = path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern
        elif fits:
            name, colon, value = line.strip().partition(":")
            if colon:
                yield name.lower(), value.strip()


def _words(status: int) -> tuple[int, str, bytes]:
    return status, "text/plain; charset=utf-8", HTTPStatus(status).phrase.encode()
