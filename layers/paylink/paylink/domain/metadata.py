"""Metadata: the shop's own names and values that travel with a payment as `m_<name>`."""

from collections.abc import Mapping

from paylink.domain.kinds import string
from paylink.domain.link import METADATA_NAME, MOST_METADATA

RESERVED_NAMES = frozenset({"reference"})
"""Names that Paylink itself sends under `m_`."""


def parse_metadata(value: object) -> dict[str, str]:
    """String to string, at most 20, names as METADATA_NAME. Raises ValueError naming what to change."""
    if not isinstance(value, Mapping) or len(value) > MOST_METADATA:
        raise ValueError(f"must be an object of at most {MOST_METADATA} strings")
    for name in value:
        if METADATA_NAME.fullmatch(name) is None:
            raise ValueError(
                "names must be lower-case letters and `_`, starting with a letter, at most 38 characters"
            )
        if name in RESERVED_NAMES:
            raise ValueError(f"the name `{name}` is taken: use the request's own field for it")
    return {name: _value(name, text) for name, text in value.items()}


def _value(name: str, value: object) -> str:
    try:
        text = string(value, longest=255)
    except ValueError as error:
        raise ValueError(f"`{name}` {error}") from None
    if text != text.strip():
        raise ValueError(f"`{name}` must not begin or end with white space")
    if ";" in text:
        raise ValueError(
            f"`{name}` must not contain `;`, which the gateway's signature cannot tell from a border"
        )
    return text
