"""Which documents are templates, what loops and macros do, and what is told about templates that are none."""

import pytest
from cloudformation_templates import load, read, spot

from ekslint.loaders.cloudformation import is_template
from ekslint.source.parsing import parse
from ekslint.source.scalars import string
from ekslint.source.text import SourceText


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AWSTemplateFormatVersion: 2010-09-09", True),
        ("Resources: {A: {Type: 'AWS::S3::Bucket'}}", True),
        ("Resources: {A: {Type: 'Custom::Thing'}}", True),
        ('{"Resources": {"CDKMetadata": {"Type": "AWS::CDK::Metadata"}}}', True),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: 'AWS::Serverless::Function'}}", True),
        ("Resources: {A: {Type: Deployment}}", False),
        ("Resources: [AWS::S3::Bucket]", False),
        ("Resources: {A: {Type: {a: b}}}", False),
        ("apiVersion: v1\nkind: Pod", False),
        ("[a, b]", False),
        ("text", False),
        ("", False),
    ],
)
def test_recognition(text: str, expected: bool) -> None:
    documents = parse(SourceText("a.yaml", text), string)
    assert is_template(documents[0].root if documents else None) is expected


def test_templates_about_something_else_declare_nothing() -> None:
    loaded = load("AWSTemplateFormatVersion: '2010-09-09'\nResources: {Role: {Type: 'AWS::IAM::Role'}}")
    assert (loaded.clusters, loaded.pools, loaded.entities, loaded.problems) == ([], [], [], [])


LOOP = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: TRANSFORM
Parameters:
  Teams: {Type: CommaDelimitedList, Default: "red,blue"}
  Open: {Type: CommaDelimitedList}
Resources:
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Fn::ForEach::Groups:
    - Team
    - COLLECTION
    - Workers${Team}:
        Type: AWS::EKS::Nodegroup
        Properties:
          ClusterName: !Ref Cluster
          NodegroupName: !Sub "${Team}-workers"
          Labels: {team: !Ref Team, "shop/${Team}": "yes"}
"""


@pytest.mark.parametrize("collection", ["[red, blue]", "!Ref Teams"])
def test_loops_over_known_lists_are_unrolled(collection: str) -> None:
    loaded = load(LOOP.replace("COLLECTION", collection).replace("TRANSFORM", "AWS::LanguageExtensions"))
    red, blue = (pool for pool, _ in loaded.pools)
    assert (red.resource, red.name, red.labels["team"]) == ("AWS::EKS::Nodegroup/Workersred", "red-workers", "red")
    assert (blue.name, blue.labels["shop/blue"]) == ("blue-workers", "yes")
    assert spot(blue.at("labels", "team")) == "!Ref Team"
    assert all(reference.cluster is loaded.clusters[0] for _, reference in loaded.pools)
    assert not loaded.clusters[0].has_hidden_parts


@pytest.mark.parametrize("collection", ["!Ref Open", "!Ref AWS::NotificationARNs", "nonsense"])
def test_loops_over_something_unknown_leave_the_rest_open(collection: str) -> None:
    loaded = load(LOOP.replace("COLLECTION", collection).replace("TRANSFORM", "AWS::LanguageExtensions"))
    assert loaded.pools == []
    assert loaded.clusters[0].has_hidden_parts


@pytest.mark.parametrize(
    ("transform", "hidden"),
    [
        ("AWS::Serverless-2016-10-31", False),
        ("[AWS::LanguageExtensions]", False),
        ("MyMacro", True),
        ("[AWS::LanguageExtensions, MyMacro]", True),
        ("{Name: AWS::Include, Parameters: {Location: s3://x/y}}", True),
    ],
)
def test_macros_may_add_anything(transform: str, hidden: bool) -> None:
    loaded = load(LOOP.replace("COLLECTION", "[red]").replace("TRANSFORM", transform))
    assert loaded.clusters[0].has_hidden_parts is hidden


def test_an_include_among_properties_leaves_absent_ones_open() -> None:
    [(pool, _)] = load("""
Resources:
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x/y}}
      ClusterName: shop
      ScalingConfig: {MinSize: 1}
""").pools
    assert (read(pool, "min_size"), read(pool, "ami_type"), read(pool, "capacity_type")) == (1, "unknown", "unknown")


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("AWSTemplateFormatVersion: x\nResources: [eks]", "Resources must be a mapping", "Resources"),
        ("AWSTemplateFormatVersion: x\nParameters: eks", "Parameters must be a mapping", "Parameters"),
        ("Resources:\n  A: {Type: AWS::EKS::Cluster}\n  B: text", "resource B must be a mapping", "B"),
    ],
)
def test_what_no_template_can_have(text: str, message: str, marked: str) -> None:
    [problem] = load(text).problems
    assert (problem.kind, problem.message) == ("wrong-type", message)
    location = problem.source.document.locate(problem.source.path, key=problem.source.key)
    assert text.split("\n")[location.line - 1][location.column - 1 : location.end_column - 1] == marked
