"""Whether the subnets that the file lists are enough for the control plane, where it is told which ones to use."""

from collections.abc import Iterator, Sequence

from ekslint import Cluster, ClusterConfig, Finding
from ekslint_rules.eksctl._reading import (
    flag,
    is_absent,
    is_given,
    is_on_outposts,
    is_set,
    is_unknown,
    text,
    written,
)

_LEAST = 2
_SWITCH = ("vpc", "controlPlaneOnPrivateSubnets")


def control_plane_subnet_problems(config: ClusterConfig) -> Iterator[Finding]:
    """Too few subnets of a kind, and contradictions about which of them the control plane uses."""
    on_private = flag(config, *_SWITCH)
    if on_private and is_given(config, "vpc", "controlPlaneSubnetIDs"):
        yield Finding(
            config.at("vpc", "controlPlaneSubnetIDs", key=True),
            "the control plane is to use all private subnets, and just those that are listed here",
            label="not with controlPlaneOnPrivateSubnets",
            related=[(config.at(*_SWITCH), "all private subnets")],
        )
    if is_on_outposts(config) is not False or _is_in_one_zone(config.cluster):
        return
    yield from _lone_subnet(config, ("public",) if on_private else ("private", "public"))
    if on_private:
        yield from _on_private_subnets(config)


def _is_in_one_zone(cluster: Cluster) -> bool:
    """Whether the rule cluster-subnets-single-az has told already that one zone, or one subnet, is not enough."""
    if not cluster.unknown("availability_zones") and isinstance(cluster.availability_zones, tuple):
        return len(set(cluster.availability_zones)) < _LEAST
    if cluster.unknown("subnets") or not isinstance(cluster.subnets, tuple):
        return False
    return len(cluster.subnets) == 1


def _lone_subnet(config: ClusterConfig, sides: Sequence[str]) -> Iterator[Finding]:
    """A single subnet of one kind beside some of the other."""
    for side in sides:
        alone, others = _subnets(config, side), _subnets(config, "private" if side == "public" else "public")
        if alone is None or len(alone) != 1 or not others:
            continue
        # Without an ID, eksctl takes every subnet of the VPC that fits.
        if text(config, "vpc", "subnets", side, alone[0], "id") is not None:
            yield Finding(
                config.at("vpc", "subnets", side, alone[0], key=True),
                f"{alone[0]} is the only {side} subnet: eksctl wants none, or at least {_LEAST}",
                label=f"only one {side} subnet",
                lower=config.cluster.may_be_partial,
            )


def _on_private_subnets(config: ClusterConfig) -> Iterator[Finding]:
    aliases = _subnets(config, "private")
    # Without any subnets, eksctl creates them.
    if aliases is None or not is_set(config, "vpc", "subnets"):
        return
    if len(aliases) < _LEAST:
        yield Finding(
            config.at(*_SWITCH),
            f"the control plane is to use private subnets only, but vpc.subnets lists {'one' if aliases else 'none'}",
            label=f"fewer than {_LEAST} private subnets",
        )
        return
    places = [("vpc", "subnets", "private", alias, "az") for alias in aliases]
    if any(is_unknown(config, *place) for place in places):
        return
    zones = {text(config, *place) or place[-2] for place in places}
    if len(zones) < _LEAST:
        yield Finding(
            config.at(*_SWITCH),
            f"the control plane is to use private subnets only, but all of them are in {zones.pop()}",
            label="all private subnets in one zone",
            related=[(config.at(*place), "in this zone") for place in places],
        )


def _subnets(config: ClusterConfig, side: str) -> list[str] | None:
    """The aliases of the listed subnets; None where a template adds some."""
    if is_absent(config, "vpc", "subnets", side):
        return []
    listed = written(config, "vpc", "subnets", side)
    # A key that nobody wrote is absent, or may come from a template.
    if not isinstance(listed, dict) or config.unknown("vpc", "subnets", side, ""):
        return None
    return list(listed)
