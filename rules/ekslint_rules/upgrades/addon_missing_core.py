from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, addons, rule
from ekslint_rules._wording import enumerated

_OTHER_NETWORKS = ("calico", "cilium")


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("cloudformation",))
def addon_missing_core(cluster: Cluster) -> Iterator[Finding]:
    """A cluster gets no vpc-cni, kube-proxy or CoreDNS, or copies of them that nobody keeps up to date.

    ## Why is this bad?
    With `BootstrapSelfManagedAddons: false` EKS installs none of them: without a CNI no node becomes ready, without
    kube-proxy no Service is reached, without CoreDNS no name resolves. Otherwise it installs self-managed copies, which
    stay behind at every upgrade (advice).

    ## When it stays silent
    Auto Mode, which brings its own; Outposts, where EKS has none; a network plugin or copies of these components in the
    manifests; clusters of which other stacks or custom resources may be the owner. In ClusterConfigs `eksctl-default-
    addons-disabled` speaks.

    ## References
    - Amazon EKS user guide, Amazon EKS add-ons
    - Amazon EKS API reference, CreateCluster
    """
    if cluster.dialect != "cloudformation" or cluster.is_implicit or cluster.is_on_outpost:
        return
    if cluster.auto_mode is not None:
        return
    missing = [
        name
        for name in addons.CORE_ADDONS
        if name not in cluster.addons and not cluster.estate.has_evidence_of(name, cluster)
    ]
    if any(cluster.estate.has_evidence_of(name, cluster) for name in _OTHER_NETWORKS):
        missing = [name for name in missing if name == "coredns"]
    if not missing:
        return
    shown = enumerated(missing)
    if not cluster.default_addons:
        yield Finding(
            cluster.at("default_addons"),
            f"{cluster} is created without the default add-ons, and nothing installs {shown}",
            label="no default add-ons",
            help="add an AWS::EKS::Addon for each",
            lower=cluster.may_be_partial,
        )
    else:
        yield Finding(
            cluster.at("addons"),
            f"{cluster} gets self-managed copies of {shown}, which nobody upgrades with the cluster",
            label="no AWS::EKS::Addon",
            help="add an AWS::EKS::Addon for each",
            severity=Severity.INFO,
        )
