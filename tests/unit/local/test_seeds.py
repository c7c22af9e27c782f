"""Seed files."""

import json
from pathlib import Path

import pytest

from paylink_local.errors import SeedError
from paylink_local.seeds import read_seeds

COFFEE = {"id": "coffee", "title": "Coffee", "currency": "KZT", "price": "1500"}


def write(folder: Path, content: object) -> Path:
    path = folder / "links.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_links_are_read(tmp_path: Path) -> None:
    donation = {"id": "donation", "title": "Gift", "currency": "KZT", "amount": {"min": 100, "max": 500}}
    links = read_seeds(write(tmp_path, [COFFEE, donation]))
    assert [link.id for link in links] == ["coffee", "donation"]
    assert links[0].price == 150_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([COFFEE, {**COFFEE, "id": "tea", "price": 1.5}], r"entry 2 \(tea\): price: "),
        ([COFFEE, {"title": "no id"}], r"entry 2: .*id: "),
        ([COFFEE, COFFEE], r"entry 2 \(coffee\): id: is given twice"),
        ([{**COFFEE, "colour": "red"}], r"entry 1 \(coffee\): colour: "),
        ([3], r"entry 1: "),
        ({"id": "coffee"}, "must hold a JSON list"),
        ("[", "is not JSON"),
    ],
)
def test_a_fault_names_the_entry_and_the_field_in_one_line(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(SeedError, match=said) as caught:
        read_seeds(write(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"nowhere\.json cannot be read"):
        read_seeds(tmp_path / "nowhere.json")


def test_the_example_links_are_valid() -> None:
    path = Path(__file__).parents[3] / "storefront" / "example-links.json"
    links = {link.id: link for link in read_seeds(path)}
    assert set(links) >= {"coffee", "donation", "tshirt", "deposit"}
    assert (links["coffee"].price, links["coffee"].currency) == (150_000, "KZT")
    assert links["donation"].amount is not None
    assert (links["donation"].amount.minimum, links["donation"].amount.maximum) == (10_000, 50_000_000)
    assert links["tshirt"].quantity.maximum > 1
    assert links["deposit"].capture == "manual"
    # Between them they show what a link can say.
    for member in ("limit", "opens_at", "closes_at", "fields", "metadata", "inactive_text"):
        assert [link for link in links.values() if getattr(link, member)], member
    assert [link for link in links.values() if link.amount is not None and link.amount.at_gateway]
