"""All the places of an order at once: taken in the order of their ids, and undone where one is refused."""

from paylink.app.ports import PlaceStore
from paylink.domain.errors import SoldOut
from paylink.domain.order import Order


def hold_all(places: PlaceStore, order: Order) -> None:
    """Holds every place that the order wants. Raises SoldOut with none of them newly held."""
    for index, place in enumerate(order.places):
        if not places.hold(place, order.order_id):
            for earlier in order.places[:index]:
                places.give_back(earlier, order.order_id)
            raise SoldOut("Sold out: not enough is left.")


def sell_all(places: PlaceStore, order: Order) -> bool:
    """Makes every place the order's own; False where one is not to be had any more.

    What was sold before that stays with the order: it is paid, or its money is on watch.
    """
    sold = [places.sell(place, order.order_id) for place in order.places]
    return all(sold)


def give_back_all(places: PlaceStore, order: Order) -> None:
    """Gives back what the order holds and has not bought."""
    for place in order.places:
        places.give_back(place, order.order_id)
