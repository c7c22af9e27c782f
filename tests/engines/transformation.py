"""What CloudFormation makes of template.yaml: SAM's own translator, run here."""

import os
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from engines.template import load_template, parameters

SHOP = {
    "AllowedOrigins": "https://shop.example,https://www.shop.example",
    "ShopUrl": "https://shop.example/thanks",
}
# In place of what `sam package` uploads: each object's key is a digest of its content.
BUCKET = "made-up-bucket"
CODE = "functions-of-one-content"
LAYER = "layer-of-one-content"


def transform(
    template: dict[str, Any] | None = None, *, code: str = CODE, layer: str = LAYER, **chosen: str
) -> dict[str, Any]:
    """The template after the transform, with this uploaded content and these parameters."""
    source = load_template() if template is None else template
    for resource in source["Resources"].values():
        properties = resource.get("Properties", {})
        if "CodeUri" in properties:
            properties["CodeUri"] = {"Bucket": BUCKET, "Key": f"{properties['CodeUri']}{code}"}
        if "ContentUri" in properties:
            properties["ContentUri"] = {"Bucket": BUCKET, "Key": layer}
    session = boto3.Session(region_name=os.environ["AWS_DEFAULT_REGION"])
    translator = Translator({}, Parser(), boto_session=session)
    return translator.translate(source, parameters(**{**SHOP, **chosen}))


def of_kind(transformed: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in transformed["Resources"].items() if one["Type"] == kind}
