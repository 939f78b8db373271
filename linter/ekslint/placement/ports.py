"""Ports of the host that two workloads want on the same nodes.

Semantics: kube-scheduler's NodePorts filter (`util.GetHostPorts`, `HostPortInfo`): two pods conflict by protocol and
port, unless their addresses differ. Sidecars count, init containers that end do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ekslint.model.entity import Place
from ekslint.model.kubernetes.workloads import DaemonSet, Workload
from ekslint.model.reading import Undecided
from ekslint.placement.reads import reads_of

_EVERY_ADDRESS = frozenset({None, "", "0.0.0.0"})  # noqa: S104  nothing is bound here


@dataclass(frozen=True, slots=True)
class HostPort:
    """A port that a pod takes of its host."""

    number: int
    protocol: str
    address: str | None
    """None for every address."""
    place: Place

    def conflicts_with(self, other: "HostPort") -> bool:
        """Whether no node can give out both."""
        if (self.number, self.protocol) != (other.number, other.protocol):
            return False
        return self.address is None or other.address is None or self.address == other.address


@dataclass(frozen=True, slots=True)
class PortConflict:
    """A DaemonSet that holds a port on every node on which another workload could run."""

    holder: Workload
    holds: HostPort
    other: Workload
    wants: HostPort


def host_ports(workload: Workload) -> Iterator[HostPort]:
    """The ports that the pods of a workload take of their hosts, as far as they are known."""
    try:
        pod = workload.pod
        on_host = pod.uses_host_network
    except Undecided:
        return
    for read in (*reads_of(lambda: pod.containers), *reads_of(lambda: pod.init_containers)):
        try:
            container = read()
            if container.is_init:
                continue
            for index, port in enumerate(container.ports):
                name = "hostPort" if port.host_port else "containerPort"
                number = port.host_port or (port.number if on_host else None)
                if number:
                    address = container.get("ports", index, "hostIP")
                    place = container.at("ports", index, name)
                    yield HostPort(number, port.protocol, None if address in _EVERY_ADDRESS else address, place)
        except Undecided:
            continue


def port_conflicts(reaches: Sequence[tuple[Workload, int, int]]) -> list[PortConflict]:
    """The conflicts among workloads, each with the pools that may take it and those that certainly do, by bit.

    A DaemonSet runs on every node of the pools that certainly take it; what can run on those only never starts.
    """
    ports = [(workload, list(host_ports(workload)), possible, certain) for workload, possible, certain in reaches]
    holding = [each for each in ports if each[1]]
    found = []
    for one, other in combinations(holding, 2):
        holder, rival = (one, other) if isinstance(one[0], DaemonSet) else (other, one)
        if not isinstance(holder[0], DaemonSet) or not rival[2] or rival[2] & ~holder[3]:
            continue
        found += [
            PortConflict(holder[0], held, rival[0], wanted)
            for held in holder[1]
            for wanted in rival[1]
            if held.conflicts_with(wanted)
        ]
    return found
