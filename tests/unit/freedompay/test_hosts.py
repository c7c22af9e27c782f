"""Regions, and what counts as this machine."""

import pytest

from paylink.freedompay.client import FreedomPayClient
from paylink.freedompay.hosts import REGIONS, is_local


def test_the_regions():
    assert {name: region.api_url for name, region in REGIONS.items()} == {
        "kz": "https://api.freedompay.kz",
        "uz": "https://api.freedompay.uz",
        "kg": "https://api.freedompay.kg",
        "test": "https://test-api.freedompay.kz",
    }
    assert [REGIONS[name].currency for name in ("kz", "uz", "kg", "test")] == ["KZT", "UZS", "KGS", "KZT"]


@pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
def test_every_region_is_usable(region):
    FreedomPayClient(region.api_url).close()
    assert region.page_origins
    assert all(origin.startswith("https://") and origin.count("/") == 2 for origin in region.page_origins)


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        REGIONS["xx"] = REGIONS["kz"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000/x", True),
        ("http://localhost", True),
        ("http://LOCALHOST:1", True),
        ("http://gateway.localhost:1", True),
        ("http://host.docker.internal:8000", True),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://10.0.0.1", False),
        ("http://169.254.169.254", False),
        ("https://api.freedompay.kz", False),
        ("http://example@127.0.0.1", True),
        ("http://127.0.0.1@example", False),
        ("no url", False),
    ],
)
def test_this_machine(url, local):
    assert is_local(url) is local
