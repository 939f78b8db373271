"""Annotations of the AWS Load Balancer Controller that EKS Auto Mode does not know, and what takes their place.

Source: EKS user guide, automode/auto-configure-alb and automode/auto-configure-nlb (as of 2026-08).
"""

from collections.abc import Mapping
from types import MappingProxyType

_SERVICE = "service.beta.kubernetes.io/"
_ATTRIBUTES = f"use {_SERVICE}aws-load-balancer-attributes"

UNSUPPORTED_ON_INGRESSES: Mapping[str, str] = MappingProxyType(
    {
        "kubernetes.io/ingress.class": "use spec.ingressClassName",
        "alb.ingress.kubernetes.io/group.name": "set the group in the IngressClassParams",
        "alb.ingress.kubernetes.io/waf-acl-id": "use WAF v2",
        "alb.ingress.kubernetes.io/web-acl-id": "use WAF v2",
        "alb.ingress.kubernetes.io/shield-advanced-protection": "Auto Mode does not work with Shield",
    }
)

UNSUPPORTED_ON_SERVICES: Mapping[str, str] = MappingProxyType(
    {
        f"{_SERVICE}load-balancer-source-ranges": "use spec.loadBalancerSourceRanges",
        f"{_SERVICE}aws-load-balancer-type": "use spec.loadBalancerClass: eks.amazonaws.com/nlb",
        f"{_SERVICE}aws-load-balancer-internal": f"use {_SERVICE}aws-load-balancer-scheme: internal",
        f"{_SERVICE}aws-load-balancer-proxy-protocol": _ATTRIBUTES,
        f"{_SERVICE}aws-load-balancer-access-log-enabled": _ATTRIBUTES,
        f"{_SERVICE}aws-load-balancer-access-log-s3-bucket-name": _ATTRIBUTES,
        f"{_SERVICE}aws-load-balancer-access-log-s3-bucket-prefix": _ATTRIBUTES,
        f"{_SERVICE}aws-load-balancer-cross-zone-load-balancing-enabled": _ATTRIBUTES,
    }
)

HARMLESS_VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {f"{_SERVICE}aws-load-balancer-type": frozenset({"external"})}
)
"""Values that say what Auto Mode does anyway; the user guide's own table of common annotations has them."""
