from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Place, Severity, regions, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written
from ekslint_rules.eksctl import _reading as reading


@rule(Severity.ERROR, since="0.1.0", tags=("availability",), dialects=("eksctl",))
def eksctl_ng_zones(group: EksctlNodeGroup) -> Iterator[Finding]:
    """The zones and subnets that a node group asks for contradict each other.

    ## Why is this bad?
    eksctl takes either zones or subnets, and either availability zones or local zones. A group with EFA stands in one
    subnet, because its nodes share a cluster placement group. Managed groups cannot run in local zones at all. For a
    zone in which the cluster has no subnet eksctl finds none, after it has made the cluster.

    ## When it stays silent
    Subnets by ID, whose zone the file does not tell. Files that say nothing of the cluster's zones, which eksctl then
    chooses. Zones of another region are the matter of `region-account-mismatch`.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase, ValidateNodeGroup
    - eksctl, pkg/vpc/vpc.go: SelectNodeGroupSubnets, selectNodeGroupZoneSubnets
    - Amazon EKS user guide, local zones: self-managed nodes alone
    """
    zones, subnets = (written.is_filled(group, key) for key in ("availabilityZones", "subnets"))
    if zones and subnets:
        yield Finding(
            group.at("availabilityZones", key=True),
            f"{group} names availability zones and subnets, and eksctl takes one of the two",
            label="beside subnets",
            help="keep the subnets: they tell the zones",
            related=[(group.at("subnets", key=True), "the subnets")],
            discriminator="subnets",
        )
    if zones and not group.is_managed and written.is_filled(group, "localZones"):
        yield Finding(
            group.at("localZones", key=True),
            f"{group} names availability zones and local zones, and eksctl takes one of the two",
            label="beside availabilityZones",
            help="make a group of its own for the local zones",
            related=[(group.at("availabilityZones", key=True), "the availability zones")],
        )
    if written.is_true(group, "efaEnabled"):
        for key in ("availabilityZones", "subnets"):
            count = len(written.texts(group, key))
            if count > 1:
                yield Finding(
                    group.at(key, key=True),
                    f"{group} uses EFA, whose nodes stand in one zone, but names {count} {_WORDS[key]}",
                    label="one at most with EFA",
                    help="name one, and make a group for each further zone",
                    related=[(group.at("efaEnabled"), "EFA")],
                    discriminator="efa",
                )
    if zones and not subnets:
        yield from _without_subnets(group)
    if group.is_managed:
        yield from _local_zones(group)


_WORDS = {"availabilityZones": "availability zones", "subnets": "subnets"}


def _without_subnets(group: EksctlNodeGroup) -> Iterator[Finding]:
    served = _zones_of_cluster(group)
    region = regions.region_of_zone(next(iter(served), ""))
    for index, zone in written.indexed(group, "availabilityZones") if served else ():
        if zone not in served and regions.region_of_zone(zone) == region and not _is_local(zone):
            yield Finding(
                group.at("availabilityZones", index),
                f"{group} is to be in {zone}, but {group.cluster} has its subnets in {enumerated(list(served))}",
                label="no subnet there",
                help="name zones of the cluster",
                related=[(place, "where the cluster is") for place in list(served.values())[:1]],
                discriminator=zone,
            )


def _zones_of_cluster(group: EksctlNodeGroup) -> dict[str, Place]:
    """The zones that eksctl chooses from for a group, each with where it stands; none where the file does not tell."""
    config = group.config
    if reading.is_on_outposts(config) is not False:
        return {}
    if reading.is_given(config, "availabilityZones"):
        whole = reading.knows_all_items(config, "availabilityZones")
        return {zone: config.at(*path) for path, zone in reading.texts(config, "availabilityZones")} if whole else {}
    side = ("vpc", "subnets", "private" if reading.flag(group, "privateNetworking") else "public")
    listed = reading.written(config, *side)
    if reading.is_unknown(group, "privateNetworking") or config.unknown(*side, "") or not isinstance(listed, dict):
        return {}
    places = {reading.text(config, *side, alias, "az") or alias: config.at(*side, alias, key=True) for alias in listed}
    return places if all(regions.region_of_zone(zone) for zone in places) else {}


def _local_zones(group: EksctlNodeGroup) -> Iterator[Finding]:
    for index, zone in written.indexed(group, "availabilityZones"):
        if _is_local(zone):
            yield Finding(
                group.at("availabilityZones", index),
                f"{group} is a managed node group, which cannot run in the local zone {zone}",
                label="a local zone",
                help="make it a self-managed group (nodeGroups) with localZones",
            )
    for index, subnet in written.indexed(group, "subnets"):
        for topology in ("private", "public"):
            path = ("vpc", "subnets", topology, subnet, "az")
            place = reading.text(group.config, *path)
            if place is not None and _is_local(place):
                yield Finding(
                    group.at("subnets", index),
                    f"{group} is a managed node group, which cannot run in subnet {subnet} of the local zone {place}",
                    label="in a local zone",
                    help="make it a self-managed group (nodeGroups)",
                    related=[(group.config.at(*path), f"the zone of {subnet}")],
                )
                break


def _is_local(zone: str) -> bool:
    return regions.zone_kind(zone) is regions.ZoneKind.LOCAL_ZONE
