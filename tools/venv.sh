#!/usr/bin/env bash
# Makes a virtual environment out of a lock, once; again when the lock has changed.
#   tools/venv.sh .venv-sam requirements/sam.lock 3.13 3.12 3.11
# The versions are those of Python that will do, the best first.
#
# uv installs it, several times as fast as pip; pip fetches uv itself, into .venv-lock. Both take nothing but the
# files whose digests stand in the lock. Where uv does not get through, say because an index or a proxy is known
# to pip alone, pip does the rest.
set -euo pipefail

environment=$1 lock=$2
shift 2
here=$(dirname "${BASH_SOURCE[0]}")
stamp=$environment/.lock-digest
digest=$(cksum <"$lock")

if [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ] && "$environment/bin/python" -c '' 2>/dev/null; then
  exit 0
fi
python=$("$here/find-python.sh" "$@")
wanted=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$("$environment/bin/python" -c 'import pip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$environment"
  "$python" -m venv "$environment"
fi
echo "setting up $environment (Python $wanted) from $lock"
rm -f "$stamp"

by_pip() { "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"; }
by_uv() {
  "$here/venv.sh" .venv-lock requirements/lock.lock 3.13 3.12 3.11 &&
    .venv-lock/bin/uv pip install --quiet --python "$environment/bin/python" --no-config --no-deps --require-hashes \
      -r "$lock"
}
if [ "$environment" = .venv-lock ]; then
  by_pip
elif ! by_uv; then
  echo "uv did not get through; pip installs $environment" >&2
  by_pip
fi
echo "$digest" >"$stamp"
