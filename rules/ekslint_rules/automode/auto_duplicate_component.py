from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, addons, rule
from ekslint_rules._installations import installed_on
from ekslint_rules.automode._auto import is_auto_only, shows_no_other_nodes

_KARPENTER = "karpenter"
_PARTS = (
    "aws-ebs-csi-driver",
    "aws-load-balancer-controller",
    "coredns",
    "eks-node-monitoring-agent",
    "eks-pod-identity-agent",
    _KARPENTER,
    "kube-proxy",
    "nvidia-device-plugin",
    "neuron-device-plugin",
    "vpc-cni",
)


@rule(Severity.WARNING, since="0.1.0", tags=("automode",), dialects=("eksctl", "cloudformation", "kubernetes"))
def auto_duplicate_component(cluster: Cluster) -> Iterator[Finding]:
    """A component is installed that Auto Mode already has as a part of its nodes or of the control plane.

    ## Why is this bad?
    Auto Mode runs networking, DNS, block storage, load balancing, Pod Identity, node monitoring, device plugins and
    scaling itself. A second one costs resources, may fight over the same objects, and its pods find no nodes that they
    were made for.

    ## When it stays silent
    Clusters that also have node groups, Fargate profiles or hybrid nodes, which need the components. The core add-ons
    of eksctl, which the rule eksctl-automode tells. Clusters that exist already and may have other nodes. Beside an
    installed Karpenter, which may make nodes that need them, only Karpenter itself is told.

    ## References
    - Amazon EKS user guide, Amazon EKS add-ons: considerations for EKS Auto Mode
    - Amazon EKS user guide, automate cluster infrastructure with EKS Auto Mode
    """
    if not shows_no_other_nodes(cluster):
        return
    for name in _PARTS if is_auto_only(cluster) else (_KARPENTER,):
        if name in cluster.addons:
            addon = cluster.addons[name]
            if not (addon.dialect == "eksctl" and name in addons.CORE_ADDONS):
                yield Finding(
                    addon.at("name"),
                    f"the add-on {name} duplicates what Auto Mode does itself on {cluster}",
                    label="part of Auto Mode",
                    help="remove it, unless other kinds of nodes are to come",
                    related=[(cluster.at("auto_mode"), "Auto Mode is on")],
                    discriminator=name,
                )
            continue
        found = next(installed_on(name, cluster), None)
        if found is not None:
            yield Finding(
                found.at("metadata", "name") if found.dialect == "kubernetes" else found.at("name"),
                f"{found} installs {name}, which duplicates what Auto Mode does itself on {cluster}",
                label="part of Auto Mode",
                help="remove it, unless other kinds of nodes are to come",
                related=[(cluster.at("auto_mode"), "Auto Mode is on")],
                discriminator=name,
            )
