"""Bare instances that join a cluster."""

import pytest
from cloudformation_templates import auto_scaling_group, entity, load, spot

from ekslint.model.pool import Instance


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ("Tags: [{Key: kubernetes.io/cluster/shop, Value: owned}, {Key: Name, Value: node}]", "node"),
        ('UserData: {"Fn::Base64": "#!/bin/bash\\n/etc/eks/bootstrap.sh shop\\n"}', "Node"),
    ],
)
def test_bare_instances(properties: str, name: str) -> None:
    loaded = load(f"Resources: {{Node: {{Type: 'AWS::EC2::Instance', Properties: {{{properties}}}}}}}")
    instance = entity(loaded, Instance, "Node")
    assert (instance.name, instance.cluster_name) == (name, "shop")
    assert spot(instance.at()) == "Node"


def test_other_instances_are_nobody_s_business() -> None:
    assert load("Resources: {Bastion: {Type: 'AWS::EC2::Instance', Properties: {ImageId: eks}}}").entities == []


def test_an_instance_from_a_launch_template() -> None:
    text = auto_scaling_group('{UserData: {"Fn::Base64": "#!/bin/bash\\n/etc/eks/bootstrap.sh shop\\n"}}', tag="Name")
    loaded = load(
        text
        + """
  Node:
    Type: AWS::EC2::Instance
    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}}
"""
    )
    assert entity(loaded, Instance, "Node").cluster_name == "shop"
