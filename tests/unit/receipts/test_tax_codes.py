"""The tax codes of each region's gateway, written down a second time (Create payment: tax_type)."""

import pytest

from paylink.domain.receipt import ReceiptRules

KAZAKHSTAN = {0, 3, 7, 11}
OLDER = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
CODES = [("kz", KAZAKHSTAN), ("test", KAZAKHSTAN), ("uz", OLDER), ("kg", OLDER)]


@pytest.mark.parametrize(("region", "codes"), CODES)
def test_each_region_takes_its_own_codes(region: str, codes: set[int]) -> None:
    assert {code for code in range(-1, 21) if ReceiptRules(region).admits(code)} == codes


@pytest.mark.parametrize("region", [region for region, _ in CODES])
def test_where_no_code_was_chosen_it_is_no_tax_which_each_region_takes(region: str) -> None:
    assert ReceiptRules(region, switched_on=True).usual_tax_type == 0
