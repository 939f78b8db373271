from collections.abc import Iterator

from ekslint import (
    Cluster,
    Finding,
    NodeGroup,
    Severity,
    ami_families,
    cni_settings_of,
    instance_types,
    rule,
    vpc_cni,
)


@rule(Severity.ERROR, since="0.1.0", tags=("network",))
def ipv6_node_requirements(subject: Cluster | NodeGroup) -> Iterator[Finding]:
    """Nodes of an IPv6 cluster are Windows, of a type without Nitro, or have a VPC CNI set up for IPv4.

    ## Why is this bad?
    In IPv6 clusters the VPC CNI gives each node a prefix of addresses, which only Nitro instances take, and EKS does
    not support Windows there. Nor does the VPC CNI start with custom networking, or without prefixes. Pods of such
    nodes get no addresses.

    ## When it stays silent
    Types that are not in the tables, and groups that select types by attributes. Whether the nodes' role is for IPv6
    is the matter of `node-role-missing-cni-policy`.

    ## References
    - Amazon EKS user guide, learn about IPv6 addresses to clusters, Pods, and Services
    - EKS best practices guide, networking, running IPv6 clusters
    - amazon-vpc-cni-k8s, pkg/ipamd/ipamd.go (isConfigValid)
    """
    if isinstance(subject, Cluster):
        yield from _of_cni(subject)
    else:
        yield from _of_group(subject)


def _of_cni(cluster: Cluster) -> Iterator[Finding]:
    if cluster.is_implicit or cluster.ip_family.lower() != "ipv6":
        return
    settings = cni_settings_of(cluster)
    if settings is None:
        return
    for variable, is_wrong, what in (
        (vpc_cni.CUSTOM_NETWORKING, settings.is_on(vpc_cni.CUSTOM_NETWORKING), "uses custom networking"),
        (vpc_cni.PREFIX_DELEGATION, not settings.is_on(vpc_cni.PREFIX_DELEGATION), "is to do without prefixes"),
    ):
        if is_wrong and variable in settings.environment:
            yield Finding(
                settings.places[variable],
                f"the VPC CNI of {cluster} {what}, with which it does not start for IPv6: no pod gets an address",
                label="not with IPv6",
                help=f"leave {variable} out",
                related=[(cluster.at("ip_family"), "an IPv6 cluster")],
                discriminator=variable,
            )


def _of_group(group: NodeGroup) -> Iterator[Finding]:
    cluster = group.cluster
    if cluster is None or cluster.ip_family.lower() != "ipv6":
        return
    family = None if group.unknown("ami_family") else group.ami_family
    facts = ami_families.from_eksctl(family) if family is not None else None
    if facts is not None and facts.is_windows:
        yield Finding(
            group.at("ami_family"),
            f"{group} has Windows nodes, which cannot join {cluster}: it uses IPv6",
            label="not with IPv6",
            related=[(cluster.at("ip_family"), "an IPv6 cluster")],
            discriminator="windows",
        )
    if group.instance_requirements is not None:
        return
    for index, name in enumerate(group.instance_types):
        known = instance_types.instance_type(name)
        if known is None or known.hypervisor != "xen":
            continue
        place = group.at("instance_types", index)
        yield Finding(
            place if place.is_written else group.at("instance_types"),
            f"{name} of {group} takes no prefixes, which pods of {cluster} need for IPv6: it is no Nitro type",
            label="not with IPv6",
            help="take a newer type, as m5.large",
            related=[(cluster.at("ip_family"), "an IPv6 cluster")],
            discriminator=name,
        )
