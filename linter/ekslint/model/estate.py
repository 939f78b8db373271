"""Everything that was declared, in one place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ekslint.model.entity import Entity
from ekslint.model.world import World

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.iam import Role
    from ekslint.model.kubernetes.joins import Joins
    from ekslint.model.kubernetes.manifest import KubernetesObject
    from ekslint.model.scope import Scope

T = TypeVar("T", bound=Entity)
T_Object = TypeVar("T_Object", bound="KubernetesObject")


@dataclass(eq=False)
class Estate:
    """The model of one run: what rules read, and join."""

    as_of: date
    """"Today", for everything that depends on a date."""
    world: World
    scope: "Scope"
    clusters: Sequence["Cluster"] = ()
    entities: Sequence[Entity] = ()
    """Every entity that can be a subject of a rule, in order of file and place."""
    profiles: Mapping[str, str] = field(default_factory=dict)
    """Cluster name → `production` or another profile, from the configuration."""
    known_node_labels: Sequence[str] = ()
    """Label keys (or prefixes that end in `*`) that nodes get by other means, from the configuration."""
    names_in_templates: Collection[str] = ()
    """What templates that cannot be read call things: no rule may say of these that they are in no file."""
    values_files: Sequence[str] = ()
    """Paths of files that hold values for Helm charts of others."""
    _by_kind: dict[type[Entity], list[Entity]] = field(default_factory=dict)
    _evidence: dict[tuple[str, int], bool] = field(default_factory=dict)

    def of(self, kind: type[T]) -> list[T]:
        """All entities of a kind, subclasses and parts of objects (containers …) included, in order."""
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = []
            for entity in self.entities:
                if isinstance(entity, kind):
                    found.append(entity)
                if kind.__name__ in getattr(type(entity), "part_names", ()):
                    found += [part for part in entity.parts if isinstance(part, kind)]
        return found  # type: ignore[return-value]

    @cached_property
    def joins(self) -> "Joins":
        """Which Kubernetes objects belong together."""
        from ekslint.model.kubernetes.joins import Joins

        return Joins(self)

    @cached_property
    def installations(self) -> Mapping[str, Sequence[Entity]]:
        """What installs the components that clusters are known to have, by component."""
        from ekslint.model.evidence import find_installations

        return find_installations(self)

    @cached_property
    def values_of_charts(self) -> Mapping[str, Sequence[str]]:
        """Paths of the files with values for the charts of components that clusters are known to have, by component."""
        from ekslint.model.evidence import find_values_of_charts

        return find_values_of_charts(self.values_files)

    def beside(self, object_: "KubernetesObject", kind: type[T_Object]) -> Iterator[T_Object]:
        """The objects of a kind that may go to the same cluster as `object_`."""
        mine = {id(cluster) for cluster in object_.clusters}
        for other in self.of(kind):
            if not mine or any(id(cluster) in mine for cluster in other.clusters) or not other.clusters:
                yield other

    @cached_property
    def _roles_by_name(self) -> Mapping[str, Sequence["Role"]]:
        from ekslint.model.iam import Role

        found: dict[str, list[Role]] = {}
        for role in self.of(Role):
            # In some world it may be called so: which world it is, only the rule knows that asks.
            for name in role.possible_items("name"):
                found.setdefault(name, []).append(role)
        return found

    def role_named(self, arn: str, cluster: "Cluster | None" = None) -> "Role | None":
        """The one role that has the name in an ARN, or just this name; None where none or several do.

        With a cluster, of the files that may be about it: accounts of their own give their roles the same names.
        """
        wanted = arn.rpartition("/")[2]
        found = [
            role
            for role in self._roles_by_name.get(wanted, ())
            if role.present and not role.unknown("name") and role.name == wanted
        ]
        if cluster is not None:
            found = [role for role in found if cluster in self.scope.candidates(role.origin.document.source.path)]
        return found[0] if len(found) == 1 else None

    @cached_property
    def controller_roles(self) -> Mapping[str, Sequence["Role"]]:
        """The roles that are there for controllers (`facts/controller_roles.py`), by component."""
        from ekslint.model.preparations import find_controller_roles

        return find_controller_roles(self)

    def profile_of(self, cluster: "Cluster") -> str | None:
        """What the configuration says of a cluster's environment."""
        return None if cluster.unknown("name") else self.profiles.get(cluster.name or "")

    def has_evidence_of(self, component: str, cluster: "Cluster") -> bool:
        """Whether anything in the files installs a component (`karpenter`, `cluster-autoscaler`,
        `aws-load-balancer-controller` …) on a cluster: its workload, a Helm release, an Argo CD application, or values
        for its chart.
        """
        from ekslint.model.evidence import installs

        key = (component, id(cluster))
        if key not in self._evidence:
            self._evidence[key] = installs(component, cluster, self)
        return self._evidence[key]
