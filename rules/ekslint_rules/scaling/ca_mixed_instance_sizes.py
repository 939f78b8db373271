from collections.abc import Iterator, Sequence

from ekslint import Finding, NodeGroup, Severity, instance_types, rule
from ekslint_rules.scaling._cluster_autoscaler import scales

_LARGEST_RATIO = 1.25


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation"))
def ca_mixed_instance_sizes(group: NodeGroup) -> Iterator[Finding]:
    """A node group that the Cluster Autoscaler scales mixes instance types of different sizes.

    ## Why is this bad?
    The Cluster Autoscaler takes every node of a group for the first of its types. Where EC2 launches a smaller one, the
    pods that it was meant for stay Pending; where it launches a larger one, the rest of it is wasted.

    ## When it stays silent
    Types whose CPU and memory differ by a quarter at most, as m5.large and m4.large; groups of one size; clusters with
    Karpenter or Auto Mode; types that EC2 chooses by attributes. Advice only where nothing tells that the Cluster
    Autoscaler scales the group.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup; using mixed instances policies and Spot instances
    - EKS best practices guide, Cluster Autoscaler: configuring your node groups
    """
    types = [found for name in group.instance_types if (found := instance_types.instance_type(name)) is not None]
    if len(types) < 2 or not (_differ([each.vcpus for each in types]) or _differ([each.memory_mib for each in types])):
        return
    is_scaled = scales(group)
    if not is_scaled and not _may_be_scaled(group):
        return
    first = types[0]
    other = max(types[1:], key=lambda each: _distance(each, first))
    place = group.at("instance_types", list(group.instance_types).index(other.name))
    yield Finding(
        place if place.is_written else group.at("instance_types"),
        f"{group} mixes {_described(first)} and {_described(other)}, but the Cluster Autoscaler"
        f"{'' if is_scaled else ', if that scales it,'} takes every node of it for the first: "
        f"{_consequence(first, other)}",
        label=f"not the size of {first}",
        help="list types of one size, as m5.large, m5a.large and m6i.large, and make a group for each other size",
        lower=int(not is_scaled),
    )


def _may_be_scaled(group: NodeGroup) -> bool:
    """Whether nothing speaks against a Cluster Autoscaler that is not in the files."""
    cluster = None if group.unknown("cluster") else group.cluster
    if group.max_size <= group.min_size or group.scaling_policies or cluster is None:
        return False
    if cluster.is_implicit or cluster.estate.has_evidence_of("cluster-autoscaler", cluster):
        return False
    return cluster.auto_mode is None and not cluster.karpenter_pools and not cluster.has_unseen_pools


def _differ(amounts: Sequence[int]) -> bool:
    return max(amounts) > min(amounts) * _LARGEST_RATIO


def _distance(one: instance_types.InstanceType, other: instance_types.InstanceType) -> float:
    """By which factor two types differ most, in CPU or memory."""
    pairs = ((one.vcpus, other.vcpus), (one.memory_mib, other.memory_mib))
    return max(max(pair) / min(pair) for pair in pairs)


def _described(machine: instance_types.InstanceType) -> str:
    vcpus = "1 vCPU" if machine.vcpus == 1 else f"{machine.vcpus} vCPUs"
    return f"{machine} ({vcpus}, {machine.memory_mib / 1024:g} GiB)"


def _consequence(first: instance_types.InstanceType, other: instance_types.InstanceType) -> str:
    if other.vcpus < first.vcpus or other.memory_mib < first.memory_mib:
        return f"pods may find no room on the {other} that was added for them"
    return f"most of each {other} may be left over"
