from collections.abc import Iterator

from ekslint import Finding, NodeClassObject, NodePool, NodePoolObject, Severity, rule
from ekslint_rules.karpenter._versions import least_version, shown

_GONE = {"v1alpha5": (0, 33, 0), "v1alpha1": (0, 33, 0), "v1beta1": (1, 1, 0)}
_REPLACEMENTS = {
    "Provisioner": "NodePool of karpenter.sh/v1",
    "AWSNodeTemplate": "EC2NodeClass of karpenter.k8s.aws/v1",
}


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "upgrades"), dialects=("karpenter",))
def karpenter_old_api(object_: NodePoolObject | NodeClassObject) -> Iterator[Finding]:
    """An object of Karpenter is written for an API version that Karpenter has given up.

    ## Why is this bad?
    Provisioners and AWSNodeTemplates ended with Karpenter 0.33, `v1beta1` with 1.1. Newer releases do not know them:
    the manifest is refused, and the cluster has no pools.

    ## When it stays silent
    `v1`. Clusters whose Karpenter is declared, and old enough. Where nothing tells the version it counts one step
    less; the Kubernetes version tells the least one.

    ## References
    - Karpenter documentation, upgrade guide and v1 migration
    - Karpenter documentation, compatibility
    """
    gone = _GONE.get(object_.version)
    if gone is None:
        return
    is_auto = isinstance(object_, NodePool) and _is_of_auto_mode(object_)
    version = None if is_auto else least_version(object_.cluster)
    if version is not None and version < gone and _is_declared(object_):
        return
    certain = is_auto or (version is not None and version >= gone)
    replacement = _REPLACEMENTS.get(object_.kind, f"{object_.group}/v1")
    who = "Auto Mode has v1 only" if is_auto else f"Karpenter dropped it with {shown(gone)}"
    because = f", and {object_.cluster} needs {shown(version)} or later" if version is not None and certain else ""
    yield Finding(
        object_.at("apiVersion"),
        f"{object_} is written for {object_.api_version}: {who}{because}",
        label=f"gone since {shown(gone)}",
        help=f"migrate to {replacement}",
        lower=int(not certain),
    )


def _is_of_auto_mode(node_pool: NodePool) -> bool:
    path = ("spec", "template", "spec", "nodeClassRef", "apiVersion")
    if node_pool.unknown(*path) or node_pool.unknown("spec", "template", "spec", "nodeClassRef", "group"):
        return False
    return node_pool.is_auto_mode or (node_pool.text(*path) or "").startswith("eks.amazonaws.com/")


def _is_declared(object_: NodePoolObject | NodeClassObject) -> bool:
    return object_.cluster is not None and object_.cluster.karpenter_version is not None
