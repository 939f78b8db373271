from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, addons, rule
from ekslint_rules._wording import enumerated

_NETWORK = "vpc-cni"
_OTHER_NETWORKS = ("calico", "cilium")


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation"))
def addon_missing_core(cluster: Cluster) -> Iterator[Finding]:
    """A cluster gets no vpc-cni, kube-proxy or CoreDNS, or copies of them that nobody keeps up to date.

    ## Why is this bad?
    With `BootstrapSelfManagedAddons: false` EKS installs none of them, nor does eksctl with `disableDefaultAddons`:
    without a CNI no node becomes ready, without kube-proxy no Service is reached, without CoreDNS no name resolves.
    Otherwise EKS installs self-managed copies, which stay behind at every upgrade (advice).

    ## When it stays silent
    Auto Mode, which brings its own; Outposts, where EKS has none; a network plugin or copies of these components in the
    manifests; clusters of which other stacks or custom resources may be the owner. ClusterConfigs without vpc-cni:
    they leave the network to somebody else, or `eksctl-default-addons-disabled` speaks.

    ## References
    - Amazon EKS user guide, Amazon EKS add-ons
    - Amazon EKS API reference, CreateCluster
    - eksctl, creating a cluster without networking add-ons
    """
    if cluster.is_implicit or cluster.is_on_outpost or cluster.auto_mode is not None:
        return
    is_template = cluster.dialect == "cloudformation"
    missing = [
        name
        for name in addons.CORE_ADDONS
        # What eksctl installs by default is an add-on; what EKS does, a copy that nobody upgrades.
        if not (name in cluster.addons if is_template else cluster.has_addon(name))
        and not cluster.estate.has_evidence_of(name, cluster)
    ]
    if any(cluster.estate.has_evidence_of(name, cluster) for name in _OTHER_NETWORKS):
        missing = [name for name in missing if name == "coredns"]
    if not missing or (not is_template and _NETWORK in missing):
        return
    shown = enumerated(missing)
    if not is_template or not cluster.default_addons:
        yield Finding(
            cluster.at("default_addons"),
            f"{cluster} is created without the default add-ons, and nothing installs {shown}",
            label="no default add-ons",
            help="add an AWS::EKS::Addon for each" if is_template else "list them under addons, beside vpc-cni",
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
