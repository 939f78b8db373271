from collections.abc import Iterator

from ekslint import Finding, Instance, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def standalone_worker_node(instance: Instance) -> Iterator[Finding]:
    """A worker node is a bare EC2 instance.

    ## Why is this bad?
    Nothing replaces the instance when it fails, nothing adds one when pods are pending, and every upgrade is by hand.

    ## When it stays silent
    Instances that do not join a cluster: neither a `kubernetes.io/cluster/…` tag nor user data that starts a kubelet.

    ## References
    - Amazon EKS user guide, manage compute resources by using nodes
    """
    yield Finding(
        instance.at("name"),
        f"{instance} joins a cluster as a single machine: nothing replaces it when it fails",
        label="no Auto Scaling group",
        help="use a managed node group, or put a launch template into an Auto Scaling group",
    )
