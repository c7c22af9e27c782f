"""The licence is the official text, and what goes into the layer is named beside it."""

import hashlib
import re
import tomllib

from engines.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Of https://www.apache.org/licenses/LICENSE-2.0.txt, byte for byte.
OFFICIAL = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_the_licence_is_the_official_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == OFFICIAL


def test_the_project_says_so() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    for name in PROJECT["license-files"]:
        assert (ROOT / name).is_file()


def test_whatever_the_layer_brings_along_is_named_with_its_licence() -> None:
    wanted = re.findall(
        r"^([a-z0-9-]+)==", (ROOT / "layers/paylink/requirements.txt").read_text(), re.MULTILINE
    )
    named = dict(re.findall(r"^  ([a-z0-9-]+) {2,}(\S.+)$", (ROOT / "NOTICE").read_text(), re.MULTILINE))
    assert sorted(named) == sorted(wanted)
    for name, licence in named.items():
        assert re.match(r"(MIT|Apache-2\.0|BSD-3-Clause|PSF-2\.0|MPL-2\.0)\b", licence), name


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\] - (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0][0] == PROJECT["version"]
    for _, date in versions:
        assert re.fullmatch(r"unreleased|\d{4}-\d{2}-\d{2}", date)
