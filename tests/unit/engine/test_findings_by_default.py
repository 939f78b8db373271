"""What holds by the default of a parameter is said as such, and is never an error."""

from pathlib import Path
from typing import Any

import pytest

from linting import lint, write

TEMPLATE = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Clusters: {{Type: String, Default: "1.33"}}
  Nodes: {{Type: String, Default: "1.34"}}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      Version: {cluster}
      RoleArn: arn:aws:iam::111122223333:role/shop-cluster
      ResourcesVpcConfig: {{SubnetIds: [subnet-0a1, subnet-0b2]}}
  General:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Cluster
      NodegroupName: general
      Version: {nodes}
      NodeRole: arn:aws:iam::111122223333:role/shop-nodes
      Subnets: [subnet-0a1, subnet-0b2]
      ScalingConfig: {{MinSize: 2, MaxSize: 6}}
"""


def finding(folder: Path, cluster: str, nodes: str) -> dict[str, Any]:
    write(folder, {"template.yaml": TEMPLATE.format(cluster=cluster, nodes=nodes)})
    [found] = lint(folder, "--select", "node-newer-than-control-plane").findings
    return found


def test_what_is_written_is_an_error(tmp_path: Path) -> None:
    found = finding(tmp_path, '"1.33"', '"1.34"')
    assert found["severity"] == "error"
    assert "by the default" not in found["message"]


@pytest.mark.parametrize(
    ("cluster", "nodes", "parameter"),
    [
        ('"1.33"', "!Ref Nodes", "Nodes"),
        ("!Ref Clusters", '"1.34"', "Clusters"),
        ("!Ref Clusters", "!Ref Nodes", "Nodes"),
    ],
)
def test_a_default_at_either_end_makes_it_a_warning(tmp_path: Path, cluster: str, nodes: str, parameter: str) -> None:
    found = finding(tmp_path, cluster, nodes)
    assert found["severity"] == "warning"
    assert found["message"].endswith(f" (by the default of parameter {parameter})")
