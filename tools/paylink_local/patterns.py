"""Lambda's filter patterns, as far as the template uses them: a list of values at each place that counts."""

from collections.abc import Mapping
from typing import Any


def matches(pattern: Mapping[str, Any], event: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether an event has at each place of the pattern one of the values that stand there.

    Raises ValueError for a pattern of another kind (`{"prefix": …}`): it must not pass for one that fits.
    """
    if not isinstance(event, Mapping):
        return False
    return all(_fits(wanted, event.get(name)) for name, wanted in pattern.items())


def _fits(wanted: Any, found: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(wanted, Mapping):
        return matches(wanted, found)
    if not isinstance(wanted, list) or any(isinstance(one, Mapping) for one in wanted):
        raise ValueError(f"the local run knows no filter such as {wanted!r}")
    return found in wanted
