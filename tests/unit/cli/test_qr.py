"""A QR code in the terminal is the code: its modules are read back and compared."""

import pytest
import segno

from unit.cli.fake_api import FakeApi

URL = "https://pay.example.com/pay/coffee"
UPPER = {" ": 0, "▀": 1, "▄": 0, "█": 1}
LOWER = {" ": 0, "▀": 0, "▄": 1, "█": 1}


def drawn(text: str) -> list[list[int]]:
    *lines, address = text.splitlines()
    assert address == URL
    width = max(map(len, lines))
    rows = []
    for line in lines:
        padded = line.ljust(width)
        rows += [[UPPER[mark] for mark in padded], [LOWER[mark] for mark in padded]]
    return rows


@pytest.mark.parametrize("invert", [True, False])
def test_its_modules_are_those_of_the_address(api: FakeApi, *, invert: bool) -> None:
    api.answers("GET /links/coffee", {"id": "coffee", "url": URL})
    result = api.run("links", "qr", "coffee", *(["--invert"] if invert else []))
    assert result.exit_code == 0
    code = [list(row) for row in segno.make(URL, error="m", micro=False).matrix_iter(border=4)]
    code.append([0] * len(code[0]))
    if not invert:
        code = [[1 - module for module in row] for row in code]
    found = drawn(result.stdout)
    assert found == code
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_terminal_that_is_too_narrow_is_told_of_the_file(api: FakeApi) -> None:
    api.answers("GET /links/coffee", {"id": "coffee", "url": URL})
    result = api.run("links", "qr", "coffee", env={"COLUMNS": "30"})
    assert result.exit_code == 1
    assert "--out FILE.svg" in result.stderr
