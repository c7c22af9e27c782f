"""Every command tells what it does, with an example, in eighty columns."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from engines.places import ROOT
from paylink_cli.root import paylink
from unit.cli.fake_api import run


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


ALL = list(commands(paylink))


def test_the_commands_are_those_of_the_operator() -> None:
    named = {" ".join(path) for path in ALL}
    assert named >= {
        *(f"orders {name}" for name in ("list", "show", "refund", "capture", "cancel", "sync", "resolve")),
        *(f"links {name}" for name in ("create", "edit", "list", "show", "off", "qr")),
        *("invoice create", "offer sign", "events republish", "report", "local"),
    }


@pytest.mark.parametrize("path", [(), *ALL], ids=" ".join)
def test_its_help_has_an_example_and_fits(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    text = result.output
    assert "Example:" in text
    example = text[text.index("Example:") :]
    assert re.search(rf"^ +paylink {' '.join(path)}", example, re.MULTILINE), example
    assert max(map(len, text.splitlines())) <= 80
    assert not [line for line in text.splitlines()[1:] if line.endswith("...")]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_tells_what_it_is(path: tuple[str, ...]) -> None:
    command: click.Command = paylink
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    silent = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []


ROWS = dict(
    re.findall(
        r"^\| `([a-z ]+)` \| .+ \| `paylink (.+)` \|$",
        (ROOT / "docs" / "operating.md").read_text(),
        re.MULTILINE,
    )
)
"""The table of commands: each with its example."""


def test_the_table_of_commands_has_all_of_them() -> None:
    leaves = {" ".join(path) for path in ALL if not any(other[:-1] == path for other in ALL)}
    assert set(ROWS) == leaves


@pytest.mark.parametrize("name", ROWS)
def test_its_examples_are_what_the_commands_take(name: str) -> None:
    command: click.Command = paylink
    words = shlex.split(ROWS[name])
    path = name.split()
    assert words[: len(path)] == path
    for word in path:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    # Reads the words without doing anything; what does not fit is an error.
    command.make_context(name, words[len(path) :])


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_an_option_that_there_is_not_is_one_line(path: tuple[str, ...]) -> None:
    result = run(*path, "--no-such-option")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Error: No such option '--no-such-option'")
    assert result.stderr.endswith(f"see paylink {' '.join(path)} --help\n")


REACHING = [
    path
    for path in ALL
    if path == ("report",)
    or (len(path) == 2 and path[0] in {"orders", "links", "invoice", "offer", "events"})
]


@pytest.mark.parametrize("path", REACHING, ids=" ".join)
def test_what_speaks_to_the_api_speaks_to_any_target(path: tuple[str, ...]) -> None:
    text = run(*path, "--help").output
    for flag in ("--stack", "--region", "--profile", "--local", "--port", "--api", "--json"):
        assert flag in text


def test_the_exit_codes_are_documented() -> None:
    text = run("--help").output
    for code in ("0", "1", "2", "3", "4", "130"):
        assert re.search(rf"^ +{code} +\w", text, re.MULTILINE)


def test_no_command_at_all_is_wrong_use_and_shows_the_help() -> None:
    result = run()
    assert result.exit_code == 2
    assert "Commands:" in result.output
