"""By what the IAM roles of controllers are recognised whose installation no file needs to show.

Source: the installation guides of the AWS Load Balancer Controller (docs/deploy/installation.md, and version 1, the ALB
Ingress Controller), eksctl's `wellKnownPolicies` (pkg/cfn/builder/statement.go), Karpenter's getting started guide.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class ControllerRole(NamedTuple):
    """The signs of one controller; each by itself is enough."""

    service_accounts: tuple[str, ...] = ()
    """Names of its service account."""
    policies: tuple[str, ...] = ()
    """What is part of the names of its policies."""
    names: tuple[str, ...] = ()
    """What is part of the names of its roles, in lower case."""


CONTROLLER_ROLES: Mapping[str, ControllerRole] = MappingProxyType(
    {
        "aws-load-balancer-controller": ControllerRole(
            service_accounts=(
                "aws-load-balancer-controller",
                "aws-load-balancer-controller-sa",
                "alb-ingress-controller",
            ),
            policies=("AWSLoadBalancerController", "awsLoadBalancerController", "ALBIngressController"),
        ),
        "karpenter": ControllerRole(names=("karpenter",)),
    }
)
"""By the name of the component, as `Estate.has_evidence_of` knows it."""
