from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._skew import skew_of


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation"))
def node_newer_than_control_plane(group: NodeGroup) -> Iterator[Finding]:
    """A node group asks for a newer Kubernetes version than its cluster's.

    ## Why is this bad?
    The control plane is upgraded first: a kubelet must never be newer than the API server, and EKS refuses such a node
    group.

    ## When it stays silent
    Clusters that are declared elsewhere or leave the version to the tool. What the image itself tells is the matter of
    `ami-ssm-version-mismatch`.

    ## References
    - Kubernetes, version skew policy
    - EKS best practices guide, cluster upgrades
    """
    skew = skew_of(group)
    if skew is not None and skew.ahead > 0:
        cluster, version = skew.cluster, skew.control_plane
        yield Finding(
            skew.place,
            f"{group} asks for Kubernetes {skew.mine}, but {cluster} is {version}: nodes cannot be newer",
            label=f"newer than {version}",
            help="upgrade the cluster first",
            related=[(cluster.at("version"), f"Kubernetes {version}")],
            rests_on=[cluster.at("version")],
        )
