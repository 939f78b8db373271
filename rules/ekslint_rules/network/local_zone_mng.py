from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Severity, Subnet, enumerate_known, regions, rule


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
    for index, subnet in enumerate_known(group.subnets):
        place, zone, kind = _zone(subnet)
        if kind not in {regions.ZoneKind.LOCAL_ZONE, regions.ZoneKind.WAVELENGTH_ZONE}:
            continue
        yield Finding(
            group.at("subnets", index),
            f"{group} is managed, and {subnet} is in {zone}, a {kind.value}: EKS manages no nodes there",
            label=f"in a {kind.value}",
            help="use self-managed nodes there, or Karpenter",
            related=[(place, "this zone")],
        )


def _zone(subnet: Subnet) -> tuple[Place, str | None, regions.ZoneKind | None]:
    """Where a subnet names its zone, by name or ID, and what kind of zone that is."""
    if not subnet.unknown("zone_id") and subnet.zone_id is not None:
        return subnet.at("zone_id"), subnet.zone_id, regions.zone_id_kind(subnet.zone_id)
    place = subnet.at("availability_zone")
    name = None if subnet.unknown("availability_zone") else subnet.availability_zone
    return place, name, None if name is None else regions.zone_kind(name)
