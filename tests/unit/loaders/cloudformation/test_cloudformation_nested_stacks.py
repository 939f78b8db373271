"""Stacks of other templates, and hooks that hold instances back when they are to end."""

from cloudformation_templates import UNKNOWN, entity, group, line, load, read

from ekslint.model.nested_stack import NestedStack

_NODES = """
Parameters:
  Image: {Type: String}
Resources:
  Nodes:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://example.com/kubernetes-nodes.yaml
      Parameters:
        ClusterName: shop
        NodeImageId: !Ref Image
  Bare:
    Type: AWS::CloudFormation::Stack
"""

_HOOKS = """
Resources:
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: lt-0123456789abcdef0, Version: "1"}
      LifecycleHookSpecificationList:
        - {LifecycleHookName: ready, LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING"}
        - {LifecycleHookName: drain, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING"}
      Tags: [{Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: true}]
  Slow:
    Type: AWS::AutoScaling::LifecycleHook
    Properties: {AutoScalingGroupName: !Ref Workers, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING"}
  Others:
    Type: AWS::AutoScaling::LifecycleHook
    Properties: {AutoScalingGroupName: others, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING"}
"""


def test_what_a_nested_stack_is_given() -> None:
    loaded = load(_NODES)
    nodes, bare = (entity(loaded, NestedStack, name) for name in ("Nodes", "Bare"))
    assert nodes.template_url == "https://example.com/kubernetes-nodes.yaml"
    assert line(nodes.at("template_url")) == "TemplateURL: https://example.com/kubernetes-nodes.yaml"
    assert read(nodes, "parameters", "ClusterName") == "shop"
    assert read(nodes, "parameters", "NodeImageId") == UNKNOWN
    assert bare.template_url is None
    assert dict(bare.parameters) == {}


def test_hooks_of_the_group_and_beside_it() -> None:
    assert list(group(_HOOKS).termination_hooks) == ["Slow", "drain"]
