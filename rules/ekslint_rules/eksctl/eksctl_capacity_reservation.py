from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written

_RESERVATION = "capacityReservation"
_TARGET = "capacityReservationTarget"
_PREFERENCE = "capacityReservationPreference"


@rule(Severity.ERROR, since="0.1.0", tags=("cost",), dialects=("eksctl",))
def eksctl_capacity_reservation(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group uses capacity reservations or capacity blocks in a way that contradicts itself.

    ## Why is this bad?
    A group takes open reservations, none, or one that it names; a capacity block is a reservation of one instance type.
    eksctl refuses everything else.

    ## When it stays silent
    What a template fills in.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase
    - eksctl, pkg/cfn/builder/managed_nodegroup.go
    """
    market = written.text(group, "instanceMarketOptions", "marketType")
    if not written.is_missing(group, _RESERVATION):
        yield from _reservation(group)
        if market and market != eksctl_limits.CAPACITY_BLOCK:
            yield Finding(
                group.at("instanceMarketOptions", "marketType"),
                f"{group} has the market type {market}, and eksctl knows {eksctl_limits.CAPACITY_BLOCK} alone",
                label="unknown market type",
            )
    elif written.is_present(group, "instanceMarketOptions"):
        yield Finding(
            group.at("instanceMarketOptions", key=True),
            f"{group} has market options, but no capacityReservation that they could be about",
            label="needs capacityReservation",
        )
    types = written.texts(group, "instanceTypes") if group.is_managed else []
    if market == eksctl_limits.CAPACITY_BLOCK and len(types) > 1:
        yield Finding(
            group.at("instanceTypes", key=True),
            f"{group} runs in a capacity block, which has one instance type, but lists {len(types)}",
            label="one at most",
            related=[(group.at("instanceMarketOptions", "marketType"), "a capacity block")],
        )


def _reservation(group: EksctlNodeGroup) -> Iterator[Finding]:
    preference = written.shown(group, _RESERVATION, _PREFERENCE)
    if written.is_present(group, _RESERVATION, _PREFERENCE):
        if written.is_present(group, _RESERVATION, _TARGET):
            yield Finding(
                group.at(_RESERVATION, _PREFERENCE, key=True),
                f"{group} names a capacity reservation, and says which ones it prefers",
                label=f"beside {_TARGET}",
                help=f"remove {_PREFERENCE}",
                related=[(group.at(_RESERVATION, _TARGET, key=True), "the reservation")],
                discriminator="target",
            )
        if preference not in eksctl_limits.CAPACITY_RESERVATION_PREFERENCES:
            known = enumerated(eksctl_limits.CAPACITY_RESERVATION_PREFERENCES, "or")
            yield Finding(
                group.at(_RESERVATION, _PREFERENCE),
                f"{group} prefers {preference} capacity reservations, which has to be {known}",
                label=f"not {known}",
                discriminator="value",
            )
    identifiers = ("capacityReservationID", "capacityReservationResourceGroupARN")
    if all(written.is_present(group, _RESERVATION, _TARGET, name) for name in identifiers):
        yield Finding(
            group.at(_RESERVATION, _TARGET, identifiers[1], key=True),
            f"{group} names a capacity reservation and a group of them, and eksctl takes one of the two",
            label=f"beside {identifiers[0]}",
            related=[(group.at(_RESERVATION, _TARGET, identifiers[0]), "the reservation")],
        )
