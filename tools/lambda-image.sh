#!/usr/bin/env bash
# A container engine for `sam local`, on a Debian machine that has no Docker engine and reaches no container
# registry. Podman is the engine; the image that SAM asks for is made here, out of Debian's packages and of
# AWS's own Python runtime client, under the very name that SAM looks up. (Where a Docker engine is at hand,
# `sam local` needs none of this.)
#
#   tools/lambda-image.sh check    exit 0 when `up` can work on this machine; else says what is missing
#   tools/lambda-image.sh up       builds the image (once), starts the engine, prints the exports to use
#   tools/lambda-image.sh down     stops the engine that `up` started
#
# A function reaches at 127.0.0.1 those ports of this machine that .cache/lambda-image/ports names, one a line,
# when it starts. All state is in that folder; the machine's own Podman is left alone. `up` wants root: it makes
# a file system tree with debootstrap.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=${LAMBDA_IMAGE_DIR:-$here/.cache/lambda-image}
image=public.ecr.aws/lambda/python:3.13-x86_64
suite=trixie # the Debian release whose python3 is 3.13
lock=$here/requirements/runtime.lock
python=${PAYLINK_PYTHON:-$here/.venv/bin/python}

missing() {
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || echo "Linux on x86_64"
  [ "$(id -u)" = 0 ] || echo "root"
  local program
  for program in podman runc debootstrap curl; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || echo "$program"
  done
}

# Podman with its own storage and settings.
isolate() {
  mkdir -p "$state/storage" "$state/run"
  cat >"$state/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
hooks_dir = ["$state/hooks"]
runtime = "runc"
stop_timeout = 1
CONF
  cat >"$state/storage.conf" <<CONF
[storage]
driver = "${LAMBDA_IMAGE_STORAGE:-overlay}"
graphroot = "$state/storage"
runroot = "$state/run"
CONF
  export CONTAINERS_CONF=$state/containers.conf CONTAINERS_STORAGE_CONF=$state/storage.conf
}

# Containers have a network of their own; the hook lends them the loopback ports that $state/ports names.
lend_loopback() {
  mkdir -p "$state/hooks"
  touch "$state/ports"
  cat >"$state/hooks/loopback.json" <<HOOK
{"version": "1.0.0", "when": {"always": true}, "stages": ["createRuntime"], "hook": {
  "path": "$python", "args": ["python", "$here/tools/container_loopback.py", "$state/ports"]}}
HOOK
}

# The image's label holds the lock's digest, so a change of the lock makes a new image.
digest() { cat "$lock" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-16; }

built() {
  [ "$(podman image inspect --format '{{index .Labels "paylink.digest"}}' "$image" 2>/dev/null)" = "$(digest)" ]
}

build() ( # a subshell: its trap ends with it
  root=$(mktemp -d "$state/root.XXXXXX")
  trap 'rm -rf "$root"' EXIT
  echo "lambda-image: making a Debian $suite tree with Python 3.13 (about half a minute)"
  debootstrap --variant=minbase --include=ca-certificates,python3,tzdata "$suite" "$root" >"$state/debootstrap.log" 2>&1 ||
    { tail -20 "$state/debootstrap.log"; exit 1; }
  mkdir -p "$root/var/runtime" "$root/var/task" "$root/opt"
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary=:all: --python-version 3.13 --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 \
    --target "$root/var/runtime" --requirement "$lock"
  cat >"$root/var/runtime/bootstrap" <<'BOOT'
#!/bin/sh
# Lambda's order of modules: the function's own, the layers', the runtime's.
export PYTHONPATH="$LAMBDA_TASK_ROOT:/opt/python:/opt/python/lib/python3.13/site-packages:/var/runtime"
cd "$LAMBDA_TASK_ROOT"
exec /usr/bin/python3 -m awslambdaric "$_HANDLER"
BOOT
  chmod +x "$root/var/runtime/bootstrap"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  tar -C "$root" -cf - . | podman import --quiet --change 'WORKDIR /var/task' \
    --change 'ENV LAMBDA_TASK_ROOT=/var/task' --change 'ENV LAMBDA_RUNTIME_DIR=/var/runtime' \
    --change "LABEL paylink.digest=$(digest)" - "$image" >/dev/null
)

answers() { [ -S "$1" ] && curl --silent --fail --max-time 3 --unix-socket "$1" http://engine/_ping >/dev/null; }

up() {
  local lacking
  lacking=$(missing)
  [ -z "$lacking" ] || { echo "lambda-image: missing: $lacking" >&2; return 1; }
  export PATH=$PATH:/usr/sbin:/sbin
  isolate
  lend_loopback
  built || build >&2
  local sock
  sock=$(cat "$state/socket" 2>/dev/null || true)
  if ! answers "$sock"; then
    # Unix sockets have short names; a checkout may have a long one.
    sock=$(mktemp -d /tmp/paylink-engine.XXXXXX)/engine.sock
    echo "$sock" >"$state/socket"
    setsid nohup podman system service --time=0 "unix://$sock" >"$state/engine.log" 2>&1 </dev/null &
    echo $! >"$state/engine.pid"
    local try
    for try in $(seq 100); do
      answers "$sock" && break
      [ "$try" != 100 ] || { cat "$state/engine.log" >&2; return 1; }
      sleep 0.1
    done
  fi
  echo "export DOCKER_HOST=unix://$sock"
}

down() {
  [ -f "$state/engine.pid" ] || return 0
  isolate
  podman rm --all --force --time 1 >/dev/null 2>&1 || true
  local pid
  pid=$(cat "$state/engine.pid")
  # The number may have been given to another program since.
  if grep -qa podman "/proc/$pid/cmdline" 2>/dev/null; then kill "$pid"; fi
  rm -rf "$(dirname "$(cat "$state/socket")")" "$state/engine.pid" "$state/socket"
}

case ${1:-up} in
  check)
    lacking=$(missing)
    [ -z "$lacking" ] && exit 0
    echo "$lacking" | paste -sd, | sed 's/,/, /g'
    exit 1
    ;;
  up) up ;;
  down) down ;;
  *)
    sed -n '7,9p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
