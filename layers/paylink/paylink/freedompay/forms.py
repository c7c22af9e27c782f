"""Fields of forms: urlencoded text, and bracketed names (`name[0][count]`) for what is nested.

Freedom Pay protocol, "Nested data". Choices made here alone:
- Items of a list are ordered by number, whatever their order in the text; `name[]` takes the next number.
- A nested value stands where its first field stood; a list becomes fields of one name.
- Numbers and words side by side in one pair of brackets (`a[0]`, `a[b]`) are refused: PHP's order of them
  and that of the signature cannot be known to agree.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from .errors import UnreadableMessage
from .names import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .signature import Field

MAX_FIELDS = 200
"""Fields of one message, nested ones counted one by one. A full callback has about forty."""
MAX_DEPTH = 8
"""Levels of brackets or of XML elements in a message that is read."""

MAX_BRACKETS = 3 * MAX_FIELDS
"""Pairs of brackets in the names of one message: the deepest field of a receipt, a mark, has three."""

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")
_ENCODED = re.compile(r"[A-Za-z0-9_.~%+-]*")
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


class _Node(dict["str | int", "list[str | _Node]"]):
    """What stands in one pair of brackets; `following` is the number that an empty pair takes."""

    following = 0


def read_form(text: bytes) -> list[Field]:
    """Return the fields of urlencoded text, a body or an address's query, decoded once and otherwise
    untouched.

    Raises UnreadableMessage for a bad percent escape, text that is not UTF-8, a field without a name, too
    many fields, or brackets that make no sense.
    """
    if text.count(b"&") >= MAX_FIELDS:
        raise UnreadableMessage(f"more than {MAX_FIELDS} fields")
    if _BAD_ESCAPE.search(text):
        raise UnreadableMessage("a percent sign without two hexadecimal digits")
    # A character for each byte: what it stands for is told piece by piece, once the escapes are undone.
    pieces = [piece.partition("=") for piece in text.decode("latin-1").split("&") if piece]
    names = [name for name, _, _ in pieces]
    if "" in names or not ("".join(names).isidentifier() and text.isascii()):
        return nested([(_decoded(name), _decoded(value)) for name, _, value in pieces])
    # Nearly always names stand for themselves and are flat, and most values stand for themselves too.
    return [(name, _decoded(value) if "%" in value or "+" in value else value) for name, _, value in pieces]


def write_form(fields: Iterable[Field]) -> str:
    """Return the message as urlencoded text, nested values in bracketed names."""
    return "&".join([f"{_encoded_name(name)}={_encoded(value)}" for name, value in bracketed(fields)])


def nested(pairs: Sequence[tuple[str, str]]) -> list[Field]:
    """Return flat form fields as fields whose bracketed names have become nested values.

    Raises UnreadableMessage for a field without a name, too many brackets or ones that make no sense.
    """
    names = [name for name, _ in pairs]
    together = "".join(names)
    if "" not in names and "[" not in together and "]" not in together:
        return [*pairs]
    if together.count("[") > MAX_BRACKETS:
        raise UnreadableMessage(f"more than {MAX_BRACKETS} brackets in the names of the fields")
    places: list[tuple[str, str | _Node]] = []
    roots: dict[str, _Node] = {}
    for name, value in pairs:
        if not name:
            raise UnreadableMessage("a field without a name")
        if "[" not in name and "]" not in name:
            places.append((name, value))
            continue
        root, keys = _path(name)
        if root not in roots:
            roots[root] = _Node()
            places.append((root, roots[root]))
        _insert(roots[root], keys, value)
    fields: list[Field] = []
    for name, place in places:
        if isinstance(place, str):
            fields.append((name, place))
        else:
            fields += _unfolded(name, place)
    return fields


def bracketed(fields: Iterable[Field]) -> list[tuple[str, str]]:
    """Return the fields as flat form fields: `name`, `name[inner]`, and `name[0]` for the items of lists.

    A name is a list's if it stands several times or is one of names.LISTS.
    """
    return list(_folded(tuple(fields), ""))


@lru_cache(maxsize=512)
def _encoded_name(name: str) -> str:
    # The same few names again and again; values, which may be a buyer's, are kept nowhere.
    return _encoded(name)


def _encoded(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if "%" in text or "+" in text:
        return quote_plus(text)
    # Most values stand for themselves, or have nothing but these four to escape: that is seen in a moment.
    quick = text.replace(":", "%3A").replace("/", "%2F").replace("@", "%40").replace(" ", "+")
    return quick if _ENCODED.fullmatch(quick) else quote_plus(text)


def _decoded(text: str) -> str:
    # Quoted-printable is the same code under another sign, and its decoder is not written in Python: a body
    # full of escapes takes 0.2 ms, not 4. Every "=" here starts a valid escape: its other rules never apply.
    quoted = text.replace("=", "=3D").replace("+", " ").replace("%", "=")
    try:
        return a2b_qp(quoted.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise UnreadableMessage("text that is not UTF-8") from None


def _path(name: str) -> tuple[str, list[str]]:
    if name.count("[") > MAX_DEPTH:
        raise UnreadableMessage(f"brackets nested more than {MAX_DEPTH} levels deep")
    match = _BRACKETED.fullmatch(name)
    if match is None:
        raise UnreadableMessage("brackets in the name of a field do not pair")
    return match[1], match[2][1:-1].split("][")


def _insert(node: _Node, keys: list[str], value: str) -> None:
    *ways, last = keys
    for way in ways:
        children = node.setdefault(_key(node, way), [])
        inner = next((child for child in children if isinstance(child, dict)), None)
        if inner is None:
            inner = _Node()
            children.append(inner)
        node = inner
    node.setdefault(_key(node, last), []).append(value)


def _key(node: _Node, text: str) -> str | int:
    if text and not (text[0] in "0123456789" and _INDEX.fullmatch(text)):
        return text
    number = int(text) if text else node.following
    node.following = max(node.following, number + 1)
    return number


def _unfolded(name: str, node: _Node) -> list[Field]:
    # Lists, not generators: each level of a generator costs every value once more.
    numbers = [key for key in node if isinstance(key, int)]
    if not numbers:
        return [(name, tuple([field for key, inner in node.items() for field in _children(str(key), inner)]))]
    if len(numbers) < len(node):
        raise UnreadableMessage("numbers and words side by side in the brackets of a field")
    return [field for number in sorted(numbers) for field in _children(name, node[number])]


def _children(name: str, children: list[str | _Node]) -> list[Field]:
    fields: list[Field] = []
    for child in children:
        if isinstance(child, str):
            fields.append((name, child))
        else:
            fields += _unfolded(name, child)
    return fields


def _folded(fields: tuple[Field, ...], parent: str) -> Iterable[tuple[str, str]]:
    names = {name for name, _ in fields}
    if not parent and len(names) == len(fields) and names.isdisjoint(LISTS):
        flat = [(name, value) for name, value in fields if isinstance(value, str)]
        if len(flat) == len(fields):
            return flat
    return _bracketed(fields, parent)


def _bracketed(fields: tuple[Field, ...], parent: str) -> Iterator[tuple[str, str]]:
    totals = Counter(name for name, _ in fields)
    indexes: Counter[str] = Counter()
    for name, value in fields:
        key = f"{parent}[{name}]" if parent else name
        if totals[name] > 1 or name in LISTS:
            key += f"[{indexes[name]}]"
            indexes[name] += 1
        if isinstance(value, str):
            yield key, value
        else:
            yield from _bracketed(tuple(value), key)
