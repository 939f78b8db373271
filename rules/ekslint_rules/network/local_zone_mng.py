from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, regions, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def local_zone_mng(group: NodeGroup) -> Iterator[Finding]:
    """A managed node group names a subnet in a local or Wavelength zone.

    ## Why is this bad?
    EKS refuses it: in such zones nodes manage themselves, or Karpenter or Auto Mode does.

    ## When it stays silent
    Subnets of which the files do not name the zone, self-managed groups, and eksctl files, of which `eksctl-ng-zones`
    tells.

    ## References
    - Amazon EKS user guide, launch low-latency EKS clusters with AWS Local Zones
    """
    if group.kind != "managed" or group.dialect == "eksctl":
        return
    for index, subnet in enumerate(group.subnets):
        if subnet.unknown("availability_zone") or subnet.availability_zone is None:
            continue
        kind = regions.zone_kind(subnet.availability_zone)
        if kind not in {regions.ZoneKind.LOCAL_ZONE, regions.ZoneKind.WAVELENGTH_ZONE}:
            continue
        yield Finding(
            group.at("subnets", index),
            f"{group} is managed, and {subnet} is in {subnet.availability_zone}, a {kind.value}: "
            "EKS manages no nodes there",
            label=f"in a {kind.value}",
            help="use self-managed nodes there, or Karpenter",
            related=[(subnet.at("availability_zone"), "this zone")],
        )
