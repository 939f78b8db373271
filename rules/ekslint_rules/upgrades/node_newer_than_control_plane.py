from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._node_version import asked_version
from ekslint_rules.upgrades._skew import control_plane, versions_ahead


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
    asked = asked_version(group)
    if asked is None:
        return
    cluster = group.cluster
    version = control_plane(cluster)
    if version is None or cluster is None:
        return
    field, mine = asked
    if (versions_ahead(mine, version) or 0) > 0:
        yield Finding(
            group.at(field),
            f"{group} asks for Kubernetes {mine}, but {cluster} is {version}: nodes cannot be newer",
            label=f"newer than {version}",
            help="upgrade the cluster first",
            related=[(cluster.at("version"), f"Kubernetes {version}")],
        )
