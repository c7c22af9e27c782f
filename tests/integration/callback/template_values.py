"""Everything that anybody can read in template.yaml, and whatever else a stranger would try as a key."""

import re
from collections.abc import Iterator
from typing import Any

from engines.places import TEMPLATE
from engines.template import load_template

# What stands in secrets that nobody has set up, or that somebody has begun to.
PLACEHOLDERS = (
    *("", " ", "\t\n", "0", "x", "...", "key", "null", "None", "TODO", "1234567", "secret", "test"),
    *("00000000", "aaaaaaaaaaaaaaaa", "********", "xxxxxxxx-xxxx", "________________"),
    *(
        "changeme",
        "change-me",
        "CHANGE_ME",
        "ChangeMe!",
        "please-change-this-key",
        "replace-me",
        "REPLACE WITH KEY",
    ),
    *(
        "secret_key",
        "secret-key",
        "my-secret-key",
        "MySecret",
        "password",
        "your-secret-key",
        "YOUR_KEY_HERE",
    ),
    *(
        "placeholder",
        "PLACEHOLDER-KEY",
        "undefined",
        "not set",
        "not-set-yet",
        "merchant_secret",
        "example-key",
    ),
    *("<secret key>", "<put the key here>", "${SECRET_KEY}", "{{resolve:secretsmanager:x:SecretString:key}}"),
    *("!Ref MerchantSecret", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:merchant-AbCdEf"),
    *(" made-up-key-with-a-space-before", "made-up-key-with-a-line-end\n", '{"secret_key": "abcdefghijkl"}'),
)


def _scalars(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield str(name)
            yield from _scalars(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _scalars(inner)
    elif isinstance(node, bool):
        yield from (str(node), str(node).lower())
    else:
        yield str(node)


def template_values() -> list[str]:
    """Every name and value of the template, and every word of its text, comments included."""
    text = TEMPLATE.read_text()
    words = {*text.split(), *re.split(r"[\s\"'{}\[\](),:=]+", text), *re.findall(r"\{.*?\}", text)}
    return sorted({*_scalars(load_template()), *words, *text.splitlines()})
