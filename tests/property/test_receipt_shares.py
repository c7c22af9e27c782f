"""A receipt for a part of what was sold comes to that part exactly."""

from hypothesis import given
from hypothesis import strategies as st

from paylink.domain.receipt import Position, Receipt, positions_for

POSITIONS = st.lists(
    st.builds(
        Position,
        name=st.sampled_from(["Coffee", "Tea"]),
        count=st.integers(1, 20),
        price=st.integers(0, 10_000_000),
        receipt=st.builds(Receipt, tax_type=st.sampled_from([0, 3, 7])),
    ),
    min_size=1,
    max_size=10,
)


def total(positions: tuple[Position, ...] | list[Position]) -> int:
    return sum(position.count * position.price for position in positions)


@given(POSITIONS, st.integers(1, 2_000_000_000))
def test_the_shares_come_to_the_amount(positions: list[Position], amount: int) -> None:
    shares = positions_for(positions, amount)
    if not total(positions):
        assert shares == tuple(positions)
        return
    assert total(shares) == amount
    assert all(share.count * share.price > 0 for share in shares) or amount == total(positions)
    kinds = [(position.name, position.receipt) for position in positions]
    assert all((share.name, share.receipt) in kinds for share in shares)


@given(POSITIONS)
def test_the_whole_is_what_was_sold(positions: list[Position]) -> None:
    assert positions_for(positions, total(positions)) == tuple(positions)


@given(POSITIONS, st.integers(1, 2_000_000_000))
def test_every_tax_code_keeps_its_part(positions: list[Position], amount: int) -> None:
    sold = total(positions)
    if not sold:
        return
    shares = positions_for(positions, amount)
    for code in {position.receipt.tax_type for position in positions}:
        part = total([position for position in positions if position.receipt.tax_type == code])
        given_part = total([share for share in shares if share.receipt.tax_type == code])
        # Each line is off by less than a minor unit.
        assert abs(given_part * sold - part * amount) < sold * len(positions)
