"""What a launch template says of a node: disk, metadata service, SSH, addresses."""

from collections.abc import Sequence

from ekslint.loaders.cloudformation.fields import boolean, integer, listed, sequence_of, text
from ekslint.loaders.cloudformation.launches import Launch, is_given
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.values import Listed, combined, mapped, otherwise
from ekslint.model.reading import Reading, Source

_ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")
_FABRIC_ADAPTERS = frozenset({"efa", "efa-only"})
_CAPACITY_BLOCK = "capacity-block"


def metadata_service(launch: Launch) -> dict[str, Reading]:
    """`has_metadata_service`, `http_tokens` and `http_put_response_hop_limit`.

    The latter two are absent where the image's or the account's default counts.
    """
    options = launch.get("MetadataOptions")
    endpoint = text(member(options, "HttpEndpoint"))
    is_on = mapped(endpoint, lambda leaf: Reading(leaf.value != "disabled", leaf.source))
    return {
        "has_metadata_service": otherwise(is_on, lambda: Reading(True, endpoint.source)),
        "http_tokens": text(member(options, "HttpTokens")),
        "http_put_response_hop_limit": integer(member(options, "HttpPutResponseHopLimit")),
    }


def volume(launch: Launch, family: Reading) -> dict[str, Reading]:
    """`volume_size`, `volume_type` and `volume_encrypted` of the volume that holds images and pods."""
    mappings = launch.get("BlockDeviceMappings")
    disk = _main_disk(mappings, family)
    return {
        "volume_size": integer(member(disk, "VolumeSize")),
        "volume_type": text(member(disk, "VolumeType")),
        "volume_encrypted": _encrypted(mappings, disk),
    }


def _main_disk(mappings: Reading, family: Reading) -> Reading:
    """The `Ebs` of the device that matters; absent if there is none."""

    def of_list(leaf: Reading) -> Reading:
        items = [item for item in leaf.value.items if isinstance(leaf.value, Listed)]

        def choose(readings: Sequence[Reading]) -> Reading:
            of_family, *candidates = readings
            devices = _devices(candidates)
            if not devices:
                return Reading(None, leaf.source)
            data_device = getattr(of_family.value, "data_device", None)
            for name in (data_device, *_ROOT_DEVICES):
                if name in devices:
                    return devices[name]
            return next(iter(devices.values()))

        return combined([family, *items], choose, leaf.source)

    return mapped(listed(mappings), of_list)


def _devices(items: Sequence[Reading]) -> dict[str | None, Reading]:
    devices: dict[str | None, Reading] = {}
    for item in items:
        disk = member(item, "Ebs")
        if disk.value is not None:
            name = text(member(item, "DeviceName")).value
            devices.setdefault(name if isinstance(name, str) else None, disk)
    return devices


def _encrypted(mappings: Reading, disk: Reading) -> Reading:
    """False if any volume is left unencrypted on purpose, else what is said of the main one."""

    def of_list(leaf: Reading) -> Reading:
        flags = [boolean(member(item, "Ebs", "Encrypted")) for item in leaf.value.items]

        def choose(readings: Sequence[Reading]) -> Reading:
            of_main, *others = readings
            return next((each for each in others if each.value is False), of_main)

        return combined([boolean(member(disk, "Encrypted")), *flags], choose, leaf.source)

    found = mapped(listed(mappings), of_list)
    return otherwise(found, lambda: boolean(member(disk, "Encrypted")))


def gives_public_addresses(launch: Launch) -> Reading:
    """What its network interfaces say of public addresses; absent where the subnet decides."""
    own = boolean(launch.get("AssociatePublicIpAddress"))

    def of_list(leaf: Reading) -> Reading:
        flags = [boolean(member(item, "AssociatePublicIpAddress")) for item in leaf.value.items]
        return combined([own, *flags], _first_true, leaf.source)

    return mapped(launch.interfaces, of_list)


def _first_true(flags: Sequence[Reading]) -> Reading:
    given = [flag for flag in flags if flag.value is not None]
    return next((flag for flag in given if flag.value is True), given[0] if given else flags[0])


def is_pinned(launch: Launch) -> Reading:
    """Whether something ties the machines to one place, or to a fixed number, on purpose."""
    placement = launch.get("Placement")
    market = text(launch.get("InstanceMarketOptions", "MarketType"))
    reasons = [is_given(member(placement, key)) for key in ("GroupName", "GroupId", "HostId", "AvailabilityZone")]
    reasons.append(is_given(launch.get("CapacityReservationSpecification", "CapacityReservationTarget")))
    reasons.append(_equals(market, {_CAPACITY_BLOCK}))
    reasons.append(uses_fabric_adapter(launch))
    return any_true(reasons, launch.data.source)


def uses_fabric_adapter(launch: Launch) -> Reading:
    """Whether one of its network interfaces is an Elastic Fabric Adapter."""

    def of_interfaces(leaf: Reading) -> Reading:
        kinds = [_equals(text(member(item, "InterfaceType")), _FABRIC_ADAPTERS) for item in leaf.value.items]
        return any_true(kinds, leaf.source)

    return mapped(launch.interfaces, of_interfaces)


def reservation_target(launch: Launch) -> Reading:
    """`one` or `several`: what kind of target for capacity reservations it has; absent if none."""
    target = launch.get("CapacityReservationSpecification", "CapacityReservationTarget")
    kinds = {"one": "CapacityReservationId", "several": "CapacityReservationResourceGroupArn"}
    flags = [is_given(member(target, key)) for key in kinds.values()]

    def choose(readings: Sequence[Reading]) -> Reading:
        found = (Reading(kind, each.source) for kind, each in zip(kinds, readings, strict=True) if each.value)
        return next(found, Reading(None, target.source))

    return combined(flags, choose, target.source)


def single_type(launch: Launch) -> Reading:
    """Its instance type, as a list of one; absent if it says none."""
    return mapped(text(launch.get("InstanceType")), lambda leaf: sequence_of([leaf], leaf.source))


def any_true(flags: Sequence[Reading], source: Source) -> Reading:
    """Whether one of them is true; unknown where only an unknown one could be."""

    def judge(readings: Sequence[Reading]) -> Reading:
        certain = next((each for each in readings if each.value is True), None)
        doubtful = next((each for each in readings if each.value not in (True, False, None)), None)
        return certain or doubtful or Reading(False, source)

    return combined(flags, judge, source)


def _equals(reading: Reading, words: set[str] | frozenset[str]) -> Reading:
    found = mapped(reading, lambda leaf: Reading(leaf.value in words, leaf.source))
    return otherwise(found, lambda: Reading(False, reading.source))
