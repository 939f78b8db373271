"""What eksctl attaches to a role for `iam.withAddonPolicies` and `wellKnownPolicies`.

Source: eksctl 0.231 `pkg/cfn/builder/iam_helper.go` and `statement.go`. Licence: Apache-2.0.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ekslint.model.iam import Statement


def _allow(*actions: str, resource: str = "*", has_conditions: bool = False) -> Statement:
    return Statement("Allow", actions, resources=(resource,), has_conditions=has_conditions)


def _prefixed(service: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{service}:{action}" for action in actions)


_CHANGE_SETS = _allow("route53:ChangeResourceRecordSets", resource="arn:*:route53:::hostedzone/*")
_APP_MESH = (
    *_prefixed(
        "servicediscovery",
        "CreateService",
        "DeleteService",
        "GetService",
        "GetInstance",
        "RegisterInstance",
        "DeregisterInstance",
        "ListInstances",
        "ListNamespaces",
        "ListServices",
        "GetInstancesHealthStatus",
        "UpdateInstanceCustomHealthStatus",
        "GetOperation",
    ),
    *_prefixed(
        "route53",
        "GetHealthCheck",
        "CreateHealthCheck",
        "UpdateHealthCheck",
        "ChangeResourceRecordSets",
        "DeleteHealthCheck",
    ),
)
_AUTO_SCALER = (
    _allow(
        *_prefixed(
            "autoscaling",
            "DescribeAutoScalingGroups",
            "DescribeAutoScalingInstances",
            "DescribeLaunchConfigurations",
            "DescribeScalingActivities",
            "DescribeTags",
        ),
        *_prefixed("ec2", "DescribeInstanceTypes", "DescribeLaunchTemplateVersions"),
    ),
    _allow(
        *_prefixed("autoscaling", "SetDesiredCapacity", "TerminateInstanceInAutoScalingGroup"),
        *_prefixed("ec2", "DescribeImages", "GetInstanceTypesFromInstanceRequirements"),
        "eks:DescribeNodegroup",
    ),
)
# Grouped by whether a condition narrows them; the resources are narrower here and there, which no rule asks about.
_LOAD_BALANCER_CONTROLLER = (
    _allow(
        *_prefixed(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            "CreateSecurityGroup",
            "DescribeAccountAttributes",
            "DescribeAddresses",
            "DescribeAvailabilityZones",
            "DescribeCoipPools",
            "DescribeInstances",
            "DescribeInternetGateways",
            "DescribeIpamPools",
            "DescribeNetworkInterfaces",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeTags",
            "DescribeVpcPeeringConnections",
            "DescribeVpcs",
            "GetCoipPoolUsage",
            "GetSecurityGroupsForVpc",
            "RevokeSecurityGroupIngress",
        ),
        *_prefixed(
            "elasticloadbalancing",
            "AddListenerCertificates",
            "AddTags",
            "CreateListener",
            "CreateRule",
            "DeleteListener",
            "DeleteRule",
            "DeregisterTargets",
            "DescribeCapacityReservation",
            "DescribeListenerAttributes",
            "DescribeListenerCertificates",
            "DescribeListeners",
            "DescribeLoadBalancerAttributes",
            "DescribeLoadBalancers",
            "DescribeRules",
            "DescribeSSLPolicies",
            "DescribeTags",
            "DescribeTargetGroupAttributes",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
            "DescribeTrustStores",
            "ModifyListener",
            "ModifyRule",
            "RegisterTargets",
            "RemoveListenerCertificates",
            "RemoveTags",
            "SetRulePriorities",
            "SetWebAcl",
        ),
        *_prefixed("acm", "DescribeCertificate", "ListCertificates"),
        *_prefixed("iam", "GetServerCertificate", "ListServerCertificates"),
        "cognito-idp:DescribeUserPoolClient",
        *_prefixed("shield", "CreateProtection", "DeleteProtection", "DescribeProtection", "GetSubscriptionState"),
        *_prefixed("waf-regional", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
        *_prefixed("wafv2", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
    ),
    _allow(
        "iam:CreateServiceLinkedRole",
        *_prefixed("ec2", "CreateTags", "DeleteSecurityGroup", "DeleteTags"),
        *_prefixed(
            "elasticloadbalancing",
            "CreateLoadBalancer",
            "CreateTargetGroup",
            "DeleteLoadBalancer",
            "DeleteTargetGroup",
            "ModifyCapacityReservation",
            "ModifyIpPools",
            "ModifyLoadBalancerAttributes",
            "ModifyTargetGroup",
            "ModifyTargetGroupAttributes",
            "SetIpAddressType",
            "SetSecurityGroups",
            "SetSubnets",
        ),
        has_conditions=True,
    ),
)

NODE_STATEMENTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "albIngress": _LOAD_BALANCER_CONTROLLER,
        "appMesh": (_allow(*_APP_MESH, "appmesh:*"),),
        "appMeshPreview": (_allow(*_APP_MESH, "appmesh-preview:*"),),
        "autoScaler": _AUTO_SCALER,
        "awsLoadBalancerController": _LOAD_BALANCER_CONTROLLER,
        "certManager": (
            _CHANGE_SETS,
            _allow(*_prefixed("route53", "ListResourceRecordSets", "ListHostedZonesByName")),
            _allow("route53:GetChange", resource="arn:*:route53:::change/*"),
        ),
        "cloudWatch": (),
        "ebs": (),
        "efs": (
            _allow("elasticfilesystem:*"),
            _allow(
                *_prefixed(
                    "ec2",
                    "DescribeSubnets",
                    "CreateNetworkInterface",
                    "DescribeNetworkInterfaces",
                    "DeleteNetworkInterface",
                    "ModifyNetworkInterfaceAttribute",
                    "DescribeNetworkInterfaceAttribute",
                )
            ),
        ),
        "externalDNS": (
            _CHANGE_SETS,
            _allow(*_prefixed("route53", "ListHostedZones", "ListResourceRecordSets", "ListTagsForResource")),
        ),
        "fsx": (
            _allow("fsx:*"),
            _allow(
                *_prefixed("iam", "CreateServiceLinkedRole", "AttachRolePolicy", "PutRolePolicy"),
                resource="arn:*:iam::*:role/aws-service-role/*",
            ),
        ),
        "imageBuilder": (),
        "xRay": (
            _allow(
                *_prefixed(
                    "xray",
                    "PutTraceSegments",
                    "PutTelemetryRecords",
                    "GetSamplingRules",
                    "GetSamplingTargets",
                    "GetSamplingStatisticSummaries",
                )
            ),
        ),
    }
)
"""Every key of `iam.withAddonPolicies`, with the statements that it adds to the node role."""

NODE_MANAGED_POLICIES: Mapping[str, str] = MappingProxyType(
    {
        "cloudWatch": "CloudWatchAgentServerPolicy",
        "ebs": "AmazonEBSCSIDriverPolicy",
        "imageBuilder": "AmazonEC2ContainerRegistryPowerUser",
    }
)
"""The keys of `iam.withAddonPolicies` that attach one of AWS's own policies."""

WELL_KNOWN_POLICIES: Mapping[str, str | None] = MappingProxyType(
    {
        "autoScaler": None,
        "awsLoadBalancerController": None,
        "certManager": None,
        "ebsCSIController": "AmazonEBSCSIDriverPolicy",
        "efsCSIController": None,
        "externalDNS": None,
        "imageBuilder": "AmazonEC2ContainerRegistryPowerUser",
    }
)
"""Every key of `wellKnownPolicies`, with the AWS managed policy that it attaches; None where eksctl writes its own."""
