"""The pages' style: inside each page, which then needs no second request, and named by its hash in the policy."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from paylink.web.pages.markup import Html

_SPACE: Final = re.compile(r"\s*([{};,>])\s*|(:)\s+|\s+")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def squeezed(style: str) -> str:
    """A style sheet without comments and without the space that only people need."""
    bare = _COMMENT.sub("", style).strip()
    return _SPACE.sub(lambda match: match[1] or match[2] or " ", bare).replace(";}", "}")


_SHEET: Final = squeezed(Path(__file__).with_name("style.css").read_text(encoding="utf-8"))

STYLE: Final = Html(_SHEET)
STYLE_SOURCE: Final = f"'sha256-{base64.b64encode(hashlib.sha256(_SHEET.encode()).digest()).decode()}'"
"""How a Content-Security-Policy names the style."""
