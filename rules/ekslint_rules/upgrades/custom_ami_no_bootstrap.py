from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", dialects=("cloudformation",))
def custom_ami_no_bootstrap(group: NodeGroup) -> Iterator[Finding]:
    """A launch template brings its own image, but nothing in its user data joins the nodes to the cluster.

    ## Why is this bad?
    As soon as a launch template names an image, EKS adds nothing to its user data: without a call of bootstrap.sh, a
    NodeConfig or Bottlerocket's settings the nodes run and never join, and the node group fails after half an hour.

    ## When it stays silent
    User data that is known only at deploy time or runs something that is not in the files. A warning for self-managed
    groups, whose image may have been built to join by itself. In ClusterConfigs `eksctl-ami` speaks.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates
    """
    if group.dialect != "cloudformation":
        return
    template = group.launch_template
    if template is None or not template.has_own_image:
        return
    user_data = template.user_data
    if user_data is not None and (user_data.bootstrapper is not None or user_data.format == "cloud-config"):
        return
    # Groups that share the template have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        template.at("image") if user_data is None else template.at("user_data"),
        f"{template} has an image of its own, but "
        f"{'no user data' if user_data is None else 'its user data does not start the kubelet'}: nodes never join",
        label="no user data" if user_data is None else "joins no cluster",
        help="call /etc/eks/bootstrap.sh (Amazon Linux 2), or write a NodeConfig (Amazon Linux 2023) or "
        "[settings.kubernetes] (Bottlerocket)",
        related=[(group.at("launch_template"), f"{group} uses it")],
        lower=int(group.kind != "managed"),
    )
