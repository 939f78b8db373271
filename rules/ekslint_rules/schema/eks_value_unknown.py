from collections.abc import Iterator, Sequence

from ekslint import Addon, Cluster, Finding, NodeGroup, Place, Severity, ami_families, aws_enums, nearest, rule


@rule(Severity.ERROR, since="0.1.0", tags=("schema",), dialects=("cloudformation",))
def eks_value_unknown(subject: Cluster | NodeGroup | Addon) -> Iterator[Finding]:
    """A property of a cluster, node group or add-on has a value that EKS does not know.

    ## Why is this bad?
    The API compares these names letter by letter: `spot` is not `SPOT`, and `AL2023_x86_64` is no AMI type. The stack
    fails and rolls back, often only after the cluster was made, and what hangs on the value is not checked before.

    ## When it stays silent
    What a parameter without a default or another stack fills in. In ClusterConfigs eksctl's own rules speak. Of taints
    `taint-effect-invalid` does, of access entries `access-entry-type`. AMI types are a warning only, since AWS adds
    new ones.

    ## References
    - Amazon EKS API reference, CreateCluster, CreateNodegroup, CreateAddon
    - AWS CloudFormation, AWS::EKS::Cluster, AWS::EKS::Nodegroup, AWS::EKS::Addon
    """
    if subject.dialect != "cloudformation":
        return
    if isinstance(subject, NodeGroup):
        yield from _of_group(subject)
    elif isinstance(subject, Addon):
        if not subject.unknown("resolve_conflicts"):
            place = subject.at("resolve_conflicts")
            yield from _unless_known(
                subject, "ResolveConflicts", subject.resolve_conflicts, _values("ResolveConflicts"), place
            )
    else:
        yield from _of_cluster(subject)


def _of_group(group: NodeGroup) -> Iterator[Finding]:
    if group.kind != "managed":
        return
    if not group.unknown("capacity_type"):
        place = group.at("capacity_type")
        yield from _unless_known(group, "CapacityType", group.capacity_type, _values("CapacityTypes"), place)
    if not group.unknown("ami_type"):
        place, known = group.at("ami_type"), ami_families.ami_types()
        yield from _unless_known(group, "AmiType", group.ami_type, known, place, Severity.WARNING)
    if not group.unknown("update_config") and group.update_config is not None:
        strategy = group.update_config.get("updateStrategy")
        place = group.at("update_config", "updateStrategy")
        yield from _unless_known(group, "UpdateStrategy", strategy, _values("NodegroupUpdateStrategies"), place)


def _of_cluster(cluster: Cluster) -> Iterator[Finding]:
    if not cluster.unknown("authentication_mode"):
        place = cluster.at("authentication_mode")
        yield from _unless_known(
            cluster, "AuthenticationMode", cluster.authentication_mode, _values("AuthenticationMode"), place
        )
    if not cluster.unknown("support_type"):
        yield from _unless_known(
            cluster, "SupportType", cluster.support_type, _values("SupportType"), cluster.at("support_type")
        )
    if not cluster.unknown("ip_family"):
        # The model writes the two families as eksctl does.
        family, place = cluster.ip_family.lower(), cluster.at("ip_family")
        yield from _unless_known(cluster, "IpFamily", family, _values("IpFamily"), place)
    if not cluster.unknown("log_types"):
        for index, log_type in enumerate(cluster.log_types):
            yield from _unless_known(cluster, "log type", log_type, _values("LogType"), cluster.at("log_types", index))


def _values(enumeration: str) -> Sequence[str]:
    """The values that the EKS API has for something, by the API's name of it."""
    return aws_enums.enumeration(f"eks.{enumeration}")


def _unless_known(
    subject: Cluster | NodeGroup | Addon,
    name: str,
    value: object,
    known: Sequence[str],
    place: Place,
    severity: Severity | None = None,
) -> Iterator[Finding]:
    if not isinstance(value, str) or value in known:
        return
    meant = nearest(value, known)
    choices = (
        f"use one of {', '.join(known)}" if len(known) < 6 else "see the API reference for the names that there are"
    )
    yield Finding(
        place,
        f"{subject} has the {name} {value}, which EKS does not know",
        label=f"did you mean {meant}?" if meant else "unknown",
        help=f"write {meant}" if meant else choices,
        severity=severity,
        discriminator=name,
    )
