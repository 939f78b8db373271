"""Parameters, intrinsic functions and mappings: what a field comes to, seen through a node group's fields."""

import pytest
from cloudformation_templates import UNKNOWN, answers, group, line, load, read

from ekslint.model.reading import Undecided


def with_name(expression: str, rest: str = "") -> str:
    return f"""
AWSTemplateFormatVersion: "2010-09-09"
{rest}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties: {{Name: shop}}
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {{CidrBlock: 10.0.0.0/16}}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Cluster
      NodegroupName: {expression}
"""


PARAMETERS = """
Parameters:
  Known: {Type: String, Default: blue}
  Open: {Type: String}
  Empty: {Type: String, Default: ""}
  Single: {Type: String, AllowedValues: [only]}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  OpenList: {Type: "List<AWS::EC2::Subnet::Id>"}
  Store: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/name}
Mappings:
  Sizes:
    small: {Name: s, Same: x}
    large: {Name: l, Same: x}
  Nested:
    one: {Names: [p, q]}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("workers", "workers"),
        ("!Ref Known", "blue"),
        ("!Ref Open", UNKNOWN),
        ("!Ref Empty", UNKNOWN),
        ("!Ref Single", "only"),
        ("!Ref Store", UNKNOWN),
        ("!Ref Nowhere", UNKNOWN),
        ("!Ref AWS::NoValue", None),
        ("!Ref AWS::StackName", UNKNOWN),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref Cluster", "shop"),
        ("!GetAtt Cluster.Arn", UNKNOWN),
        ("!GetAtt Nowhere.Arn", UNKNOWN),
        ("!GetAtt [Vpc, CidrBlock]", "10.0.0.0/16"),
        ("!Sub x-${Known}-y", "x-blue-y"),
        ("!Sub x-${Open}-y", UNKNOWN),
        ("!Sub ${Cluster}-workers", "shop-workers"),
        ("!Sub ${!Literal}", "${Literal}"),
        ('!Sub ["${A}/${Known}", {A: !Ref Known}]', "blue/blue"),
        ('!Join ["-", [a, !Ref Known, !Ref "AWS::NoValue", c]]', "a-blue-c"),
        ('!Join ["-", !Ref List]', "a-b-c"),
        ('!Join ["-", !Ref OpenList]', UNKNOWN),
        ("!Select [1, !Ref List]", "b"),
        ("!Select [7, !Ref List]", UNKNOWN),
        ("!Select [!Ref Known, !Ref List]", UNKNOWN),
        ('!Select [1, !Split ["/", a/b/c]]', "b"),
        ('!Select [0, !Split ["-", !Sub "x-${Open}"]]', "x"),
        ('!Select [1, !Split ["-", !Sub "x-${Open}-y"]]', UNKNOWN),
        ("!Select [0, !GetAZs '']", UNKNOWN),
        ("!FindInMap [Sizes, small, Name]", "s"),
        ("!FindInMap [Sizes, !Ref AWS::Region, Same]", "x"),
        ("!FindInMap [Sizes, !Ref AWS::Region, Name]", UNKNOWN),
        ("!FindInMap [Sizes, huge, Name]", UNKNOWN),
        ("!FindInMap [Nowhere, small, Name]", UNKNOWN),
        ("!Select [1, !FindInMap [Nested, one, Names]]", "q"),
        ("!ImportValue other-stack", UNKNOWN),
        ("!Base64 workers", "workers"),
        ("!Select [1, !Cidr [10.0.0.0/16, 4, 8]]", "10.0.1.0/24"),
        ("!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 4]]", "10.0.0.16/28"),
        ("!Select [0, !Cidr [!Ref Open, 4, 8]]", UNKNOWN),
        ("!Select [0, !Cidr [nonsense, 4, 8]]", UNKNOWN),
        ("!Length [a, b]", "2"),
        ("!ToJsonString {a: [1, !Ref Known]}", '{"a": ["1", "blue"]}'),
        ("!ToJsonString {a: !Ref Open}", UNKNOWN),
        ("!Transform {Name: Macro}", UNKNOWN),
        ("{'Fn::Unheard': 1}", UNKNOWN),
        ("'{{resolve:secretsmanager:shop:SecretString:name}}'", UNKNOWN),
        ("'prefix-{{resolve:ssm:/shop/name}}'", UNKNOWN),
        ("{a: b}", UNKNOWN),
        ("[a, b]", UNKNOWN),
        ("!Sub [a]", UNKNOWN),
        ("!Join a", UNKNOWN),
        ("!Select []", UNKNOWN),
        ("!FindInMap [a]", UNKNOWN),
        ("!If [a]", UNKNOWN),
        ("!GetAtt Cluster", UNKNOWN),
        ("!Split ['', a]", UNKNOWN),
    ],
)
def test_the_value_of_an_expression(expression: str, value: object) -> None:
    assert read(group(with_name(expression, PARAMETERS)), "name") == value


def test_what_is_unknown_says_why() -> None:
    pool = group(with_name("!Sub ${Open}-workers", PARAMETERS))
    with pytest.raises(Undecided, match="parameter Open has no default"):
        _ = pool.name


@pytest.mark.parametrize("expression", ["!Ref Known", "!Sub x-${Known}", '!Join ["", [x, !Ref Known]]'])
def test_a_default_shows_at_the_place(expression: str) -> None:
    template = with_name(expression, PARAMETERS).replace("NodegroupName:", "ReleaseVersion:")
    place = group(template).at("release_version")
    assert place.by_default == "Known"
    assert line(place).startswith("ReleaseVersion:")


def test_items_of_a_list_parameter_come_by_default_each() -> None:
    pool = group(
        with_name("w", "Parameters: {Types: {Type: CommaDelimitedList, Default: 'm5.large,m6i.large'}}")
        + "      InstanceTypes: !Ref Types\n"
    )
    assert read(pool, "instance_types") == ("m5.large", "m6i.large")
    assert pool.at("instance_types", 1).by_default == "Types"
    assert line(pool.at("instance_types", 1)) == "InstanceTypes: !Ref Types"


def test_a_parameter_with_few_allowed_values_is_a_choice_among_them() -> None:
    text = with_name("!Ref Size", "Parameters: {Size: {Type: String, AllowedValues: [s, m, l]}}")
    loaded = load(text)
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: pool.name) == {"s", "m", "l"}


def test_a_map_looked_up_with_such_a_parameter_keeps_to_the_choice() -> None:
    text = with_name(
        '!Sub ["${Size}-${Name}", {Name: !FindInMap [Sizes, !Ref Size, Name]}]',
        """
Parameters: {Size: {Type: String, AllowedValues: [small, large]}}
Mappings: {Sizes: {small: {Name: s}, large: {Name: l}}}
""",
    )
    loaded = load(text)
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: pool.name) == {"small-s", "large-l"}


def test_too_many_choices_at_once_are_unknown() -> None:
    names = "ABCDEF"
    declared = "\n".join(f"  {name}: {{Type: String, AllowedValues: [x, y]}}" for name in names)
    text = with_name("!Sub " + "".join(f"${{{name}}}" for name in names), f"Parameters:\n{declared}")
    loaded = load(text)
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: read(pool, "name")) == {UNKNOWN}


@pytest.mark.parametrize(
    ("written", "value"), [("3", 3), ('"3"', 3), ("three", UNKNOWN), ("[3]", UNKNOWN), ("3.5", UNKNOWN), ("-1", -1)]
)
def test_numbers(written: str, value: object) -> None:
    assert read(group(with_name("w") + f"      ScalingConfig: {{MinSize: {written}}}\n"), "min_size") == value


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ('"true"', True), ("False", False), ("yes", UNKNOWN), ("!Ref X", UNKNOWN)]
)
def test_truth_values(written: str, value: object) -> None:
    assert read(group(with_name("w") + f"      ForceUpdateEnabled: {written}\n"), "forces_update") == value


def test_json_and_yaml_say_the_same() -> None:
    text = """{"Parameters": {"Known": {"Type": "String", "Default": "blue"}},
 "Resources": {"Workers": {"Type": "AWS::EKS::Nodegroup",
   "Properties": {"ClusterName": "shop", "NodegroupName": {"Fn::Join": ["-", ["w", {"Ref": "Known"}]]}}}}}"""
    pool = group(text)
    assert pool.name == "w-blue"
    assert pool.at("name").location.line == 3
