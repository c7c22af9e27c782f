"""Commands that documents tell are commands that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

from engines.places import ROOT
from paylink_cli.root import paylink
from unit.docs.documents import DOCUMENTS, blocks, name_of, spans

TARGETS = set(re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
PROGRAMS = {"paylink", ".venv/bin/paylink"}
AFTERWARDS = {">", "|", "<", "&&", ";"}


def lines(text: str) -> list[str]:
    """What documents tell to type: the lines of their shell blocks, continued ones whole."""
    return [line for block in blocks(text, "sh") for line in block.replace("\\\n", " ").splitlines()]


def words_of(line: str) -> list[str]:
    """A line's words, without its comment and what follows the command."""
    words = shlex.split(line, comments=True)
    end = next((index for index, word in enumerate(words) if word in AFTERWARDS), len(words))
    return words[:end]


def told(text: str) -> list[list[str]]:
    """The words of every `paylink` command in a document's blocks."""
    found = [words_of(line) for line in lines(text) if line.split()[:1] and line.split()[0] in PROGRAMS]
    return [words[1:] for words in found]


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words after its name."""
    command: click.Command = paylink
    rest = list(words)
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_command_to_type_is_taken_as_it_stands(document: Path) -> None:
    for words in told(document.read_text()):
        command, rest = resolved(words)
        assert not isinstance(command, click.Group), words
        # Reads the words without doing anything; what does not fit is an error.
        command.make_context("paylink", rest)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_command_in_a_sentence_exists(document: Path) -> None:
    for span in spans(document.read_text()):
        if not span.startswith("paylink "):
            continue
        command, rest = resolved(shlex.split(span)[1:])
        known = {
            flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)
        }
        flags = {word for word in rest if word.startswith("--")}
        assert flags <= known | {"--help", "--version"}, span
        assert not isinstance(command, click.Group) or rest in ([], ["--version"]), span


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_target_of_make_exists(document: Path) -> None:
    text = document.read_text()
    typed = [*lines(text), *spans(text)]
    named = {name for line in typed for name in re.findall(r"(?<![\w-])make ([a-z][a-z-]+)", line)}
    assert named <= TARGETS, named - TARGETS


def test_the_readme_tells_the_two_commands() -> None:
    typed = [words_of(line) for line in lines((ROOT / "README.md").read_text()) if line]
    assert ["make", "demo"] in typed
    assert ["make", "test"] in typed


def test_wrong_commands_would_be_found() -> None:
    assert told("```sh\npaylink orders refund ID 5 > file   # gone\nls\n```\n`paylink gone`") == [
        ["orders", "refund", "ID", "5"]
    ]
    command, rest = resolved(["orders", "refund", "ID", "--gone"])
    with pytest.raises(click.NoSuchOption):
        command.make_context("paylink", rest)
    assert isinstance(resolved(["orders", "gone"])[0], click.Group)
