"""All the places of an order at once: taken in the order of their ids, and undone where one is refused."""

from paylink.app.ports import PlaceStore
from paylink.domain.errors import SoldOut
from paylink.domain.order import Order


def hold_all(places: PlaceStore, order: Order) -> None:
    """Holds every place that the order wants. Raises SoldOut with none of them newly held."""
    for index, place in enumerate(order.places):
        if not places.hold(place, order.order_id, order.attempt):
            for earlier in order.places[:index]:
                places.give_back(earlier, order.order_id, order.attempt)
            raise SoldOut("Sold out: not enough is left.")


def sell_all(places: PlaceStore, order: Order, *, may_refuse: bool) -> bool:
    """Makes every place the order's own; False where one is not to be had any more.

    Where the money may still be refused, all are held before the first is sold, for what is sold is never
    given back. Where it may not, the order keeps what it could get.
    """
    if may_refuse and len(order.places) > 1:
        try:
            hold_all(places, order)
        except SoldOut:
            return False
    sold = [places.sell(place, order.order_id) for place in order.places]
    return all(sold)


def give_back_all(places: PlaceStore, order: Order) -> None:
    """Gives back what the order holds, up to its present attempt, and has not bought."""
    for place in order.places:
        places.give_back(place, order.order_id, order.attempt)
