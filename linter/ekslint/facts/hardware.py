"""What an EC2 instance type has, and how many pods fit on it.

The lookups are in `instance_types`.
"""

import re
from typing import NamedTuple

from .instance_offerings import zone_ids, zone_letters

_FAMILY = re.compile(r"(?P<category>[a-z]+)(?:-[0-9]+tb)?(?P<generation>[0-9]+)[^.]*\.")
"""As Karpenter reads a name: category letters, generation number, capabilities (instancetype/types.go)."""

SMALL_NODE_VCPUS = 30
"""Below this many vCPUs EKS advises at most MAX_PODS_SMALL pods a node, from it on MAX_PODS_LARGE."""
MAX_PODS_SMALL = 110
MAX_PODS_LARGE = 250
_ADDRESSES_PER_PREFIX = 16
_HOST_NETWORK_PODS = 2
"""aws-node and kube-proxy, which use the host's address: the `+ 2` of the formula."""


class Gpu(NamedTuple):
    """The GPUs of an instance type."""

    manufacturer: str
    name: str
    number: int
    """Whole GPUs, as `nvidia.com/gpu` counts them; 0 where the type has only a part of one."""
    memory_mib: int
    """Of each."""
    logical_number: int
    """What the operating system sees: also counts the parts of GPUs."""


class Neuron(NamedTuple):
    """The Inferentia or Trainium devices of an instance type."""

    name: str
    devices: int
    cores_per_device: int
    memory_mib: int
    """Of each device."""


class Accelerator(NamedTuple):
    """Accelerators of any other sort."""

    sort: str
    """`fpga`, `inference` or `media`."""
    manufacturer: str
    name: str
    number: int


class InstanceType(NamedTuple):
    """One EC2 instance type."""

    name: str
    vcpus: int
    memory_mib: int
    architectures: frozenset[str]
    """As Kubernetes writes them: `amd64`, `arm64`; `amd64_mac`, `arm64_mac` for Mac hosts, which EKS cannot use."""
    cpu_manufacturer: str
    clock_mhz: int | None
    hypervisor: str
    """`nitro`, `xen`, or nothing on bare metal."""
    flags: str
    """One letter a property, see the head of the table; use the properties below."""
    usage_classes: str
    default_card_enis: int
    """Network interfaces of the default network card, the only one that the VPC CNI uses."""
    ipv4_per_eni: int
    enis: int
    """Network interfaces over all cards."""
    network_cards: int
    efa_interfaces: int
    network_mbps: int | None
    """Baseline bandwidth over all cards."""
    ebs_mbps: int | None
    """Maximum EBS bandwidth where the type is EBS-optimised by default."""
    ebs_attachments: int | None
    ebs_attachments_shared: bool
    """Whether network interfaces and local disks count against `ebs_attachments`."""
    local_nvme_gb: int | None
    gpus: tuple[Gpu, ...]
    neuron: tuple[Neuron, ...]
    accelerators: tuple[Accelerator, ...]
    offered: str
    """The key of the set of zones that offer the type; empty if none does."""

    def __str__(self) -> str:
        return self.name

    @property
    def family(self) -> str:
        """What stands before the dot: `m5dn`."""
        return self.name.partition(".")[0]

    @property
    def size(self) -> str:
        """What stands behind the dot: `2xlarge`, `metal-24xl`."""
        return self.name.partition(".")[2]

    @property
    def category(self) -> str | None:
        """The letters before the generation: `m`, `inf`, `u`; None for names that have no generation."""
        found = _FAMILY.match(self.name)
        return found["category"] if found else None

    @property
    def generation(self) -> int | None:
        """The number behind the category: 5 for `m5dn.large`; None for names that have none."""
        found = _FAMILY.match(self.name)
        return int(found["generation"]) if found else None

    @property
    def is_bare_metal(self) -> bool:
        """Whether there is no hypervisor."""
        return "m" in self.flags

    @property
    def is_burstable(self) -> bool:
        """Whether the CPU runs on credits."""
        return "b" in self.flags

    @property
    def is_current_generation(self) -> bool:
        """Whether AWS counts it among its current types."""
        return "c" in self.flags

    @property
    def is_flex(self) -> bool:
        """Whether it is one of the `-flex` families, which give full CPU only most of the time."""
        return "-flex" in self.family

    @property
    def supports_ipv6(self) -> bool:
        """Whether its interfaces can have IPv6 addresses."""
        return "6" in self.flags

    @property
    def supports_in_transit_encryption(self) -> bool:
        """Whether traffic between such instances is encrypted by the hardware."""
        return "t" in self.flags

    @property
    def supports_nitro_enclaves(self) -> bool:
        """Whether it can run enclaves."""
        return "n" in self.flags

    @property
    def supports_on_demand(self) -> bool:
        """Whether it can be bought on demand."""
        return "o" in self.usage_classes

    @property
    def supports_spot(self) -> bool:
        """Whether it can be bought on the Spot market."""
        return "s" in self.usage_classes

    @property
    def supports_capacity_blocks(self) -> bool:
        """Whether it can be reserved as a capacity block for machine learning."""
        return "b" in self.usage_classes

    @property
    def supports_efa(self) -> bool:
        """Whether it has an Elastic Fabric Adapter."""
        return self.efa_interfaces > 0

    @property
    def is_nitro(self) -> bool:
        """Whether it is built on Nitro, bare metal included: what prefixes and branch interfaces need."""
        return self.hypervisor == "nitro" or (self.is_bare_metal and "e" in self.flags)

    @property
    def gpu_count(self) -> int:
        """Whole NVIDIA GPUs: what the node offers as `nvidia.com/gpu` without sharing."""
        return sum(gpu.number for gpu in self.gpus if gpu.manufacturer == "NVIDIA")

    @property
    def has_partial_gpu(self) -> bool:
        """Whether it has parts of GPUs only, so that the count of `nvidia.com/gpu` depends on the driver."""
        return any(gpu.number == 0 < gpu.logical_number for gpu in self.gpus)

    @property
    def neuron_devices(self) -> int:
        """What the node offers as `aws.amazon.com/neuron`."""
        return sum(device.devices for device in self.neuron)

    @property
    def neuron_cores(self) -> int:
        """What the node offers as `aws.amazon.com/neuroncore`."""
        return sum(device.devices * device.cores_per_device for device in self.neuron)

    @property
    def max_pods(self) -> int:
        """The pods that the VPC CNI can give an address, by secondary addresses on the default network card.

        The formula of the EKS user guide (choosing-instance-type); managed node groups without an image of their own
        and Auto Mode cap it, see `max_pods_managed`.
        """
        return self.default_card_enis * (self.ipv4_per_eni - 1) + _HOST_NETWORK_PODS

    @property
    def recommended_max_pods(self) -> int:
        """110 or 250 pods, by the number of vCPUs: beyond it EKS advises against."""
        return MAX_PODS_SMALL if self.vcpus < SMALL_NODE_VCPUS else MAX_PODS_LARGE

    @property
    def max_pods_managed(self) -> int:
        """`max_pods` as a managed node group without an image of its own caps it."""
        return min(self.max_pods, self.recommended_max_pods)

    @property
    def max_pods_with_prefix_delegation(self) -> int:
        """The same formula with a /28 prefix in place of each address, capped at the recommendation.

        Types that are not Nitro have no prefixes: they stay at `max_pods`.
        """
        if not self.is_nitro:
            return self.max_pods
        prefixes = self.default_card_enis * (self.ipv4_per_eni - 1)
        return min(prefixes * _ADDRESSES_PER_PREFIX + _HOST_NETWORK_PODS, self.recommended_max_pods)

    @property
    def supports_pod_security_groups(self) -> bool | None:
        """Whether pods can have security groups of their own (branch interfaces); None where not known.

        Agrees with the list of the VPC resource controller for all types that list has.
        """
        if self.family == "t8i":
            return None
        burstable = self.family in {"t1", "t2", "t3", "t3a", "t4g"}
        return not (self.hypervisor == "xen" or burstable or self.family == "u-6tb1")

    def zones(self, region: str) -> tuple[str, ...]:
        """The zones of `region` in which one account was offered the type; empty if none or not known."""
        return tuple(region + letter for letter in zone_letters(self.offered).get(region, ""))

    def zone_ids(self) -> frozenset[str]:
        """The ids of all zones that offer the type (`use1-az4`), which mean the same in every account."""
        return zone_ids(self.offered)

    def regions(self) -> frozenset[str]:
        """The regions that offer the type, among those with known offerings."""
        return frozenset(zone_letters(self.offered))
