from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule, some
from ekslint_rules.network._security_groups import are_all_declared, declared_security_groups, lets_itself_in


@rule(Severity.WARNING, since="0.1.0", tags=("accelerators", "network"))
def efa_config(group: NodeGroup) -> Iterator[Finding]:
    """Nodes with Elastic Fabric Adapters lack what these need.

    ## Why is this bad?
    An instance type without EFA is not launched at all. Between adapters passes only what a security group lets in from
    itself, all protocols of it, and nothing passes from one availability zone to another: jobs on several nodes then
    hang, or fall back to TCP.

    ## When it stays silent
    Security groups of other templates, and types that are known only at deployment. eksctl adds the security group and
    a placement group, and takes one subnet.

    ## References
    - Amazon EKS user guide, run machine learning training on Amazon EKS with Elastic Fabric Adapter
    - Amazon EC2 user guide, Elastic Fabric Adapter: supported instance types, EFA-enabled security group, limitations
    - eksctl, pkg/cfn/builder/network_interfaces.go
    """
    if not group.uses_fabric_adapter:
        return
    for index, name in enumerate(() if group.unknown("instance_types") else group.instance_types):
        found = instance_types.instance_type(name)
        if found is not None and not found.supports_efa:
            yield Finding(
                group.at("instance_types", index),
                f"{group} has Elastic Fabric Adapters, which {name} does not support: it is not launched",
                label="without EFA",
                help="use a type with EFA, as c5n.18xlarge or p5.48xlarge",
                related=[(group.at("uses_fabric_adapter"), "EFA")],
                severity=Severity.ERROR,
                discriminator="type",
            )
    if group.dialect != "cloudformation":
        return
    yield from _zones(group)
    groups = declared_security_groups(group)
    if are_all_declared(group) and not some(groups, lets_itself_in):
        yield Finding(
            group.at("security_groups", 0),
            f"{group} has Elastic Fabric Adapters, but none of its security groups lets in all traffic from itself",
            label="not open to itself",
            help="add a rule with IpProtocol -1 and the security group itself as the source, for ingress and egress",
            related=[(each.at("ingress"), f"{each}") for each in groups],
            discriminator="security group",
        )


def _zones(group: NodeGroup) -> Iterator[Finding]:
    zones = None if group.unknown("availability_zones") else group.availability_zones
    if zones is not None and len(zones) > 1:
        yield Finding(
            group.at("subnets"),
            f"{group} has Elastic Fabric Adapters in {len(zones)} availability zones, between which they do not reach",
            label=f"{len(zones)} zones",
            help="use subnets of one zone, and a cluster placement group",
            related=[(group.at("uses_fabric_adapter"), "EFA")],
            discriminator="zones",
        )
