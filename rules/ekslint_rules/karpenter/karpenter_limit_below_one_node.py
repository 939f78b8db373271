from collections.abc import Iterator
from fractions import Fraction

from ekslint import Finding, NodePool, Severity, parse_quantity, rule, types_meeting

_LIMITS = ("spec", "limits")
_MEBIBYTE = 2**20
_LEAST_PART_OF_MEMORY = Fraction(92, 100)
"""Karpenter takes some 7.5 % off the nominal memory for hypervisor and kernel before it compares."""


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_limit_below_one_node(node_pool: NodePool) -> Iterator[Finding]:
    """The limits of a NodePool are lower than the smallest node that it may make.

    ## Why is this bad?
    Karpenter makes no node that would exceed the limits: with `cpu: 4` and families that start at 8 vCPUs it never
    makes one, and pods stay pending.

    ## When it stays silent
    A limit of 0, which switches a pool off. Static pools. Limits that a template fills in.

    ## References
    - Karpenter documentation, NodePools, spec.limits
    """
    if node_pool.replicas is not None or not node_pool.has(*_LIMITS):
        return
    types = types_meeting(node_pool.estate, list(node_pool.requirements), is_auto=node_pool.is_auto_mode)
    if not types:
        return
    smallest = {
        "cpu": min(types, key=lambda each: (each.vcpus, each.name)),
        "memory": min(types, key=lambda each: (each.memory_mib, each.name)),
    }
    limits = node_pool.mapping(*_LIMITS)
    for resource, each in smallest.items():
        limit = parse_quantity(limits.get(resource))
        if resource == "cpu":
            least, text = Fraction(each.vcpus), f"{each.vcpus} vCPU{'s' if each.vcpus > 1 else ''}"
        else:
            least = each.memory_mib * _MEBIBYTE * _LEAST_PART_OF_MEMORY
            text = f"{each.memory_mib} MiB"
        if limit is not None and 0 < limit < least:
            yield Finding(
                node_pool.at(*_LIMITS, resource),
                f"{node_pool} is limited to {resource} of {limits[resource]}, but its smallest node, {each.name}, has "
                f"{text}: it never makes one",
                label="below one node",
            )
