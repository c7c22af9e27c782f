#!/usr/bin/env bash
# Fetches AWS's DynamoDB Local, once, and prints the folder that it is in. Its licence allows development and
# testing but no passing on, so it is fetched where it is used and never committed. It comes out of an npm package
# that carries it, at one version, whose content is checked.
#
#   java -Djava.library.path=DIR/DynamoDBLocal_lib -jar DIR/DynamoDBLocal.jar -inMemory -port PORT
set -euo pipefail

package=amplify-dynamodb-simulator
version=2.9.30
sha512=xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==

cache=${DYNAMODB_LOCAL_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.cache/dynamodb-local}
folder=$cache/$version

if [ ! -f "$folder/DynamoDBLocal.jar" ]; then
  mkdir -p "$cache"
  fresh=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  (cd "$fresh" && npm pack --silent "$package@$version" >/dev/null)
  archive=$fresh/$package-$version.tgz
  found=$(openssl dgst -sha512 -binary "$archive" | openssl base64 -A)
  if [ "$found" != "$sha512" ]; then
    echo "dynamodb-local: $package $version is not what it was: sha512 $found" >&2
    exit 1
  fi
  tar -xzf "$archive" -C "$fresh" package/emulator
  # Two test processes may fetch at once; the first to finish stays.
  mv -T "$fresh/package/emulator" "$folder" 2>/dev/null || [ -f "$folder/DynamoDBLocal.jar" ]
fi
echo "$folder"
