"""What Auto Mode launches, as the requirements of a NodePool may ask for it."""

from ekslint import Requirement, auto_mode, instance_types

_TOO_SMALL = frozenset({"nano", "micro", "small"})
_PREFIX = "eks.amazonaws.com/"


def unsupported_values(requirement: Requirement) -> dict[str, str]:
    """The values of an `In` requirement that Auto Mode never launches, and why, as half a sentence.

    Families and types that are newer than the list of facts are not among them.
    """
    if requirement.operator != "In":
        return {}
    found = {value: _why(requirement.key, value) for value in requirement.values}
    return {value: why for value, why in found.items() if why is not None}


def _why(key: str, value: str) -> str | None:
    match key.removeprefix("beta."):
        case "kubernetes.io/os":
            return "Auto Mode has Linux nodes only" if value == "windows" else None
        case "node.kubernetes.io/instance-type" | "kubernetes.io/instance-type":
            known = instance_types.instance_type(value)
            if known is None or auto_mode.is_supported(known) is not False:
                return None
            if not auto_mode.is_large_enough(known):
                return "Auto Mode launches no nano, micro and small sizes, and none with a single vCPU"
            return f"Auto Mode does not support the family {known.family}"
    if key == f"{_PREFIX}instance-size":
        return "Auto Mode launches no nano, micro and small sizes" if value in _TOO_SMALL else None
    if key == f"{_PREFIX}instance-cpu":
        return "Auto Mode launches no type with a single vCPU" if value == "1" else None
    if key == f"{_PREFIX}instance-family":
        return _family(value)
    return None


def _family(name: str) -> str | None:
    types = [each for each in instance_types.all_instance_types() if each.family == name]
    if not types or any(auto_mode.is_supported(each) is not False for each in types):
        return None
    return f"Auto Mode does not support the family {name}"
