from collections.abc import Iterator
from typing import NamedTuple

from ekslint import (
    Capacity,
    DaemonSet,
    Finding,
    Place,
    Placement,
    Pool,
    Separation,
    Severity,
    placements_on,
    rule,
)
from ekslint_rules.scheduling._separation import finding, too_few_domains

_HELP = "use a Service in place of the host's port, or raise the maximum of the nodes"


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def hostport_exceeds_nodes(subject: Placement | Capacity) -> Iterator[Finding]:
    """Pods that take a port of the host are more than there can be nodes.

    ## Why is this bad?
    A port of the host is there once a node. The pods that find it taken on every node stay Pending; two DaemonSets with
    one port leave one of them without pods.

    ## When it stays silent
    Pools without a maximum, or with an unknown one; ports for different addresses or protocols; workloads that can run
    elsewhere. Workloads that an autoscaler scales count with their minimum. Advice only where pools may exist that no
    file shows.

    ## References
    - Kubernetes documentation, configuration best practices: hostPort
    """
    if isinstance(subject, Capacity):
        yield from _shared_ports(subject)
        return
    for found, what, label in too_few_domains(subject, Separation.HOST_PORT, zonal=False):
        message = f"{subject.workload} takes a port of its host, which is there once a node: {what}"
        yield finding(subject, found, message, label, _HELP)


class _Taker(NamedTuple):
    """A workload that takes a port."""

    placement: Placement
    place: Place


def _shared_ports(capacity: Capacity) -> Iterator[Finding]:
    """Several workloads that want one port of the same nodes."""
    takers: dict[tuple[str, int, str], list[_Taker]] = {}
    seen: set[str] = set()
    for placement in placements_on(capacity.cluster, only_certain=True):
        workload = placement.workload
        if workload.resource in seen:
            continue
        seen.add(workload.resource)
        for port, place in _ports(placement):
            takers.setdefault(port, []).append(_Taker(placement, place))
    for port, found in takers.items():
        everywhere = [each for each in found if isinstance(each.placement.workload, DaemonSet)]
        for index, taker in enumerate(found):
            other = _in_the_way(taker, everywhere, found[:index])
            if other is not None:
                yield Finding(
                    taker.place,
                    f"{taker.placement.workload} wants port {port[1]} of every host that can take it, "
                    f"where {other.placement.workload} has it already",
                    label="taken by another workload",
                    help="use another port, or a Service",
                    related=[(other.place, f"{other.placement.workload} takes it on every node")],
                    lower=max(taker.placement.doubt_steps, other.placement.doubt_steps),
                    discriminator=str(port[1]),
                )


def _in_the_way(taker: _Taker, everywhere: list[_Taker], before: list[_Taker]) -> _Taker | None:
    """The DaemonSet that has the port on all nodes that can take a workload."""
    if not taker.placement.is_known:
        return None
    wanted = taker.placement.possible
    is_daemonset = isinstance(taker.placement.workload, DaemonSet)
    for other in everywhere:
        if other is taker or (is_daemonset and not any(other is each for each in before)):
            continue
        taken = other.placement.fitting
        if wanted and all(_among(pool, taken) for pool in wanted):
            return other
    return None


def _among(pool: Pool, pools: list[Pool]) -> bool:
    return any(pool is each for each in pools)


def _ports(placement: Placement) -> Iterator[tuple[tuple[str, int, str], Place]]:
    """(address, port, protocol) of the host that a workload's pods take, as far as they are known."""
    pod = placement.workload.pod
    if pod.unknown("containers") or pod.unknown("hostNetwork"):
        return
    for container in pod.parts:
        if container.is_init or container.is_ephemeral or container.unknown("ports"):
            continue
        for index, port in enumerate(container.ports):
            number = port.host_port or (port.number if pod.uses_host_network else None)
            if number:
                address = container.get("ports", index, "hostIP")
                yield (str(address or ""), number, port.protocol), container.at("ports", index)
