"""EC2 instance types by name.

The tables are `data/instance_types.tsv` (as EC2 describes the types, see its head) and `data/instance_type_names.txt`.
Looking up one type reads one line. There are three answers for a name: in the table (current facts), only among the
known names (retired, private or too new: no facts), or neither (a typo).
"""

from functools import cache

from ._tables import row, rows, table, words
from .hardware import Accelerator, Gpu, InstanceType, Neuron

__all__ = ["InstanceType", "all_instance_types", "families", "instance_type", "instance_type_names", "known_name"]


@cache
def instance_type(name: str) -> InstanceType | None:
    """The type called `name`, or None if the table has no facts about it."""
    found = row("instance_types.tsv", name)
    return _parsed(found) if found else None


@cache
def all_instance_types() -> tuple[InstanceType, ...]:
    """Every type of the table, by name."""
    return tuple(map(_parsed, rows("instance_types.tsv")))


@cache
def instance_type_names() -> tuple[str, ...]:
    """The name of every type of the table, sorted."""
    return tuple(cells[0] for cells in rows("instance_types.tsv"))


def known_name(name: str) -> bool:
    """Whether the EC2 API knows a type called `name`, even one without facts here."""
    if "\n" in name or name.startswith("#"):
        return False
    return b"\n" + name.encode("utf-8", "surrogatepass") + b"\n" in table("instance_type_names.txt")


@cache
def families() -> frozenset[str]:
    """Every family among the known names (`m5dn`)."""
    return frozenset(name.partition(".")[0] for (name,) in rows("instance_type_names.txt"))


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _parsed(cells: list[str]) -> InstanceType:
    (name, vcpus, memory, architectures, maker, clock, hypervisor, flags, usage, default_enis, ipv4, enis) = cells[:12]
    (cards, efa, network, ebs, attachments, nvme, gpus, neuron, accelerators, offered) = cells[12:]
    return InstanceType(
        name,
        int(vcpus),
        int(memory),
        frozenset(words(architectures)),
        maker,
        _number(clock),
        hypervisor,
        flags,
        usage,
        int(default_enis),
        int(ipv4),
        int(enis),
        int(cards),
        int(efa),
        _number(network),
        _number(ebs),
        _number(attachments[:-1]),
        attachments.endswith("s"),
        _number(nvme),
        tuple(_gpu(*item.split(":")) for item in words(gpus)),
        tuple(_neuron(*item.split(":")) for item in words(neuron)),
        tuple(_accelerator(*item.split(":")) for item in words(accelerators)),
        offered,
    )


def _gpu(manufacturer: str, name: str, number: str, memory: str, logical: str) -> Gpu:
    return Gpu(manufacturer, name, int(number), int(memory), int(logical))


def _neuron(name: str, devices: str, cores: str, memory: str) -> Neuron:
    return Neuron(name, int(devices), int(cores), int(memory))


def _accelerator(sort: str, manufacturer: str, name: str, number: str) -> Accelerator:
    return Accelerator(sort, manufacturer, name, int(number))
