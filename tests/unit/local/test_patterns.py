"""Lambda's filter patterns, as far as the template uses them."""

import pytest

from paylink_local.patterns import matches

PATTERN = {"a": ["1", "2"], "b": {"c": {"d": ["x"]}}}


@pytest.mark.parametrize(
    ("event", "fits"),
    [
        ({"a": "1", "b": {"c": {"d": "x"}}, "more": 1}, True),
        ({"a": "2", "b": {"c": {"d": "x", "e": 1}}}, True),
        ({"a": "3", "b": {"c": {"d": "x"}}}, False),
        ({"a": "1", "b": {"c": {"d": "y"}}}, False),
        ({"a": "1", "b": {"c": "x"}}, False),
        ({"a": "1"}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_every_place_has_to_fit(event: object, fits: bool) -> None:
    assert matches(PATTERN, event) is fits


@pytest.mark.parametrize("pattern", [{"a": [{"prefix": "x"}]}, {"a": "x"}])
def test_a_pattern_of_another_kind_is_not_guessed(pattern: dict) -> None:
    with pytest.raises(ValueError, match="knows no filter"):
        matches(pattern, {"a": "x"})
