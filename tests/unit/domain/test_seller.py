"""What has to be told of a seller before anything is sold for real money."""

from dataclasses import fields, replace

import pytest

from paylink.domain.seller import Seller

TOLD = Seller("Кофейня", "123456789012", "Абая 1", "+7 777 123 45 67", "", "https://a/t", "https://a/r")


def test_all_but_the_email_is_needed() -> None:
    assert TOLD.complete is True
    assert Seller().complete is False


@pytest.mark.parametrize("name", [one.name for one in fields(Seller) if one.name != "email"])
def test_what_is_missing_makes_it_incomplete(name: str) -> None:
    assert replace(TOLD, **{name: ""}).complete is False
