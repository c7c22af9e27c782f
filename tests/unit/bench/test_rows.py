"""The bench's verdicts: a number beyond its bound is NOT met, and the exit code says so."""

from pathlib import Path

import pytest
from bench import __main__ as command
from bench import report
from bench.report import cells, keep, kept, markdown, table
from bench.rows import AT_LEAST, Row, exit_code

KEPT = Row(name="ratio", value=1.25, unit="", bound=1.25)
MISSED = Row(name="ratio", value=1.26, unit="", bound=1.25)
ALONE = Row(name="Init alone", value=233.4, unit="ms")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (KEPT, "met"),
        (MISSED, "NOT met"),
        (ALONE, ""),
        (Row(name="rate", value=99.0, unit="/s", bound=100, sense=AT_LEAST), "NOT met"),
        (Row(name="rate", value=100.0, unit="/s", bound=100, sense=AT_LEAST), "met"),
        (Row(name="nothing", value=float("nan"), unit="", bound=1), "NOT met"),
        (Row(name="nothing", value=float("nan"), unit="", bound=1, sense=AT_LEAST), "NOT met"),
    ],
)
def test_a_number_is_held_against_its_bound(row: Row, verdict: str) -> None:
    assert row.verdict == verdict
    assert exit_code([row]) == (1 if verdict == "NOT met" else 0)


def test_one_missed_bound_among_many_fails_and_so_does_measuring_nothing() -> None:
    assert exit_code([KEPT, ALONE]) == 0
    assert exit_code([KEPT, MISSED, ALONE]) == 1
    assert exit_code([]) == 1


def test_a_sense_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="about"):
        Row(name="ratio", value=1.0, unit="", bound=1.0, sense="about")


def test_the_table_and_the_document_show_each_number_beside_its_bound(tmp_path: Path) -> None:
    keep("cold", [MISSED, ALONE], tmp_path)
    keep("size", [KEPT], tmp_path)
    [cold, size] = kept(tmp_path)
    assert cold.rows == (MISSED, ALONE)
    assert cells(MISSED) == ("ratio", "1.26", "at most 1.25", "NOT met")
    lines = table([cold, size]).splitlines()
    assert [line.split() for line in lines] == [
        ["Cold", "start", "ratio", "1.26", "at", "most", "1.25", "NOT", "met"],
        ["Init", "alone", "233", "ms"],
        ["Size", "and", "memory", "ratio", "1.25", "at", "most", "1.25", "met"],
    ]
    document = markdown([cold, size])
    assert "| ratio | 1.26 | at most 1.25 | NOT met |" in document
    assert document.index("## Cold start") < document.index("## Size and memory")


def test_one_section_measured_anew_leaves_the_others(tmp_path: Path) -> None:
    keep("cold", [MISSED], tmp_path)
    keep("size", [KEPT], tmp_path)
    keep("cold", [ALONE], tmp_path)
    assert [(section.name, section.rows) for section in kept(tmp_path)] == [
        ("cold", (ALONE,)),
        ("size", (KEPT,)),
    ]


@pytest.mark.parametrize(("row", "code"), [(KEPT, 0), (MISSED, 1)])
def test_the_command_ends_with_the_verdict(
    row: Row, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = report.Section("cold", "now", "here", (row,))
    monkeypatch.setattr(command, "measured", lambda _: section)
    monkeypatch.setattr(command, "publish", lambda: None)
    assert command.main(["cold"]) == code
    assert ("NOT met: ratio" in capsys.readouterr().out) is bool(code)


def test_a_section_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["cool"]) == 2
    assert "no such section: cool" in capsys.readouterr().err
