#!/usr/bin/env bash
# Renews requirements/*.lock and the layer's requirements.txt. The locks name no index, hold for Python 3.11 to 3.13
# on any system, and carry every file's digest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/venv.sh .venv-lock requirements/lock.lock 3.13 3.12 3.11
compile() {
  .venv-lock/bin/uv pip compile --quiet --upgrade --no-emit-index-url --custom-compile-command "make lock" "$@"
}

compile requirements/lock.in --universal --python-version 3.11 --generate-hashes -o requirements/lock.lock
compile pyproject.toml --extra local --extra dev --universal --python-version 3.11 --generate-hashes \
  -o requirements/dev.lock
compile requirements/sam.in --universal --python-version 3.11 --generate-hashes -o requirements/sam.lock
compile requirements/checks.in --universal --python-version 3.11 --generate-hashes -o requirements/checks.lock
compile requirements/runtime.in --universal --python-version 3.13 --generate-hashes -o requirements/runtime.lock
compile requirements/bench.in --constraint requirements/dev.lock --universal --python-version 3.13 --generate-hashes \
  -o requirements/bench.lock
compile requirements/peers.in --universal --python-version 3.13 --generate-hashes -o requirements/peers.lock
compile requirements/mutants.in --universal --python-version 3.11 --generate-hashes -o requirements/mutants.lock
# Not hashed: `sam build` picks the wheels of another processor, and its installer takes no digests.
compile requirements/layer.in --constraint requirements/dev.lock --python-platform linux --python-version 3.13 \
  --no-annotate -o layers/paylink/requirements.txt
