"""The shop's own names and values."""

import pytest

from paylink.domain.metadata import parse_metadata


@pytest.mark.parametrize("text", [" summer", "summer ", " summer ", "\u00a0summer", "summer\u2003"])
def test_a_value_neither_begins_nor_ends_with_white_space(text: str) -> None:
    with pytest.raises(ValueError, match="`campaign` must not begin or end with white space"):
        parse_metadata({"campaign": text})


def test_white_space_inside_a_value_stays() -> None:
    assert parse_metadata({"campaign": "late  summer"}) == {"campaign": "late  summer"}
