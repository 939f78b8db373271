from collections.abc import Iterator

from ekslint import Cause, FargateProfile, Finding, Placement, Severity, fargate, nearest, rule, some
from ekslint_rules.fargate._pods import asks_for_fargate, is_fargate_only, is_whole

CAUSES = (Cause.NO_PROFILE_SELECTS,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("fargate", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def fargate_intent_unmatched(placement: Placement) -> Iterator[Finding]:
    """A workload is meant for Fargate, but no Fargate profile selects its pods.

    ## Why is this bad?
    Only the selectors of a profile bring a pod to Fargate: namespace and labels, as they are when it is created. A
    selector or a toleration for `eks.amazonaws.com/compute-type` does not, and leaves the pod Pending. In a cluster
    of nothing but Fargate profiles every pod that none of them selects is left over.

    ## When it stays silent
    Selectors of a profile that are known only at deploy time. Clusters without any profile, where the pod asks for the
    label of Fargate's nodes: that is `selector-key-not-on-pool-kind`. Without a sign that the workload is meant for
    Fargate: files that may only add profiles to a cluster, as a ClusterConfig without a version. A warning for a
    toleration, or the label `eks.amazonaws.com/fargate-profile`, where the pod can run on nodes instead, and for a
    manifest that names no namespace.

    ## References
    - Amazon EKS user guide, Fargate profiles: pod selectors
    """
    cluster, workload = placement.cluster, placement.workload
    if workload.kind == "DaemonSet":
        return
    place = asks_for_fargate(workload.pod)
    stuck = bool(placement.rejections(*CAUSES))
    profiles = cluster.fargate_profiles
    if not profiles and placement.cause is Cause.LABEL_OF_OTHER_KIND:
        return
    if place is None:
        if not (stuck and is_fargate_only(cluster) and is_whole(cluster)):
            return
        place = workload.at("namespace")
        place = place if place.is_written else workload.at("name")
        message = f"no Fargate profile of {cluster} selects {workload}, and there are no other nodes"
    elif placement.fargate_profile is not None or (not profiles and cluster.may_be_partial):
        return
    else:
        message = f"{workload} is meant for Fargate, but no Fargate profile of {cluster} selects it"
    yield Finding(
        place,
        message,
        label="no profile selects it",
        help=_help(placement, profiles),
        related=[(each.at("selectors"), f"{each}: {_reason(each, placement)}") for each in profiles],
        severity=None if stuck else Severity.WARNING,
        # Whoever applies a manifest without a namespace may choose one that a profile selects.
        lower=placement.doubt_steps + (None in workload.namespace_options),
    )


def _reason(profile: FargateProfile, placement: Placement) -> str:
    namespace = placement.workload.namespace
    if some(profile.selectors, lambda selector: selector.namespace == namespace):
        return "no selector matches the labels"
    return f"no selector matches namespace {namespace}"


def _help(placement: Placement, profiles: list[FargateProfile]) -> str | None:
    labels = placement.workload.pod.labels
    if fargate.PROFILE_LABEL in labels:
        meant = nearest(labels[fargate.PROFILE_LABEL], [each.name for each in profiles if each.name is not None])
        if meant is not None:
            return f"did you mean the profile {meant}?"
    names = [selector.namespace for profile in profiles for selector in profile.selectors]
    meant = nearest(placement.workload.namespace, names)
    if meant is not None:
        return f"did you mean namespace {meant}?"
    return f"add a selector for namespace {placement.workload.namespace} to a profile"
