"""The tables of EC2 instance types: what they have, where they are offered, and every name ever used."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from facts_sources import RegistrySource
from facts_tables import render

COLUMNS = [
    *("name", "vcpus", "memory_mib", "architectures", "cpu_manufacturer", "clock_mhz", "hypervisor", "flags"),
    *("usage_classes", "default_card_enis", "ipv4_per_eni", "enis", "network_cards", "efa_interfaces", "network_mbps"),
    *("ebs_mbps", "ebs_attachments", "local_nvme_gb", "gpus", "neuron", "accelerators", "offered"),
]

_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64", "x86_64_mac": "amd64_mac", "arm64_mac": "arm64_mac", "i386": ""}
_NOTES = """\
flags: 6 IPv6, b burstable, c current generation, e ENA required, m metal, n Nitro enclaves, t in-transit encryption.
usage_classes: b capacity block, i interruptible capacity reservation, o on demand, s Spot.
ebs_attachments: the limit, then s where network interfaces count against it, d where they do not.
gpus: manufacturer:name:count:MiB each:logical count. neuron: name:devices:cores each:MiB each.
accelerators: sort:manufacturer:name:count. offered: a line of instance_offerings.tsv.""".splitlines()
_USAGE = {"on-demand": "o", "spot": "s", "capacity-block": "b", "interruptible-capacity-reservation": "i"}


def tables(source: RegistrySource) -> Iterator[tuple[str, str]]:
    """`instance_types.tsv`, `instance_offerings.tsv` and `instance_type_names.txt`."""
    places_of = _offered(source)
    offered = {name: _digest(places) for name, places in places_of.items()}
    sets = {_digest(places): places for places in places_of.values()}
    if len(sets) != len(set(places_of.values())):
        raise ValueError("two sets of zones have the same digest: make it longer")
    types = sorted(source.instance_types(), key=lambda info: str(info["InstanceType"]))
    yield (
        "instance_types.tsv",
        render(
            "EC2 instance types that are or were offered.",
            source.cite_ec2(),
            COLUMNS,
            (_row(info, offered.get(info["InstanceType"], "")) for info in types),
            _NOTES,
        ),
    )
    yield (
        "instance_offerings.tsv",
        render(
            "The sets of availability zones that offer instance types. Letters differ by account; ids do not.",
            source.cite_ec2(),
            ["set", "zones", "zone_ids"],
            ((digest, *places) for digest, places in sorted(sets.items())),
        ),
    )
    names = {str(info["InstanceType"]) for info in types}
    names.update(source.service_model("ec2")["shapes"]["InstanceType"]["enum"])
    yield (
        "instance_type_names.txt",
        render(
            "Every name of an EC2 instance type that the API knows, retired and private ones included.",
            [*source.cite_ec2(), *source.cite("botocore")],
            ["name"],
            ([name] for name in sorted(names)),
        ),
    )


def _digest(places: tuple[str, str]) -> str:
    # not a running number: one new set must not change the line of every type
    return sha256("\t".join(places).encode()).hexdigest()[:6]


def _offered(source: RegistrySource) -> dict[str, tuple[str, str]]:
    zones: dict[str, dict[str, set[str]]] = {}
    ids: dict[str, dict[str, set[str]]] = {}
    for table, location in ((zones, "availability-zone"), (ids, "availability-zone-id")):
        for region, pairs in source.offerings(location).items():
            for name, place in pairs:
                prefix, suffix = (region, place.removeprefix(region)) if table is zones else place.split("-az")
                table.setdefault(name, {}).setdefault(prefix, set()).add(suffix)
    return {name: (_places(zones[name], ""), _places(ids.get(name, {}), "")) for name in zones}


def _places(places: dict[str, set[str]], separator: str) -> str:
    return ",".join(f"{region}:{separator.join(sorted(suffixes))}" for region, suffixes in sorted(places.items()))


def _row(info: dict[str, Any], offered: object) -> list[object]:
    network, processor = info["NetworkInfo"], info["ProcessorInfo"]
    cards = network["NetworkCards"]
    card = cards[network.get("DefaultNetworkCardIndex", 0)]
    ebs = info.get("EbsInfo", {})
    storage = info.get("InstanceStorageInfo", {})
    has_nvme = storage.get("NvmeSupport", "unsupported") != "unsupported"
    limit = ebs.get("MaximumEbsAttachments", "")
    optimized = ebs.get("EbsOptimizedSupport") == "default"
    return [
        info["InstanceType"],
        info["VCpuInfo"]["DefaultVCpus"],
        info["MemoryInfo"]["SizeInMiB"],
        ",".join(filter(None, (_ARCHITECTURES[name] for name in processor["SupportedArchitectures"]))),
        processor.get("Manufacturer", ""),
        round(processor.get("SustainedClockSpeedInGhz", 0) * 1000) or "",
        info.get("Hypervisor", ""),
        _flags(info),
        "".join(sorted(_USAGE[usage] for usage in info["SupportedUsageClasses"])),
        card["MaximumNetworkInterfaces"],
        network["Ipv4AddressesPerInterface"],
        network["MaximumNetworkInterfaces"],
        len(cards),
        network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0),
        round(sum(card.get("BaselineBandwidthInGbps", 0) for card in cards) * 1000) or "",
        (ebs.get("EbsOptimizedInfo", {}).get("MaximumBandwidthInMbps", "") if optimized else ""),
        f"{limit}{ebs.get('AttachmentLimitType', '')[:1]}" if limit else "",
        storage.get("TotalSizeInGB", "") if has_nvme else "",
        ",".join(_gpu(gpu) for gpu in info.get("GpuInfo", {}).get("Gpus", [])),
        ",".join(_neuron(device) for device in info.get("NeuronInfo", {}).get("NeuronDevices", [])),
        ",".join(_accelerators(info)),
        offered,
    ]


def _flags(info: dict[str, Any]) -> str:
    network = info["NetworkInfo"]
    flags = {
        "6": network.get("Ipv6Supported"),
        "b": info.get("BurstablePerformanceSupported"),
        "c": info.get("CurrentGeneration"),
        "e": network.get("EnaSupport") == "required",
        "m": info.get("BareMetal"),
        "n": info.get("NitroEnclavesSupport") == "supported",
        "t": network.get("EncryptionInTransitSupported"),
    }
    return "".join(letter for letter, holds in flags.items() if holds)


def _gpu(gpu: dict[str, Any]) -> str:
    count = gpu.get("Count", 0)
    memory = gpu.get("MemoryInfo", {}).get("SizeInMiB", 0)
    return f"{gpu['Manufacturer']}:{gpu['Name']}:{count}:{memory}:{gpu.get('LogicalGpuCount', count)}"


def _neuron(device: dict[str, Any]) -> str:
    memory = device.get("MemoryInfo", {}).get("SizeInMiB", 0)
    return f"{device['Name']}:{device['Count']}:{device['CoreInfo']['Count']}:{memory}"


def _accelerators(info: dict[str, Any]) -> list[str]:
    found = [("fpga", item) for item in info.get("FpgaInfo", {}).get("Fpgas", [])]
    found += [("media", item) for item in info.get("MediaAcceleratorInfo", {}).get("Accelerators", [])]
    if "NeuronInfo" not in info:  # Inferentia appears under both names
        found += [("inference", item) for item in info.get("InferenceAcceleratorInfo", {}).get("Accelerators", [])]
    return [f"{sort}:{item['Manufacturer']}:{item['Name']}:{item['Count']}" for sort, item in found]
