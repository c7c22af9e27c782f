"""`paylink local` with the example shop, as `make demo` runs it, for tests in a browser."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parents[3]
START_SECONDS = 60.0
LAST_LINE = "Ctrl-C ends it."


@dataclass(frozen=True)
class Stack:
    """Addresses of a running stack, and the control of its stand-in gateway."""

    api: str
    shop: str
    sandbox: str

    def control(self, method: str, path: str, **body: object) -> requests.Response:
        answer = requests.request(method, f"{self.sandbox}/sandbox/{path}", json=body or None, timeout=40)
        assert answer.ok, answer.text
        return answer

    def payments(self, order_id: str | None = None) -> list[dict]:
        query = f"?order_id={order_id}" if order_id else ""
        return self.control("GET", f"payments{query}").json()["payments"]

    def order(self, order_id: str) -> dict:
        answer = requests.get(f"{self.api}/payments/{order_id}", timeout=20)
        assert answer.ok, answer.text
        return answer.json()


@contextlib.contextmanager
def running_stack(folder: Path, shop: Path) -> Iterator[Stack]:
    """Start it on free ports; end it by its own pid whatever happens."""
    log = folder / "log.txt"
    command = [sys.executable, "-m", "paylink_cli", "local", "--port", "0", "--shop", str(shop)]
    command += ["--seed", str(ROOT / "storefront" / "example-links.json")]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder, env={**os.environ}
        )
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=lambda: [said.put(line.strip()) for line in process.stdout], daemon=True)
    reader.start()
    try:
        found = {}
        try:
            while (line := said.get(timeout=START_SECONDS)) != LAST_LINE:
                words = line.split()
                if words[:2] == ["Paylink", "local"]:
                    found["api"] = words[-1]
                elif words and words[0] in {"Shop", "Sandbox"}:
                    found[words[0].lower()] = words[1]
        except queue.Empty:
            raise AssertionError(log.read_text()) from None
        yield Stack(**found)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        process.stdout.close()
