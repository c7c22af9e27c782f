#!/usr/bin/env bash
# Makes a virtual environment out of a lock, once; again when the lock has changed.
#   tools/venv.sh .venv-sam requirements/sam.lock 3.13 3.12 3.11
# The versions are those of Python that will do, the best first.
set -euo pipefail

environment=$1 lock=$2
shift 2
stamp=$environment/.lock-digest
digest=$(cksum <"$lock")

if [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ] && "$environment/bin/python" -c '' 2>/dev/null; then
  exit 0
fi
python=$("$(dirname "${BASH_SOURCE[0]}")/find-python.sh" "$@")
wanted=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$("$environment/bin/python" -c 'import pip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$environment"
  "$python" -m venv "$environment"
fi
echo "setting up $environment (Python $wanted) from $lock"
rm -f "$stamp"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
echo "$digest" >"$stamp"
