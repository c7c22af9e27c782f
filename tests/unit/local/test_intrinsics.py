"""CloudFormation's intrinsic functions in a template."""

from pathlib import Path

import pytest

from paylink_local.errors import TemplateError
from paylink_local.intrinsics import NO_VALUE, Intrinsics, as_text, read_document

DOCUMENT = """
Parameters:
  Name: {Type: String, Default: coffee}
  Needed: {Type: String}
  Flag: {Type: String, Default: true}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
Mappings:
  Regions: {kz: {Host: api.freedompay.kz}}
Conditions:
  Wanted: !Equals [!Ref Flag, "true"]
  Unwanted: !Not [{Condition: Wanted}]
  Both: !And [!Condition Wanted, !Condition Unwanted]
  Either: !Or [!Condition Wanted, !Condition Unwanted]
Resources:
  Thing: {Type: Some::Thing}
Values:
  ref: !Ref Name
  sub: !Sub "${Name}-${AWS::Region}-${Thing.Arn}-${!Literal}"
  sub_local: !Sub ["${Name} ${x}", {x: !Ref Flag}]
  join: !Join ["+", !Ref List]
  split: !Select [1, !Split [",", "p,q"]]
  get: !GetAtt Thing.Arn
  long: {"Fn::GetAtt": [Thing, Arn]}
  chosen: !If [Wanted, yes-it-is, no]
  map: !FindInMap [Regions, kz, Host]
  secret: !Base64 "abc"
  both: !If [Both, 1, 2]
  either: !If [Either, 1, 2]
  dropped: [1, !If [Unwanted, 2, !Ref AWS::NoValue], 3]
"""


@pytest.fixture
def values(tmp_path: Path) -> dict[str, object]:
    path = tmp_path / "template.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    document = read_document(path)
    intrinsics = Intrinsics(document, {"Needed": "given"}, {"AWS::Region": "here"})
    intrinsics.made("Thing", "thing-1", {"Arn": "arn:thing"})
    return intrinsics.resolve(document["Values"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ref", "coffee"),
        ("sub", "coffee-here-arn:thing-${Literal}"),
        ("sub_local", "coffee true"),
        ("join", "a+b+c"),
        ("split", "q"),
        ("get", "arn:thing"),
        ("long", "arn:thing"),
        ("chosen", "yes-it-is"),
        ("map", "api.freedompay.kz"),
        ("secret", "YWJj"),
        ("both", 2),
        ("either", 1),
        ("dropped", [1, 3]),
    ],
)
def test_each_function_gives_what_cloudformation_gives(
    values: dict[str, object], name: str, expected: object
) -> None:
    assert values[name] == expected


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"Ref": "Nobody"}, "Nobody"),
        ({"Ref": "Needed"}, "Needed"),
        ({"Fn::GetAtt": ["Thing", "Nothing"]}, "Thing.Nothing"),
        ({"Fn::Sub": "${Nobody}"}, "Nobody"),
        ({"Fn::ImportValue": "x"}, "Fn::ImportValue"),
        ({"Fn::FindInMap": ["Regions", "xx", "Host"]}, "Regions/xx/Host"),
        ({"Fn::If": ["Nothing", 1, 2]}, "Nothing"),
    ],
)
def test_what_cannot_be_worked_out_is_named(tmp_path: Path, value: object, named: str) -> None:
    (tmp_path / "template.yaml").write_text(DOCUMENT, encoding="utf-8")
    intrinsics = Intrinsics(read_document(tmp_path / "template.yaml"), {}, {})
    with pytest.raises(TemplateError, match=named):
        intrinsics.resolve(value)


def test_a_parameter_that_the_template_lacks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(DOCUMENT, encoding="utf-8")
    with pytest.raises(TemplateError, match="Misspelt"):
        Intrinsics(read_document(tmp_path / "template.yaml"), {"Misspelt": "x"}, {})


def test_no_value_stands_for_itself_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(DOCUMENT, encoding="utf-8")
    intrinsics = Intrinsics(read_document(tmp_path / "template.yaml"), {}, {})
    assert intrinsics.resolve({"Ref": "AWS::NoValue"}) is NO_VALUE
    assert intrinsics.resolve({"A": {"Ref": "AWS::NoValue"}, "B": 1}) == {"B": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "not YAML"), ("- 1", "no Resources"), ("Resources: 3", "no Resources")],
)
def test_a_file_that_is_no_template_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=said):
        read_document(tmp_path / "template.yaml")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"template\.yaml cannot be read"):
        read_document(tmp_path / "template.yaml")


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (20, "20"), ("x", "x")])
def test_scalars_become_text_as_cloudformation_writes_them(value: object, text: str) -> None:
    assert as_text(value) == text
