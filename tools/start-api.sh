#!/usr/bin/env bash
# The built functions in containers behind `sam local start-api`, with `paylink local` as their AWS and gateway.
#   tools/start-api.sh [--seed FILE and other flags of `paylink local`]
# PORT is the API's (3000). A container must reach this machine's 127.0.0.1: with Podman by tools/lambda-image.sh
# it does; Docker Desktop calls the machine host.docker.internal: CONTAINER_LOOPBACK=host.docker.internal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
port=${PORT:-3000} loopback=${CONTAINER_LOOPBACK:-127.0.0.1} build=.aws-sam/build
url=http://127.0.0.1:$port
work=$(mktemp -d)

end() { [ -z "${beside:-}" ] || kill "$beside" 2>/dev/null || true; wait; rm -rf "$work"; }
trap end EXIT

.venv/bin/paylink local --port 0 --public-url "$url" "$@" >"$work/said" 2>"$work/log" &
beside=$!
until grep -q '^Ctrl-C ends it' "$work/said"; do
  kill -0 "$beside" 2>/dev/null || { cat "$work/log" >&2; exit 2; }
  sleep 0.2
done
gateway=$(sed -n 's/^  Sandbox  *\([^ ]*\).*/\1/p' "$work/said")
aws=$(sed -n 's/^  Embedded AWS  *//p' "$work/said")
shop=$(sed -n 's/^  After payment  *//p' "$work/said")
own=$(sed -n 's/^Paylink local is serving on //p' "$work/said")
shop=${shop/#$url/$own} # its page lives at the front of `paylink local`

if [ -z "${DOCKER_HOST:-}" ] && tools/lambda-image.sh check >/dev/null; then
  eval "$(tools/lambda-image.sh up)"
fi
[ ! -d .cache/lambda-image ] || printf '%s\n' "${aws##*:}" "${gateway##*:}" >.cache/lambda-image/ports

# SAM passes a function only variables that the template names.
sed 's|^\( *\)POWERTOOLS_SERVICE_NAME: paylink$|&\n\1AWS_ENDPOINT_URL: ""|' $build/template.yaml >$build/template-local.yaml
cat >"$work/variables.json" <<JSON
{"Parameters": {
  "TABLE_NAME": "paylink-local-Table",
  "MERCHANT_SECRET": "paylink-local-MerchantSecret",
  "STACK_SECRET": "paylink-local-StackSecret",
  "DELIVERY_QUEUE": "${aws/127.0.0.1/$loopback}/123456789012/paylink-local-DeliveryQueue",
  "UNPUBLISHED_QUEUE": "${aws/127.0.0.1/$loopback}/123456789012/paylink-local-UnpublishedQueue",
  "STREAM_FAILURES": "${aws/127.0.0.1/$loopback}/123456789012/paylink-local-StreamFailures",
  "AWS_ENDPOINT_URL": "${aws/127.0.0.1/$loopback}",
  "GATEWAY_URL": "${gateway/127.0.0.1/$loopback}",
  "PUBLIC_URL": "$url"
}}
JSON
echo "Create a payment through SAM, once it says \"Running on $url\":"
sed -n "s|^  \(curl -sS \)$own/payments\( .*\"link\".*\)|  \1$url/payments\2|p" "$work/said"
AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=eu-central-1 SAM_CLI_TELEMETRY=0 \
  .venv-sam/bin/sam local start-api --template $build/template-local.yaml --env-vars "$work/variables.json" \
  --host 127.0.0.1 --port "$port" --warm-containers EAGER ${DOCKER_HOST:+--skip-pull-image} \
  --layer-cache-basedir .cache/sam-layers --parameter-overrides Architecture=x86_64 \
  "AllowedOrigins=$url,$own" "ShopUrl=$shop"
