"""The storefront's released files, served for good: a page that names one by its hash must always find it."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from paylink.web.request import Request
from paylink.web.response import NO_STORE, Response

CONTENT_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".ts": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
"""What may be served, by the end of its name."""

_FOR_GOOD: Final = {
    "cache-control": "public, max-age=31536000, immutable",
    # Any page may load it, also with an integrity hash, which makes it a request by CORS. API Gateway puts its
    # own headers in place of the first one wherever the API has CORS set up: then the allowed origins alone can.
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "vary": "accept-encoding, origin",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _Asset:
    content_type: str
    etag: str
    squeezed: str
    """Compressed, in base64."""
    plain: str


class Assets:
    """The files of one folder, each read at its first request. Names are looked up, never made into paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._load = cache(self._read)

    def answer(self, name: str, request: Request) -> Response:
        """A file, 304 where the browser has it, or 404."""
        asset = self._load(name) if name in self.names() else None
        if asset is None:
            return {"statusCode": 404, "headers": {"content-type": "text/plain", **NO_STORE}, "body": ""}
        if asset.etag in _tags(request.headers.get("if-none-match", "")):
            return {"statusCode": 304, "headers": {**_FOR_GOOD, "etag": asset.etag}}
        headers = {**_FOR_GOOD, "etag": asset.etag, "content-type": asset.content_type}
        if "gzip" in request.headers.get("accept-encoding", ""):
            # API Gateway compresses nothing by itself. One ETag for both forms, hence a weak one.
            headers["content-encoding"] = "gzip"
            return {"statusCode": 200, "headers": headers, "body": asset.squeezed, "isBase64Encoded": True}
        return {"statusCode": 200, "headers": headers, "body": asset.plain}

    def names(self) -> frozenset[str]:
        """What there is to serve."""
        if not self._folder.is_dir():
            return frozenset()
        return frozenset(
            file.name for file in self._folder.iterdir() if file.is_file() and file.suffix in CONTENT_TYPES
        )

    def _read(self, name: str) -> _Asset:
        content = (self._folder / name).read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()
        return _Asset(
            content_type=CONTENT_TYPES[Path(name).suffix],
            etag=f'W/"{digest}"',
            squeezed=base64.b64encode(gzip.compress(content, mtime=0)).decode(),
            plain=content.decode("utf-8"),
        )


def _tags(header: str) -> set[str]:
    return {tag.strip() for tag in header[:1000].split(",")}
