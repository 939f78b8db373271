from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def node_ssh_open_world(group: NodeGroup) -> Iterator[Finding]:
    """SSH to the nodes of a group is open to the internet.

    ## Why is this bad?
    Without source security groups EKS and eksctl open port 22 of the nodes to 0.0.0.0/0.

    ## When it stays silent
    With source security groups; in eksctl with `privateNetworking`, where only the VPC may connect; self-managed
    groups of a template and keys in a launch template, where the security groups decide.

    ## References
    - Amazon EKS API reference, RemoteAccessConfig
    - eksctl, pkg/cfn/builder/managed_launch_template.go
    - EKS best practices guide, security, infrastructure: use Session Manager in place of SSH
    """
    if group.dialect == "eksctl":
        if group.uses_private_networking:
            return
    elif group.kind != "managed":
        return
    if not group.ssh_allowed or group.ssh_source_security_groups:
        return
    yield Finding(
        group.at("ssh_allowed"),
        f"SSH to the nodes of {group} is open to 0.0.0.0/0",
        label="no source security groups",
        help="name source security groups, or use Session Manager and no key at all",
    )
