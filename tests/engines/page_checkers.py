"""What judges the pages: axe-core for accessibility, and the Nu HTML checker, which the W3C runs, for the markup."""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engines.places import TOOLS

# The criteria of WCAG 2.0 to 2.2, levels A and AA, and what axe holds for good practice beside them.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Runs axe-core in a page (whose context bypasses the page's own policy); tells every violation."""
    script = fetched("axe").read_text(encoding="utf-8")
    options = json.dumps({"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})

    def run(page: Any) -> list[str]:
        page.evaluate(f"() => {{ {script} }}")
        found = page.evaluate(f"async () => await axe.run(document, {options})")
        assert found["passes"], "axe has looked at something"
        return [told(violation) for violation in found["violations"]]

    return run


def told(violation: Mapping[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:120]} ({node['failureSummary']})" for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']}: {nodes}"


@pytest.fixture(scope="session")
def check_html(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], list[str]]:
    """Holds pages, by name, against the HTML standard; tells every error and warning."""
    checker = fetched("vnu")

    def check(pages: Mapping[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("pages")
        for name, page in pages.items():
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        command = ["java", "-Xmx512m", "-jar", checker, "--format", "json", "--stdout", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.stdout, done.stderr
        return list(messages(json.loads(done.stdout)["messages"]))

    return check


def messages(found: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for one in found:
        # `info` without a kind is a remark on style, such as a slash at the end of an empty element.
        if one["type"] == "error" or one.get("subType") == "warning":
            yield f"{Path(str(one.get('url', ''))).name}: {one['message']} ({one.get('extract', '')})"


def fetched(name: str) -> Path:
    """The checker's file, fetched at its first use on this machine."""
    done = subprocess.run(
        [TOOLS / "page-checkers.sh", name], stdout=subprocess.PIPE, text=True, timeout=300, check=True
    )
    return Path(done.stdout.strip())
