#!/usr/bin/env bash
# Fetches what releases and checks the storefront, once, and prints the folder of the npm package: `esbuild` (makes
# paylink.js small) or `typescript` (reads its declarations). Each at one version, whose content is checked; neither
# is needed to use paylink.js.
set -euo pipefail

case ${1:-} in
  esbuild)
    package=esbuild-wasm
    version=0.28.2
    sha512=GccVwhv3mmOUVQHCQm2Ox/rby8n/EqUwvZxE6Pjfikrq/lWw9g9WX/u9EykWnpot3Ko6j426DgQdea2xWKIAQA==
    ;;
  typescript)
    package=typescript
    version=5.9.3
    sha512=jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==
    ;;
  *)
    echo "usage: $0 esbuild|typescript" >&2
    exit 2
    ;;
esac

cache=${STOREFRONT_TOOLS_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.cache/storefront-tools}
folder=$cache/$package-$version

if [ ! -f "$folder/package.json" ]; then
  mkdir -p "$cache"
  fresh=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  (cd "$fresh" && npm pack --silent "$package@$version" >/dev/null)
  archive=$fresh/$package-$version.tgz
  found=$(openssl dgst -sha512 -binary "$archive" | openssl base64 -A)
  if [ "$found" != "$sha512" ]; then
    echo "storefront-tools: $package $version is not what it was: sha512 $found" >&2
    exit 1
  fi
  tar -xzf "$archive" -C "$fresh"
  # Two processes may fetch at once; the first to finish stays.
  mv -T "$fresh/package" "$folder" 2>/dev/null || [ -f "$folder/package.json" ]
fi
echo "$folder"
