"""What a pod asks for that Fargate does not run.

Source: EKS user guide (fargate, "Fargate considerations"; fargate-pod-configuration).
"""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint.model.entity import Place
from ekslint.model.kubernetes.containers import Container
from ekslint.model.kubernetes.pods import PodTemplate
from ekslint.model.kubernetes.volumes import Volume
from ekslint.model.reading import Undecided
from ekslint.placement.reads import reads_of


class Obstacle(NamedTuple):
    """One thing that Fargate does not run."""

    what: str
    """In words: `container app is privileged`."""
    place: Place


def fargate_obstacles(pod: PodTemplate) -> list[Obstacle]:
    """Everything in a pod that keeps it off Fargate, as far as it is known. Never raises Undecided."""
    found: list[Obstacle] = []
    for obstacles in (_of_pod, _of_containers, _of_volumes):
        found += _known(obstacles(pod))
    return found


def _known(obstacles: Iterator[Obstacle]) -> Iterator[Obstacle]:
    try:
        yield from obstacles
    except Undecided:
        return


def _of_pod(pod: PodTemplate) -> Iterator[Obstacle]:
    if pod.uses_host_network:
        yield Obstacle("it uses the host's network", pod.at("hostNetwork"))


def _of_containers(pod: PodTemplate) -> Iterator[Obstacle]:
    for read in (*reads_of(lambda: pod.init_containers), *reads_of(lambda: pod.containers)):
        try:
            container: Container = read()
        except Undecided:
            continue
        yield from _known(_of_security(container))
        yield from _known(_of_ports(container))


def _of_security(container: Container) -> Iterator[Obstacle]:
    if container.is_privileged:
        yield Obstacle(f"{container} is privileged", container.at("securityContext", "privileged"))


def _of_ports(container: Container) -> Iterator[Obstacle]:
    for index, port in enumerate(container.ports):
        if port.host_port is not None:
            yield Obstacle(
                f"{container} asks for port {port.host_port} of the host", container.at("ports", index, "hostPort")
            )


def _of_volumes(pod: PodTemplate) -> Iterator[Obstacle]:
    for read in reads_of(lambda: pod.volumes):
        try:
            volume: Volume = read()
            if volume.host_path is not None:
                yield Obstacle(f"{volume} is a path of the host", volume.at("hostPath"))
        except Undecided:
            continue
