from collections.abc import Iterator

from ekslint import (
    Cluster,
    DaemonSet,
    FargateProfile,
    Finding,
    KarpenterPool,
    KubernetesObject,
    NodeGroup,
    Placement,
    Pool,
    Severity,
    Verdict,
    Workload,
    rule,
)
from ekslint_rules._installations import installed_on

_NAMESPACES = ("karpenter", "kube-system")


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("autoscaling", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def karpenter_controller_placement(subject: Cluster | Placement) -> Iterator[Finding]:
    """Karpenter's controller can run only on nodes that Karpenter itself makes.

    ## Why is this bad?
    The first node needs a running controller, and the controller needs a node: nothing starts. Later, Karpenter that
    takes away its own node takes itself away.

    ## When it stays silent
    A node group, hybrid nodes or Auto Mode beside the NodePools, and a Fargate profile for the controller's namespace.
    Clusters of which no pool is known. A warning for templates of CloudFormation, whose node groups are often in
    another stack; advice only where the files may merely add to an existing cluster.

    ## References
    - EKS best practices guide, Karpenter: run the controller on Fargate or on a node group
    """
    if isinstance(subject, Placement):
        yield from _of_workload(subject)
    else:
        yield from _of_cluster(subject)


def _of_workload(placement: Placement) -> Iterator[Finding]:
    workload, cluster = placement.workload, placement.cluster
    if not any(each is workload for each in cluster.estate.installations.get("karpenter", ())):
        return
    if not workload.has_replicas or placement.verdict is not Verdict.FITS:
        return
    pools = placement.possible
    if not all(_is_karpenters(pool) for pool in pools):
        return
    place = workload.pod.at("nodeSelector")
    yield Finding(
        place if place.is_written else workload.at("metadata", "name"),
        f"{workload} is Karpenter itself, and only nodes of {pools[0]} take it, which it has to make first",
        label="waits for itself",
        help="let it run on a node group or on Fargate",
        related=[(pool.at("name"), f"{pool} is made by Karpenter") for pool in pools],
        lower=_doubt(cluster),
    )


def _of_cluster(cluster: Cluster) -> Iterator[Finding]:
    installers = list(installed_on("karpenter", cluster))
    by_eksctl = cluster.karpenter_version is not None
    if (not installers and not by_eksctl) or cluster.has_hidden_parts or cluster.auto_mode is not None:
        return
    if any(isinstance(each, Workload) and not isinstance(each, DaemonSet) for each in installers):
        return  # its own pod template tells more
    pools = cluster.pools
    if not pools and not by_eksctl:
        return
    namespaces = {name for each in installers for name in _namespaces(each)} or set(_NAMESPACES)
    if any(_may_host(pool, namespaces) for pool in pools):
        return
    place = cluster.at("karpenter_version") if by_eksctl else installers[0].at()
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"{cluster} has no nodes but those that Karpenter makes, and so none for Karpenter itself",
        label="has nowhere to run",
        help="add a small node group for it, or a Fargate profile for its namespace",
        related=[(pool.at("name"), _why_not(pool)) for pool in pools],
        lower=_doubt(cluster),
    )


def _doubt(cluster: Cluster) -> int:
    """Steps for nodes that may be declared elsewhere."""
    if cluster.has_external_parts:
        return 2
    return 0 if cluster.dialect == "eksctl" else 1


def _is_karpenters(pool: Pool) -> bool:
    return isinstance(pool, KarpenterPool) and pool.kind == "karpenter"


def _why_not(pool: Pool) -> str:
    if _is_karpenters(pool):
        return f"{pool} needs a running Karpenter"
    return f"{pool} selects other namespaces" if isinstance(pool, FargateProfile) else f"{pool} has no nodes"


def _may_host(pool: Pool, namespaces: set[str]) -> bool:
    if isinstance(pool, FargateProfile):
        return any(_matches(selector.namespace, name) for selector in pool.selectors for name in namespaces)
    if isinstance(pool, NodeGroup) and not pool.unknown("max_size"):
        return pool.max_size > 0
    return not _is_karpenters(pool)


def _matches(glob: str, name: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(name, glob.replace("[", "[[]"))


def _namespaces(installer: object) -> Iterator[str]:
    """Where a release or an application puts it."""
    if not isinstance(installer, KubernetesObject):
        return
    if installer.group == "argoproj.io":
        target = installer.text("spec", "destination", "namespace")
    else:
        target = installer.text("spec", "targetNamespace") or installer.namespace
    if target is not None:
        yield target
