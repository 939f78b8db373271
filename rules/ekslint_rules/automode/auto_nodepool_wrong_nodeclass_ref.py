from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, rule
from ekslint_rules.automode._auto import AUTO_MODE_GROUP

_GONE = "AWSNodeTemplate"


@rule(Severity.ERROR, since="0.1.0", tags=("automode",))
def auto_nodepool_wrong_nodeclass_ref(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool on a cluster with Auto Mode refers to something else than a NodeClass of Auto Mode.

    ## Why is this bad?
    Auto Mode takes care of NodePools whose nodeClassRef has the group `eks.amazonaws.com` and the kind `NodeClass`. An
    EC2NodeClass is Karpenter's: without Karpenter nobody makes nodes for the pool.

    ## When it stays silent
    Clusters on which the files install Karpenter, and clusters without Auto Mode. Provisioners, which karpenter-old-api
    reports. Where an EC2NodeClass is in the files it counts one step less: Karpenter may be installed from elsewhere.

    ## References
    - Amazon EKS user guide, create a node pool for EKS Auto Mode
    - Amazon EKS user guide, migrate from Karpenter to EKS Auto Mode using kubectl
    """
    if pool.dialect != "karpenter" or pool.node_class_group is None or pool.node_class_kind in {None, _GONE}:
        return
    if pool.node_class_group == AUTO_MODE_GROUP:
        if pool.node_class_kind != "NodeClass":
            yield Finding(
                pool.at("node_class_kind"),
                f"{pool} refers to the kind {pool.node_class_kind} of {AUTO_MODE_GROUP}, which has NodeClass only",
                label="write NodeClass",
            )
        return
    cluster = pool.cluster
    if cluster is None or cluster.auto_mode is None or cluster.karpenter_version is not None:
        return
    if cluster.estate.has_evidence_of("karpenter", cluster):
        return
    yield Finding(
        pool.at("node_class_group"),
        f"{pool} refers to {pool.node_class_kind} of {pool.node_class_group}, but {cluster} runs Auto Mode, which "
        f"knows NodeClass of {AUTO_MODE_GROUP} only",
        label="not Auto Mode's",
        help=f"refer to a NodeClass: {{group: {AUTO_MODE_GROUP}, kind: NodeClass, name: …}}",
        related=[(cluster.at("auto_mode"), "Auto Mode is on")],
        lower=max(int(pool.node_class is not None), cluster.may_be_partial),
    )
