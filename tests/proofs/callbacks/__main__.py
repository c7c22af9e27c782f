"""`python -m proofs.callbacks [COUNT] [SEED] [--write]`, with tests, tools and the layer on the path."""

import argparse
import os
import secrets
import sys

from conftest import AWS_SETTINGS
from engines.places import ROOT

DOCUMENT = ROOT / "docs/proofs/callbacks.md"


def main() -> int:
    """Walks, prints, and writes the document where asked. 1 where a fault was found or the bound is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("seed", type=int, nargs="?", default=secrets.randbelow(10**6))
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.relative_to(ROOT)}")
    arguments = parser.parse_args()
    os.environ.update(AWS_SETTINGS)
    from proofs.callbacks.proof import prove  # noqa: PLC0415 — the environment comes first

    sys.stdout.write(f"{arguments.count} mutations, seed {arguments.seed}\n")
    text, faults = prove(arguments.count, arguments.seed, f"make proof-callbacks COUNT={arguments.count}")
    if arguments.write:
        DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
        DOCUMENT.write_text(text)
    sys.stdout.write(text)
    sys.stdout.writelines(f"FAULT {fault[:2000]}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
