#!/usr/bin/env bash
# Fetches what checks the pages, once, and prints the file: `axe` (axe-core, accessibility in the browser) or `vnu`
# (the Nu HTML checker, needs Java). Each at one version, whose content is checked; both are used by tests alone.
set -euo pipefail

case ${1:-} in
  axe)
    package=axe-core
    version=4.14.1
    sha512=FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
    member=axe.min.js
    ;;
  vnu)
    package=vnu-jar
    version=26.9.27
    sha512=TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==
    member=build/dist/vnu.jar
    ;;
  *)
    echo "usage: $0 axe|vnu" >&2
    exit 2
    ;;
esac

cache=${PAGE_CHECKERS_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.cache/page-checkers}
file=$cache/$package-$version/$(basename "$member")

if [ ! -f "$file" ]; then
  mkdir -p "$cache"
  fresh=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  (cd "$fresh" && npm pack --silent "$package@$version" >/dev/null)
  archive=$fresh/$package-$version.tgz
  found=$(openssl dgst -sha512 -binary "$archive" | openssl base64 -A)
  if [ "$found" != "$sha512" ]; then
    echo "page-checkers: $package $version is not what it was: sha512 $found" >&2
    exit 1
  fi
  mkdir "$fresh/content"
  tar -xzf "$archive" -C "$fresh" --strip-components=1 "package/$member"
  mv "$fresh/$member" "$fresh/content/"
  # Two test processes may fetch at once; the first to finish stays.
  mv -T "$fresh/content" "$(dirname "$file")" 2>/dev/null || [ -f "$file" ]
fi
echo "$file"
