from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def instance_profile_missing(group: NodeGroup) -> Iterator[Finding]:
    """The nodes of a self-managed group get no instance profile.

    ## Why is this bad?
    Without an instance profile a node has no IAM identity: the kubelet cannot ask for a token, and nothing on the node
    can describe the cluster, pull images or give out addresses. It never joins.

    ## When it stays silent
    Managed node groups, whose profile EKS makes, and launch templates that are declared elsewhere.

    ## References
    - Amazon EKS user guide, launch self-managed nodes
    """
    if group.kind != "self-managed" or group.dialect != "cloudformation":
        return
    template = group.launch_template
    if template is None or template.has_profile:
        return
    # Groups that share the template have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        template.at("profile"),
        f"{template} names no instance profile: its nodes have no role, and cannot join",
        label="no IamInstanceProfile",
        help="add an AWS::IAM::InstanceProfile with the node role",
        related=[(group.at("launch_template"), f"{group} uses it")],
    )
