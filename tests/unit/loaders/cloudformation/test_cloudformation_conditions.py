"""Conditions: decided ones, chosen ones, and that the choices of one parameter never contradict each other."""

from cloudformation_templates import UNKNOWN, answers, in_every_world, line, load, read

from ekslint.loaders.loaded import Loaded
from ekslint.model.pool import NodeGroup


def loaded_with(parameters: str, conditions: str, properties: str, *, resource: str = "") -> tuple[Loaded, NodeGroup]:
    loaded = load(f"""
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Unused: {{Type: String}}
{parameters}
Conditions:
{conditions}
Resources:
  Workers:
    Type: AWS::EKS::Nodegroup
{resource}
    Properties:
      ClusterName: shop
{properties}
""")
    [(pool, _)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    return loaded, pool


def test_a_default_decides() -> None:
    _, pool = loaded_with(
        "  Env: {Type: String, Default: dev}",
        "  IsProd: !Equals [!Ref Env, prod]",
        "      Version: !If [IsProd, '1.34', '1.35']",
    )
    assert pool.version == "1.35"
    assert pool.at("version").by_default == "Env"
    assert line(pool.at("version")) == "Version: !If [IsProd, '1.34', '1.35']"


def test_a_name_is_no_reason_to_doubt_a_finding() -> None:
    _, pool = loaded_with(
        "  Env: {Type: String, Default: dev}", "", "      NodegroupName: !Ref Env\n      Version: !Ref Env"
    )
    assert (pool.name, pool.version) == ("dev", "dev")
    assert (pool.at("name").by_default, pool.at("version").by_default) == (None, "Env")


def test_what_a_default_decides_marks_everything_below() -> None:
    _, pool = loaded_with(
        "  Env: {Type: String, Default: prod}",
        "  IsProd: !Equals [!Ref Env, prod]",
        """
      ScalingConfig:
        Fn::If:
          - IsProd
          - MinSize: 3
          - MinSize: 1
""",
    )
    assert pool.min_size == 3
    assert pool.at("min_size").by_default == "Env"
    assert line(pool.at("min_size")) == "- MinSize: 3"


def test_an_open_parameter_makes_a_choice() -> None:
    loaded, pool = loaded_with(
        "  Env: {Type: String}",
        "  IsProd: !Equals [!Ref Env, prod]",
        "      NodegroupName: !If [IsProd, big, small]",
    )
    assert answers(loaded.world, lambda: pool.name) == {"big", "small"}
    [(where_true, _), _] = in_every_world(loaded.world, lambda: pool.at("name").location)
    assert list(where_true) == ["parameter Env"]


def test_correlated_conditions_share_one_choice() -> None:
    loaded, pool = loaded_with(
        "  Env: {Type: String}",
        """
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [dev, !Ref Env]
  IsNotProd: !Not [!Condition IsProd]
""",
        """
      NodegroupName: !If [IsProd, p, !If [IsDev, d, o]]
      Version: !If [IsNotProd, "1.30", "1.33"]
      AmiType: !If [IsDev, AL2_x86_64, AL2023_x86_64_STANDARD]
""",
    )
    worlds = answers(loaded.world, lambda: (pool.name, pool.version, pool.ami_type))
    assert worlds == {
        ("p", "1.33", "AL2023_x86_64_STANDARD"),
        ("d", "1.30", "AL2_x86_64"),
        ("o", "1.30", "AL2023_x86_64_STANDARD"),
    }


def test_allowed_values_leave_no_other_world() -> None:
    loaded, pool = loaded_with(
        "  Env: {Type: String, AllowedValues: [prod, dev]}",
        "  IsProd: !Equals [!Ref Env, prod]\n  IsDev: !Equals [!Ref Env, dev]\n  IsQa: !Equals [!Ref Env, qa]",
        "      NodegroupName: !If [IsProd, p, !If [IsDev, d, o]]\n      Version: !If [IsQa, '1.30', '1.33']",
    )
    assert answers(loaded.world, lambda: (pool.name, pool.version)) == {("p", "1.33"), ("d", "1.33")}


def test_a_value_and_a_condition_on_it_agree() -> None:
    loaded, pool = loaded_with(
        "  Env: {Type: String, AllowedValues: [prod, dev]}",
        "  IsProd: !Equals [!Ref Env, prod]",
        "      NodegroupName: !Ref Env\n      Version: !If [IsProd, '1.33', '1.30']",
    )
    assert answers(loaded.world, lambda: (pool.name, pool.version)) == {("prod", "1.33"), ("dev", "1.30")}


def test_a_value_that_no_list_allows_never_holds() -> None:
    _, pool = loaded_with(
        "  Type: {Type: String, AllowedValues: [a, b, c, d, e, f]}",
        "  IsZ: !Equals [!Ref Type, z]",
        "      Version: !If [IsZ, z, other]",
    )
    assert pool.version == "other"
    assert pool.at("version").by_default is None


def test_and_or_not_nest() -> None:
    loaded, pool = loaded_with(
        "  A: {Type: String}\n  B: {Type: String}\n  D: {Type: String, Default: 'on'}",
        """
  HasA: !Not [!Equals [!Ref A, ""]]
  HasB: !Not [!Equals [!Ref B, ""]]
  IsOn: !Equals [!Ref D, "on"]
  Both: !And [!Condition HasA, !Condition HasB, !Condition IsOn]
  Either: !Or [!Condition HasA, !Condition HasB]
""",
        "      NodegroupName: !If [Both, both, !If [Either, either, neither]]",
    )
    assert answers(loaded.world, lambda: pool.name) == {"both", "either", "neither"}
    assert len(in_every_world(loaded.world, lambda: pool.name)) == 4


def test_the_same_comparison_of_unknowns_is_the_same_choice() -> None:
    loaded, pool = loaded_with(
        "  A: {Type: String}\n  B: {Type: String}",
        "  Same: !Equals [!Ref A, !Ref B]\n  Again: !Equals [!Ref B, !Ref A]\n  Itself: !Equals [!Ref A, !Ref A]",
        "      NodegroupName: !If [Same, x, y]\n      Version: !If [Again, x, y]\n      AmiType: !If [Itself, x, y]",
    )
    assert answers(loaded.world, lambda: (pool.name, pool.version, pool.ami_type)) == {("x", "x", "x"), ("y", "y", "x")}


def test_regions_and_partitions_are_choices_too() -> None:
    loaded, pool = loaded_with(
        "",
        "  East: !Equals [!Ref AWS::Region, us-east-1]\n  West: !Equals [!Ref AWS::Region, us-west-2]\n"
        "  China: !Equals [!Ref AWS::Partition, aws-cn]",
        "      NodegroupName: !If [East, e, !If [West, w, o]]\n      Version: !If [China, a, b]",
    )
    assert answers(loaded.world, lambda: pool.name) == {"e", "w", "o"}
    assert answers(loaded.world, lambda: pool.version) == {"a", "b"}


def test_the_presence_of_a_resource() -> None:
    loaded, pool = loaded_with(
        "  Env: {Type: String}", "  IsProd: !Equals [!Ref Env, prod]", "", resource="    Condition: IsProd"
    )
    assert answers(loaded.world, lambda: pool.present) == {True, False}
    _, by_default = loaded_with(
        "  Env: {Type: String, Default: prod}",
        "  IsProd: !Equals [!Ref Env, prod]",
        "",
        resource="    Condition: IsProd",
    )
    assert by_default.present
    assert by_default.at("min_size").by_default == "Env"


def test_no_value_in_a_branch_is_absence() -> None:
    loaded, pool = loaded_with(
        "  V: {Type: String}",
        "  HasV: !Not [!Equals [!Ref V, '']]",
        "      ReleaseVersion: !If [HasV, !Ref V, !Ref AWS::NoValue]",
    )
    assert answers(loaded.world, lambda: read(pool, "release_version")) == {UNKNOWN, None}


def test_conditional_items_of_a_list() -> None:
    loaded, pool = loaded_with(
        "  Two: {Type: String}",
        "  HasTwo: !Equals [!Ref Two, 'yes']",
        """
      Taints:
        - !If [HasTwo, {Key: a, Value: "1", Effect: NO_SCHEDULE}, !Ref AWS::NoValue]
        - {Key: b, Value: "2", Effect: NO_EXECUTE}
""",
    )
    keys = in_every_world(loaded.world, lambda: tuple(taint.key for taint in pool.taints))
    assert {answer for _, answer in keys} == {("a", "b"), ("b",)}
    places = in_every_world(loaded.world, lambda: line(pool.at("taints", len(pool.taints) - 1)))
    assert {answer for _, answer in places} == {'- {Key: b, Value: "2", Effect: NO_EXECUTE}'}


def test_conditions_that_make_no_sense_are_open() -> None:
    loaded, pool = loaded_with(
        "",
        """
  Loop: !Not [!Condition Pool]
  Pool: !Not [!Condition Loop]
  Own: !Or [!Condition Own, !Equals [a, b]]
  Text: nonsense
  Odd: !Equals [a]
  Empty: !And []
""",
        "      NodegroupName: !If [Loop, a, b]\n      Version: !If [Own, a, b]\n      AmiType: !If [Nowhere, a, b]\n"
        "      ReleaseVersion: !If [Text, a, b]\n      CapacityType: !If [Odd, a, b]",
    )
    for field in ("name", "version", "ami_type", "release_version", "capacity_type"):
        assert answers(loaded.world, lambda field=field: getattr(pool, field)) == {"a", "b"}


def test_a_long_chain_of_conditions_comes_to_an_end() -> None:
    chain = "\n".join(f"  C{index}: !Not [!Condition C{index + 1}]" for index in range(5_000))
    loaded, pool = loaded_with("", f"{chain}\n  C5000: !Equals [a, a]", "      NodegroupName: !If [C0, x, y]")
    assert answers(loaded.world, lambda: pool.name) <= {"x", "y"}
