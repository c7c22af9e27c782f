"""CORS as an HTTP API does it: preflights reach no function, a function's own CORS headers get dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Cors:
    """The CORS configuration of the API; without allowed origins it does nothing."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    # Seconds for which a browser may keep a preflight's answer.
    max_age: int | None = None
    allow_credentials: bool = False

    @classmethod
    def from_properties(cls, properties: object) -> Self:
        """Read SAM's CorsConfiguration (already resolved); True allows every origin, as SAM says."""
        if properties is True:
            return cls(allow_origins=("*",))
        if not isinstance(properties, Mapping):
            return cls()
        max_age = properties.get("MaxAge")
        return cls(
            allow_origins=_texts(properties.get("AllowOrigins")),
            allow_methods=_texts(properties.get("AllowMethods")),
            allow_headers=_texts(properties.get("AllowHeaders")),
            expose_headers=_texts(properties.get("ExposeHeaders")),
            max_age=None if max_age is None else int(max_age),
            allow_credentials=str(properties.get("AllowCredentials", "")).lower() == "true",
        )

    def __bool__(self) -> bool:
        """Tell whether CORS is configured at all."""
        return bool(self.allow_origins)

    def preflight(self, origin: str | None) -> Headers:
        """Return the headers of the API's own answer (204) to an OPTIONS request."""
        headers = self._for_origin(origin)
        if origin is None or not self._allows(origin):
            return headers
        if self.allow_methods:
            headers.append(("access-control-allow-methods", ",".join(self.allow_methods)))
        if self.allow_headers:
            headers.append(("access-control-allow-headers", ",".join(self.allow_headers)))
        if self.max_age is not None:
            headers.append(("access-control-max-age", str(self.max_age)))
        return headers

    def apply(self, headers: Iterable[tuple[str, str]], origin: str | None) -> Headers:
        """Return a function's headers with the API's CORS headers in place of any of its own."""
        if not self:
            return list(headers)
        kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
        return kept + self._for_origin(origin)

    def _for_origin(self, origin: str | None) -> Headers:
        # Every answer differs by origin, also one that allows nothing: a shared cache must know.
        headers: Headers = [("vary", "origin")]
        if origin is None or not self._allows(origin):
            return headers
        anyone = "*" in self.allow_origins and not self.allow_credentials
        headers.append(("access-control-allow-origin", "*" if anyone else origin))
        if self.expose_headers:
            headers.append(("access-control-expose-headers", ",".join(self.expose_headers)))
        if self.allow_credentials:
            headers.append(("access-control-allow-credentials", "true"))
        return headers

    def _allows(self, origin: str) -> bool:
        scheme = origin.partition("://")[0]
        return bool({"*", origin, f"{scheme}://*"} & set(self.allow_origins))


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        # SAM's one-string form is a quoted, comma-separated list.
        return tuple(part.strip() for part in value.strip("'").split(",") if part.strip())
    return tuple(str(part) for part in value) if isinstance(value, list | tuple) else ()
