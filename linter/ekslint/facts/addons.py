"""EKS add-ons: what AWS permissions they need, and which of them Auto Mode replaces. The table is `data/addons.tsv`."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words

CORE_ADDONS = ("vpc-cni", "kube-proxy", "coredns")
"""Without these no ordinary node becomes ready. EKS installs unmanaged copies unless it is told not to (EKS API,
bootstrapSelfManagedAddons)."""


class AddonFacts(NamedTuple):
    """One add-on that AWS or its community programme publishes."""

    name: str
    publisher: str
    """`aws` or `community`."""
    is_built_into_auto_mode: bool
    """Whether a cluster whose nodes are all Auto Mode's does not need it."""
    permissions: str
    """`required`, `optional` (only in some configurations), or nothing if it never needs a role of its own."""
    namespace: str | None
    service_account: str | None
    """The service account that calls AWS, in `namespace`; None if none does, or the configuration decides."""
    policies: tuple[str, ...]
    """Names of managed policies, see `any_policy_will_do`; empty where only a policy of one's own fits."""
    needs: tuple[str, ...]
    """Other add-ons without which it does not work."""

    @property
    def needs_permissions(self) -> bool:
        """Whether it cannot work without a role."""
        return self.permissions == "required"

    @property
    def any_policy_will_do(self) -> bool:
        """Whether one of `policies` is enough (versions of one policy); otherwise it needs them all."""
        return self.name == "aws-ebs-csi-driver"


@cache
def addons() -> Mapping[str, AddonFacts]:
    """Every add-on of the table by name, sorted."""
    found = {}
    for name, publisher, auto, permissions, namespace, account, policies, needs in rows("addons.tsv"):
        found[name] = AddonFacts(
            name,
            publisher,
            auto == "builtin",
            permissions,
            namespace or None,
            account or None,
            words(policies),
            words(needs),
        )
    return MappingProxyType(found)


def addon(name: str) -> AddonFacts | None:
    """What is known about the add-on `name`; None for Marketplace add-ons and mistakes alike."""
    return addons().get(name)
