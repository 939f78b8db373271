from collections.abc import Iterator
from typing import NamedTuple

from ekslint import (
    Capacity,
    Finding,
    Place,
    Placement,
    Separation,
    Severity,
    placement_of,
    placements_on,
    rule,
)
from ekslint_rules._wording import enumerated
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
        yield from _beside_daemon_sets(subject)
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
        yield from _more_than_nodes(capacity, port[1], found)


def _beside_daemon_sets(capacity: Capacity) -> Iterator[Finding]:
    """Workloads that want a port which a DaemonSet has on all nodes that can take them."""
    said: set[tuple[str, int]] = set()
    for conflict in capacity.port_conflicts:
        holder, taker, wanted = conflict.holder, conflict.other, conflict.wants
        # Copies of one DaemonSet, for other clusters, are no two; and one that may go elsewhere may not be there.
        if holder.resource == taker.resource or len(holder.clusters) > 1 or (taker.resource, wanted.number) in said:
            continue
        said.add((taker.resource, wanted.number))
        placements = (placement_of(each, capacity.cluster) for each in (holder, taker))
        yield Finding(
            wanted.place,
            f"{taker} wants port {wanted.number} of every host that can take it, where {holder} has it already",
            label="taken by another workload",
            help="use another port, or a Service",
            related=[(conflict.holds.place, f"{holder} takes it on every node")],
            lower=max(each.doubt_steps for each in placements if each is not None),
            discriminator=str(wanted.number),
        )


def _more_than_nodes(capacity: Capacity, port: int, takers: list[_Taker]) -> Iterator[Finding]:
    """Several workloads of which each for itself has nodes enough, but that have too few together; no DaemonSets."""
    crowds = {id(crowd.workload): crowd for crowd in capacity.crowds}
    sharing = [(each, crowds[id(each.placement.workload)]) for each in takers if id(each.placement.workload) in crowds]
    for reach in sorted({crowd.reach for _, crowd in sharing}, key=lambda reach: (reach.bit_count(), reach)):
        bound = [(taker, crowd) for taker, crowd in sharing if not crowd.reach & ~reach]
        bounds = [pool.most_nodes for number, pool in enumerate(capacity.pools) if reach >> number & 1]
        nodes = sum(most for most in bounds if most is not None)
        pods = [crowd.pods for _, crowd in bound]
        if None in bounds or len(bound) == 1 or sum(pods) <= nodes or max(pods) > nodes:
            continue
        *others, (last, _) = bound
        who = enumerated([str(taker.placement.workload) for taker, _ in bound], "and")
        yield Finding(
            last.place,
            f"{who} want port {port} of their hosts for {sum(pods)} pods, but can run on {nodes} nodes at most",
            label="one pod a node",
            help=_HELP,
            related=[(taker.place, f"{taker.placement.workload}: {_pods(crowd.pods)}") for taker, crowd in others],
            lower=max(taker.placement.doubt_steps for taker, _ in bound),
            discriminator=str(port),
        )
        return


def _pods(number: int) -> str:
    return "1 pod" if number == 1 else f"{number} pods"


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
                field = "hostPort" if port.host_port else "containerPort"
                yield (str(address or ""), number, port.protocol), container.at("ports", index, field)
