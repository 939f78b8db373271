"""Pods that Fargate takes, and what its nodes are like."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ekslint import (
    Cluster,
    FargateProfile,
    Place,
    Placement,
    PodTemplate,
    Requirement,
    Taint,
    Workload,
    fargate,
    known,
    node_labels,
    node_taints,
    placement_of,
    placements_on,
)

FARGATE_TAINT = Taint(*node_taints.FARGATE_TAINT)
COMPUTE_TYPE = fargate.COMPUTE_TYPE_ANNOTATION
"""An annotation of pods, and a label of nodes."""

_FIXED = {COMPUTE_TYPE: "fargate", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}


def pods_on_fargate(cluster: Cluster, *, only_certain: bool = False) -> Iterator[tuple[Placement, FargateProfile]]:
    """The workloads that a Fargate profile takes for certain, if they go to the cluster; see `placements_on`."""
    if not cluster.fargate_profiles:
        return
    placements = placements_on(cluster, only_certain=only_certain)
    # Who speaks of what is certainly there may pass over the others; who says that nothing is may not.
    for placement in known(placements, _is_taken) if only_certain else filter(_is_taken, placements):
        profile = placement.fargate_profile
        if profile is not None:
            yield placement, profile


def may_be_on_fargate(workload: Workload) -> bool:
    """Whether a Fargate profile takes the pods of a workload, in any of the clusters that it may go to."""
    clusters = [cluster for cluster in workload.clusters if cluster.fargate_profiles]
    placements = (placement_of(workload, cluster) for cluster in clusters)
    return any(placement is not None and _is_taken(placement) for placement in placements)


def _is_taken(placement: Placement) -> bool:
    return placement.fargate_profile is not None


def is_whole(cluster: Cluster) -> bool:
    """Whether the files show all of a cluster, and do not merely add Fargate profiles to one."""
    return not (cluster.is_implicit or cluster.may_be_partial or cluster.has_unseen_pools)


def is_fargate_only(cluster: Cluster) -> bool:
    """Whether all pools of a cluster are Fargate profiles, and there is one."""
    pools = cluster.pools
    return bool(pools) and all(isinstance(pool, FargateProfile) for pool in pools)


def keeps_off_fargate(pod: PodTemplate) -> bool:
    """Whether the selector or the affinity of a pod excludes Fargate nodes."""
    selector = pod.node_selector
    if any(not _holds(Requirement(key, "In", (selector[key],))) for key in selector):
        return True
    terms = pod.required_node_affinity
    return terms is not None and all(any(not _holds(each) for each in term.match_expressions) for term in terms)


def asks_for_fargate(pod: PodTemplate) -> Place | None:
    """Where a pod says that it is meant for Fargate: a selector, a toleration, the label that names a profile."""
    if fargate.PROFILE_LABEL in pod.labels:
        return pod.at("labels", fargate.PROFILE_LABEL)
    selector = pod.node_selector
    if COMPUTE_TYPE in selector and selector[COMPUTE_TYPE] == "fargate":
        return pod.at("nodeSelector", COMPUTE_TYPE)
    for term in pod.required_node_affinity or ():
        for index, requirement in enumerate(term.match_expressions):
            if requirement.key == COMPUTE_TYPE and requirement.operator == "In" and requirement.values == ("fargate",):
                return term.at("matchExpressions", index, "values", 0)
    for index, toleration in enumerate(pod.tolerations):
        if toleration.key == COMPUTE_TYPE and toleration.tolerates(FARGATE_TAINT):
            return pod.at("tolerations", index, "key")
    return None


def _holds(requirement: Requirement) -> bool:
    """Whether a Fargate node may meet a requirement on labels."""
    key, operator = requirement.key, requirement.operator
    if node_labels.label_of(node_labels.PoolKind.FARGATE, key) is None:
        return operator in {"NotIn", "DoesNotExist"}
    if key in _FIXED:
        listed = _FIXED[key] in requirement.values
        return {"In": listed, "NotIn": not listed, "Exists": True}.get(operator, False)
    return operator != "DoesNotExist"


def selecting(placement: Placement) -> Iterator[FargateProfile]:
    """The profiles whose selectors name the pods of a workload, whatever else keeps them off Fargate."""
    namespace, labels = placement.workload.namespace, placement.workload.pod.labels
    for profile in placement.cluster.fargate_profiles:
        if any(
            fnmatchcase(namespace, selector.namespace)
            and all(key in labels and fnmatchcase(labels[key], selector.labels[key]) for key in selector.labels)
            for selector in profile.selectors
        ):
            yield profile
