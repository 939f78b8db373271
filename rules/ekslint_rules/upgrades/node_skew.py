from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._skew import may_lag, skew_of


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation"))
def node_skew(group: NodeGroup) -> Iterator[Finding]:
    """The nodes of a group are too old for the version of their cluster.

    ## Why is this bad?
    A kubelet may be three minor versions older than the API server (two before 1.28). Beyond that nothing is promised,
    and EKS refuses to upgrade the control plane until the nodes have followed.

    ## When it stays silent
    Clusters that are declared elsewhere or leave the version to the tool. What the image itself tells is the matter of
    `ami-ssm-version-mismatch`.

    ## References
    - Kubernetes, version skew policy
    - EKS best practices guide, cluster upgrades
    """
    skew = skew_of(group)
    if skew is None:
        return
    cluster, version = skew.cluster, skew.control_plane
    behind, allowed = -skew.ahead, may_lag(version)
    if behind > allowed:
        yield Finding(
            skew.place,
            f"{group} runs Kubernetes {skew.mine}, {behind} minor versions behind {version} of {cluster}: at most "
            f"{allowed} are supported",
            label=f"{behind} versions behind",
            help="upgrade the nodes",
            related=[(cluster.at("version"), f"Kubernetes {version}")],
            rests_on=[cluster.at("version")],
        )
