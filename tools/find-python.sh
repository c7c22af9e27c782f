#!/usr/bin/env bash
# Prints a Python of one of the given versions, the first that is found to work:
#   tools/find-python.sh 3.13 3.12 3.11
# Each candidate is run: a pyenv shim answers to its name and then fails, and Debian's Python may lack venv.
# PAYLINK_PYTHON names another candidate, tried before the others.
set -euo pipefail

works() {
  "$2" -c '
import sys
import ensurepip, ssl, venv
if "%d.%d" % sys.version_info[:2] != sys.argv[1] or sys.implementation.name != "cpython":
    sys.exit(1)
print(sys.executable)
' "$1" 2>/dev/null
}

for version in "$@"; do
  for candidate in "${PAYLINK_PYTHON:-}" "python$version" python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version"*/bin/python3 \
    "$HOME"/.local/share/uv/python/cpython-"$version"*/bin/python3 \
    /usr/local/bin/"python$version" /opt/python*/bin/"python$version" /opt/homebrew/bin/"python$version"; do
    if [ -n "$candidate" ] && works "$version" "$candidate"; then
      exit 0
    fi
  done
done
echo "no working Python of version $* was found; PAYLINK_PYTHON=/path/to/python3 names one" >&2
exit 1
