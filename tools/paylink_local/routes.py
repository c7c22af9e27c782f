"""Routes of an HTTP API and the order in which API Gateway prefers them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DEFAULT_ROUTE = "$default"


@dataclass(frozen=True)
class Route:
    """One route: a method (or ANY), a path with variables, and the function that answers it."""

    method: str
    path: str
    function: str
    # How long API Gateway waits for the function, in seconds.
    timeout: float = 30.0

    @property
    def key(self) -> str:
        """The route key as the event carries it, such as `GET /payments/{order_id}`."""
        return DEFAULT_ROUTE if self.path == DEFAULT_ROUTE else f"{self.method} {self.path}"


@dataclass(frozen=True)
class Match:
    """A route that fits a request, with the values of its path variables."""

    route: Route
    path_parameters: Mapping[str, str] = field(default_factory=dict)


class Routes:
    """Finds the route of a request as API Gateway does.

    The most specific path wins, segment by segment (literal, variable, greedy variable), then a named method
    before ANY, and `$default` last (API Gateway developer guide, "Create routes for HTTP APIs").
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        """Take the routes in any order."""
        self.all = sorted(routes, key=_specificity)

    def find(self, method: str, path: str) -> Match | None:
        """Return the route for a method and a decoded path, or None."""
        for route in self.all:
            if route.path == DEFAULT_ROUTE:
                return Match(route)
            if route.method in {method, "ANY"}:
                parameters = _fit(route.path, path)
                if parameters is not None:
                    return Match(route, parameters)
        return None


def _specificity(route: Route) -> tuple[bool, tuple[int, ...], bool]:
    ranks = tuple(_rank(segment) for segment in _segments(route.path))
    return route.path == DEFAULT_ROUTE, ranks, route.method == "ANY"


def _rank(segment: str) -> int:
    if segment.endswith("+}"):
        return 2
    return 1 if segment.startswith("{") else 0


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _fit(pattern: str, path: str) -> dict[str, str] | None:
    wanted, given = _segments(pattern), _segments(path)
    values: dict[str, str] = {}
    for position, segment in enumerate(wanted):
        if segment.endswith("+}"):
            rest = "/".join(given[position:])
            return {**values, segment[1:-2]: rest} if rest else None
        if position >= len(given):
            return None
        if segment.startswith("{"):
            if not given[position]:
                return None
            values[segment[1:-1]] = given[position]
        elif segment != given[position]:
            return None
    return values if len(wanted) == len(given) else None
