"""A merchant's credentials, apart from the client so that naming them does not load it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """A merchant's number and keys: the first signs, former ones still verify. No key is part of `repr`."""

    merchant_id: str
    secret_key: str = field(repr=False)
    former_keys: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.former_keys, str):
            raise TypeError("former_keys is a tuple of keys; one string would be a key for every letter")

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that may have signed an answer."""
        return (self.secret_key, *self.former_keys)
