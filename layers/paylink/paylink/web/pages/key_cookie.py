"""The key of a page's form, kept by the buyer's browser for this link's page alone.

Browsers fetch the page anew on reload and on the way back from the gateway. With the key that it had, the next
press belongs to the same order; with a fresh one it would be a second order beside the first.
"""

import re
from typing import Final

from paylink.web.request import Request

NAME: Final = "paylink"
SECONDS: Final = 86_400
"""Longer than a page usually lives; what is over by then is told by the order itself."""
_OWN: Final = re.compile(r"[A-Za-z0-9_-]{16,255}")
"""The keys that these pages make, among all that the contract allows: nothing that has a meaning in a cookie."""


def kept_key(request: Request) -> str | None:
    """The key that this browser had on this page before."""
    for cookie in request.cookies:
        name, _, key = cookie.partition("=")
        if name.strip() == NAME and _OWN.fullmatch(key.strip()):
            return key.strip()
    return None


def key_cookie(key: str, base: str, path: str) -> list[str]:
    """The cookie that keeps a key, as an answer's list of cookies; none for a key of somebody else's making."""
    if not _OWN.fullmatch(key):
        return []
    # Strict would not come along from a messenger; scripts never need it.
    secure = "; Secure" if base.startswith("https://") else ""
    return [f"{NAME}={key}; Path={path}; Max-Age={SECONDS}; HttpOnly; SameSite=Lax{secure}"]
