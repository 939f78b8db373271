from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, cni_settings_of, instance_types, rule, vpc_cni

_LEAST_PODS = 12
"""Eight for applications beside four that run on every node: aws-node, kube-proxy, a CSI driver, an agent."""
_TINY_MEMORY_MIB = 2048


@rule(Severity.WARNING, since="0.1.0", tags=("cost", "scheduling"), dialects=("eksctl", "cloudformation"))
def tiny_instance(group: NodeGroup) -> Iterator[Finding]:
    """The nodes of a group have room for hardly more than what runs on every node.

    ## Why is this bad?
    The kubelet keeps 255 MiB and 11 MiB a pod, and a node has as many pods as its network interfaces have addresses: 4
    on t3.micro, 11 on t3.small. What runs on every node (aws-node, kube-proxy, CSI drivers, agents) takes most of that.

    ## When it stays silent
    Groups with a larger type among others; tainted groups, which are there for pods of which somebody knows the size.
    Types with more than 2 GiB of memory where `maxPods`, prefix delegation or IPv6 allow more pods, or where the
    cluster is declared elsewhere. A `maxPods` below 1, which is another mistake. Advice outside production.

    ## References
    - Amazon EKS user guide, choose an optimal Amazon EC2 node instance type
    - Amazon EKS AMI, nodeadm: maximum pods and reserved memory
    """
    names = list(group.instance_types)
    types = [found for name in names if (found := instance_types.instance_type(name)) is not None]
    if not types or len(types) < len(names) or any(taint.is_hard for taint in group.taints):
        return
    cluster = None if group.unknown("cluster") else group.cluster
    largest = max(types, key=lambda each: (each.memory_mib, each.max_pods))
    if largest.memory_mib <= _TINY_MEMORY_MIB:
        limit = f"{largest.memory_mib / 1024:g} GiB of memory"
    elif 0 < (pods := _most_pods(group, cluster, types)) < _LEAST_PODS:
        limit = f"addresses for {pods} pods"
    else:
        return
    place = group.at("instance_types", names.index(largest.name))
    yield Finding(
        place if place.is_written else group.at("instance_types"),
        f"each node of {group} is a {largest}{' at best' if len(types) > 1 else ''} with {limit}, "
        "of which what runs on every node takes a large part",
        label="hardly room for applications",
        help="use larger instance types, and fewer of them",
        lower=cluster.tolerance if cluster is not None else 0,
    )


def _most_pods(group: NodeGroup, cluster: Cluster | None, types: list[instance_types.InstanceType]) -> int:
    if group.max_pods is not None:
        return group.max_pods
    has_prefixes = cluster is None or _may_have_prefixes(cluster)
    return max(each.max_pods_with_prefix_delegation if has_prefixes else each.max_pods for each in types)


def _may_have_prefixes(cluster: Cluster) -> bool:
    """Whether interfaces have prefixes in place of addresses; who declares a cluster elsewhere may do it there."""
    if cluster.is_implicit or cluster.ip_family == "IPv6":
        return True
    settings = cni_settings_of(cluster)
    return settings is not None and settings.is_on(vpc_cni.PREFIX_DELEGATION)
