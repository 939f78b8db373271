from collections.abc import Iterator, Sequence

from ekslint import Finding, Ingress, KubernetesObject, Place, Severity, Subnet, network_limits, regions, rule

_SUBNETS = "alb.ingress.kubernetes.io/subnets"
_IDENTIFIERS = ("spec", "subnets", "ids")


@rule(Severity.ERROR, since="0.1.0", tags=("network",))
def alb_two_az(subject: Ingress | KubernetesObject) -> Iterator[Finding]:
    """The Application Load Balancer of an Ingress gets subnets in fewer than two availability zones.

    ## Why is this bad?
    Elastic Load Balancing refuses to make it, and the Ingress never gets an address. Where IngressClassParams name the
    subnets, that goes for every Ingress of the class.

    ## When it stays silent
    Subnets in local zones or on Outposts, where one is enough, as far as the files tell; two or more subnets of which
    they do not tell the zones. A warning for a single one of which they do not.

    ## References
    - Amazon EKS user guide, route application and HTTP traffic with Application Load Balancers
    - AWS Load Balancer Controller, Ingress annotations: subnets; IngressClassParams: subnets.ids
    """
    place, written = _written_subnets(subject)
    if place is None or any("{{" in each or "$" in each for each in written):
        return
    names = list(dict.fromkeys(name for each in written if (name := each.strip())))
    if not names:
        return
    found = [_subnet(name, subject.estate.of(Subnet)) for name in names]
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
    who = "the load balancer of" if isinstance(subject, Ingress) else "every load balancer of"
    yield Finding(
        place,
        f"{who} {subject} gets {what}: it needs subnets in two availability zones",
        label="one zone",
        help="name subnets in two zones, or leave them out and tag the subnets",
        notes=() if complete else ("one subnet is enough in a local zone and on an Outpost",),
        severity=None if complete else Severity.WARNING,
    )


def _written_subnets(subject: Ingress | KubernetesObject) -> tuple[Place | None, Sequence[str]]:
    """Where an Ingress, or IngressClassParams, names subnets, and their IDs or names; None where neither does."""
    if isinstance(subject, Ingress):
        annotated = subject.annotations.get(_SUBNETS)
        return (None, ()) if annotated is None else (subject.at("annotations", _SUBNETS), annotated.split(","))
    if subject.kind != "IngressClassParams":
        return None, ()
    return subject.at(*_IDENTIFIERS), [str(each) for each in subject.sequence(*_IDENTIFIERS)]


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
