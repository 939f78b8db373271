"""What the files prepare for controllers that they do not install themselves: roles, service accounts, tags."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ekslint.facts.controller_roles import CONTROLLER_ROLES, ControllerRole
from ekslint.model.iam import Role
from ekslint.model.reading import known

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.estate import Estate

_KARPENTER = "karpenter"
_NAMED_BY = {
    "access_entries": ("principal",),
    "identity_mappings": ("arn",),
    "pod_identity_associations": ("service_account", "role"),
    "service_accounts": ("name", "role_name"),
}
"""Fields of a cluster whose items are there for some controller or role, and what in them says for which."""


def prepares_for_karpenter(cluster: "Cluster", estate: "Estate") -> bool:
    """Whether a cluster is set up for a Karpenter that the files do not install themselves: by its tags, the service
    account, or a role of Karpenter or its nodes, as Karpenter's own guides have them.
    """
    if any(_KARPENTER in text.lower() for text in _names_in(cluster)):
        return True
    paths = {role.origin.document.source.path for role in estate.controller_roles.get(_KARPENTER, ())}
    return any(each is cluster for path in paths for each in estate.scope.candidates(path))


def _names_in(cluster: "Cluster") -> Iterator[str]:
    """The names of its tags, service accounts and roles, as far as they are known."""
    if not cluster.unknown("tags"):
        yield from known(cluster.tags)
    for field, named in _NAMED_BY.items():
        for each in () if cluster.unknown(field) else known(getattr(cluster, field)):
            yield from (getattr(each, name) or "" for name in named if not each.unknown(name))


def find_controller_roles(estate: "Estate") -> Mapping[str, Sequence[Role]]:
    """The roles in the files that are for a controller in some world, by its component."""
    found: dict[str, list[Role]] = {}
    for role in estate.of(Role):
        for component, signs in CONTROLLER_ROLES.items():
            if _is_for(role, signs):
                found.setdefault(component, []).append(role)
    return found


def _is_for(role: Role, signs: ControllerRole) -> bool:
    names = (role.resource.rpartition("/")[2], *role.possible_items("name"))
    if any(part in name.lower() for part in signs.names for name in names):
        return True
    policies = role.possible_items("managed_policies") if signs.policies else ()
    if any(part in policy for policy in policies for part in signs.policies):
        return True
    statements = role.possible_items("trust") if signs.service_accounts else ()
    subjects = (value for each in statements for _, _, values in each.conditions for value in values)
    return any(subject.rpartition(":")[2] in signs.service_accounts for subject in subjects)
