"""Security groups for pods: what a SecurityGroupPolicy asks of pods and nodes."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ekslint import (
    Cluster,
    Container,
    FargateProfile,
    Finding,
    HybridNodes,
    KubernetesObject,
    LabelSelector,
    NodeGroup,
    Workload,
    cni_settings_of,
    instance_types,
    network_limits,
    vpc_cni,
)
from ekslint_rules.upgrades._component_versions import Version, parse_version, version_text

_GROUPS = ("spec", "securityGroups", "groupIds")


def problems_of_policy(policy: KubernetesObject) -> Iterator[Finding]:
    """What is wrong with a SecurityGroupPolicy itself, or with the pods that it selects."""
    groups = () if policy.unknown(*_GROUPS) else policy.sequence(*_GROUPS)
    most = network_limits.MAX_SECURITY_GROUPS_PER_POD
    if len(groups) > most:
        yield Finding(
            policy.at(*_GROUPS, most),
            f"{policy} gives pods {len(groups)} security groups, and an interface takes {most}",
            label=f"more than {most}",
            discriminator="number",
        )
    for workload in _selected(policy):
        if workload.pod.is_windows:
            yield Finding(
                workload.at("name"),
                f"{policy} selects {workload}, whose pods run on Windows: they get no security groups of their own",
                label="Windows pods",
                help="keep the policy to Linux pods",
                related=[(policy.at("spec", "podSelector"), "this policy selects them")],
            )
        elif workload.pod.termination_grace_period == 0:
            yield from _grace_period(policy, workload)


def is_for_fargate(policy: KubernetesObject, cluster: Cluster) -> bool:
    """Whether the pods of a policy may run on Fargate, where the VPC CNI and instance types do not matter."""
    return any(
        fnmatchcase(policy.namespace, selector.namespace)
        for profile in cluster.fargate_profiles
        for selector in profile.selectors
    )


def groups_without_branches(cluster: Cluster) -> list[NodeGroup]:
    """All node groups of a cluster if no node of it can have branch interfaces, as far as is known; else none."""
    if cluster.has_unseen_pools:
        return []
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile | HybridNodes)]
    groups = [pool for pool in pools if isinstance(pool, NodeGroup)]
    return groups if len(groups) == len(pools) and all(_lacks_branches(group) for group in groups) else []


def _lacks_branches(group: NodeGroup) -> bool:
    if group.unknown("instance_types") or not group.instance_types:
        return False
    found = [instance_types.instance_type(name) for name in group.instance_types]
    return all(each is not None and each.supports_pod_security_groups is False for each in found)


def _selected(policy: KubernetesObject) -> Iterator[Workload]:
    if policy.get("spec", "serviceAccountSelector") is not None:
        return
    selector = LabelSelector(policy, ("spec", "podSelector"))
    for workload in policy.beside(Workload):
        if policy.shares_namespace(workload) and selector.selects(workload.pod) and not workload.pod.uses_host_network:
            yield workload


def _grace_period(policy: KubernetesObject, workload: Workload) -> Iterator[Finding]:
    cluster = policy.cluster
    version = None if cluster is None else _version(cluster)
    if version is not None and version <= vpc_cni.LAST_NEEDING_GRACE_PERIOD:
        yield Finding(
            workload.pod.at("terminationGracePeriodSeconds"),
            f"{policy} selects {workload}, whose pods end without a grace period: VPC CNI {version_text(version)} "
            "then leaves their network behind",
            label="no time to clean up",
            help=f"upgrade the VPC CNI beyond {version_text(vpc_cni.LAST_NEEDING_GRACE_PERIOD)}, or allow some seconds",
            related=[(policy.at("spec", "podSelector"), "this policy selects them")],
        )


def _version(cluster: Cluster) -> Version | None:
    """The version of the VPC CNI: the add-on's, or that of the image of its DaemonSet; None where nothing tells."""
    settings = cni_settings_of(cluster)
    if settings is None:
        return None
    if settings.addon is not None:
        return parse_version(settings.addon.version or "")
    containers: list[Container] = list(settings.daemon_set.pod.containers) if settings.daemon_set is not None else []
    tags = (each.image_reference for each in containers if each.name == vpc_cni.DAEMON_SET)
    return next((parse_version(image.tag) for image in tags if image is not None and image.tag), None)
