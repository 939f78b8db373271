"""Who may do what in the cluster: service accounts, roles and bindings."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ekslint.facts.service_accounts import ROLE_ANNOTATION
from ekslint.model.kubernetes.manifest import KubernetesObject

"""The IAM role of a service account (IRSA)."""


class PolicyRule(NamedTuple):
    """What one rule of a role allows."""

    api_groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    resource_names: tuple[str, ...]
    """Empty for all."""
    urls: tuple[str, ...]
    """`nonResourceURLs`."""


class RoleReference(NamedTuple):
    """The role that a binding grants."""

    api_group: str | None
    kind: str
    """`Role` or `ClusterRole`."""
    name: str


class BindingSubject(NamedTuple):
    """Somebody to whom a binding grants a role."""

    kind: str
    """`User`, `Group` or `ServiceAccount`."""
    name: str
    namespace: str | None
    """Of a service account."""


class ServiceAccount(KubernetesObject):
    """A ServiceAccount."""

    __slots__ = ()

    @property
    def role(self) -> str | None:
        """ARN of the IAM role that its pods get (IRSA)."""
        return self.text("metadata", "annotations", ROLE_ANNOTATION)

    @property
    def automounts_token(self) -> bool | None:
        """`automountServiceAccountToken`; None means yes."""
        return self.boolean("automountServiceAccountToken")


class GrantingRole(KubernetesObject):
    """A Role or a ClusterRole of Kubernetes; IAM's are `ekslint.Role`."""

    __slots__ = ()

    @property
    def rules(self) -> Sequence[PolicyRule]:
        """What it allows; `at("rules", n, "verbs")` is the place."""
        return self.each(("rules",), self._rule)

    def _rule(self, index: int, item: Any) -> PolicyRule:
        at = ("rules", index)
        self.item(at, item)

        def words(field: str) -> tuple[str, ...]:
            return tuple(word for word in self.sequence(*at, field) if isinstance(word, str))

        return PolicyRule(
            words("apiGroups"), words("resources"), words("verbs"), words("resourceNames"), words("nonResourceURLs")
        )


class KubernetesRole(GrantingRole):
    """`kind: Role`."""

    __slots__ = ()


class ClusterRole(GrantingRole):
    """`kind: ClusterRole`."""

    __slots__ = ()

    @property
    def is_aggregated(self) -> bool:
        """Whether its rules come from other roles."""
        return self.has("aggregationRule")


class Binding(KubernetesObject):
    """A RoleBinding or a ClusterRoleBinding."""

    __slots__ = ()

    @property
    def role_reference(self) -> RoleReference | None:
        """The role; `at("roleRef", "name")` is the place."""
        if not self.has("roleRef"):
            return None
        return RoleReference(
            self.text("roleRef", "apiGroup"), self.text("roleRef", "kind") or "", self.text("roleRef", "name") or ""
        )

    @property
    def subjects(self) -> Sequence[BindingSubject]:
        """To whom the role is granted; `at("subjects", n)` is the place."""
        return self.each(("subjects",), self._subject)

    def _subject(self, index: int, item: Any) -> BindingSubject:
        at = ("subjects", index)
        self.item(at, item)
        return BindingSubject(self.text(*at, "kind") or "", self.text(*at, "name") or "", self.text(*at, "namespace"))


class RoleBinding(Binding):
    """`kind: RoleBinding`."""

    __slots__ = ()


class ClusterRoleBinding(Binding):
    """`kind: ClusterRoleBinding`."""

    __slots__ = ()
