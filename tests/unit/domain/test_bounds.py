"""Numbers that the domain promises to others, written down a second time; and places in test mode."""

from paylink.domain.link import MOST_UNITS, QuantityRange
from paylink.domain.offer import LONGEST_TOKEN
from paylink.domain.place import LONGEST_HOLD, Place, in_mode
from paylink.domain.reading import Reading, Standing


def test_bounds() -> None:
    assert (MOST_UNITS, LONGEST_TOKEN, LONGEST_HOLD) == (10_000, 8000, 900)
    assert QuantityRange().minimum == 1
    assert Reading("1", Standing.HELD).refunded == 0


def test_what_is_tried_out_takes_other_places() -> None:
    places = (Place("link:coffee", 2, 10),)
    assert in_mode(places, test=False) == places
    assert in_mode(places, test=True) == (Place("test:link:coffee", 2, 10),)
