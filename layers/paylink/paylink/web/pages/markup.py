"""HTML that cannot forget to escape.

`Html` is the only thing that a page takes as markup, and `html` the only way to make it: from a literal
template, with every part escaped that is not Html itself. A template engine would do the same, at the price of
a dependency and of tens of milliseconds of every cold start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import Formatter
from typing import Any, LiteralString


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of markup. Not a str, so that the one can't pass for the other."""

    text: str

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.text)


class _Escaping(Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        return value.text if isinstance(value, Html) else escape(format(value, format_spec))

    def check_unused_args(
        self, used_args: set[int | str], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        unused = set(kwargs) - used_args
        if args or unused:
            raise ValueError(f"parts that the template does not name: {sorted(unused)}")


_FORMATTER = _Escaping()
NOTHING = Html("")


def html(template: LiteralString, /, **parts: object) -> Html:
    """Markup of a literal template; its `{name}` places are filled with parts, escaped unless they are Html.

    Escaped parts are safe in text and in attributes with quotes around them, which is how templates write all
    attributes. Raises KeyError or ValueError where template and parts do not fit.
    """
    return Html(_FORMATTER.vformat(template, (), parts))


def join(pieces: Iterable[Html]) -> Html:
    """Markup in a row."""
    return Html("".join(piece.text for piece in pieces))
