from collections.abc import Iterator, Sequence

from ekslint import Finding, Ingress, Severity, Subnet, network_limits, regions, rule

_SUBNETS = "alb.ingress.kubernetes.io/subnets"


@rule(Severity.ERROR, since="0.1.0", tags=("network",))
def alb_two_az(ingress: Ingress) -> Iterator[Finding]:
    """The Application Load Balancer of an Ingress gets subnets in fewer than two availability zones.

    ## Why is this bad?
    Elastic Load Balancing refuses to make it, and the Ingress never gets an address.

    ## When it stays silent
    Subnets in local zones or on Outposts, where one is enough, as far as the files tell; two or more subnets of which
    they do not tell the zones. A warning for a single one of which they do not.

    ## References
    - Amazon EKS user guide, route application and HTTP traffic with Application Load Balancers
    - AWS Load Balancer Controller, Ingress annotations: subnets
    """
    annotations = ingress.annotations
    if _SUBNETS not in annotations:
        return
    written = annotations[_SUBNETS]
    names = list(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
    if not names or "{{" in written or "$" in written:
        return
    found = [_subnet(name, ingress.estate.of(Subnet)) for name in names]
    if any(subnet is not None and _is_special(subnet) for subnet in found):
        return
    zones = {
        subnet.availability_zone
        for subnet in found
        if subnet is not None and not subnet.unknown("availability_zone") and subnet.availability_zone is not None
    }
    complete = all(subnet is not None and not subnet.unknown("availability_zone") for subnet in found)
    least = network_limits.ZONES_OF_APPLICATION_LOAD_BALANCER
    if len(names) >= least and (not complete or len(zones) != 1):
        return
    what = f"the subnet {names[0]} alone" if len(names) == 1 else f"{len(names)} subnets, all in {min(zones)}"
    yield Finding(
        ingress.at("annotations", _SUBNETS),
        f"the load balancer of {ingress} gets {what}: it needs subnets in two availability zones",
        label="one zone",
        help="name subnets in two zones, or leave the annotation out and tag the subnets",
        notes=() if complete else ("one subnet is enough in a local zone and on an Outpost",),
        severity=None if complete else Severity.WARNING,
    )


def _subnet(name: str, subnets: Sequence[Subnet]) -> Subnet | None:
    return next((each for each in subnets if not each.unknown("identifier") and each.identifier == name), None)


def _is_special(subnet: Subnet) -> bool:
    """Whether it is in a local or Wavelength zone, which has no second one beside it."""
    if subnet.unknown("availability_zone") or subnet.availability_zone is None:
        return False
    return regions.zone_kind(subnet.availability_zone) in {
        regions.ZoneKind.LOCAL_ZONE,
        regions.ZoneKind.WAVELENGTH_ZONE,
    }
