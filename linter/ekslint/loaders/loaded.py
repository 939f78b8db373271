"""What the loaders make of documents, before it is joined into an estate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ekslint.model.cluster import Cluster
from ekslint.model.entity import Entity
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.pool import Pool
from ekslint.model.reading import Source
from ekslint.model.world import World

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.stacks import Stacks


class ClusterReference(NamedTuple):
    """How a pool, an add-on or an access entry says which cluster it belongs to."""

    name: str | None = None
    """A literal name; None where it is unknown."""
    cluster: Cluster | None = None
    """The cluster itself, where it stands in the same document."""
    elsewhere: tuple[str, int, str] | None = None
    """Path, number of the document in its file, and resource of a cluster that stands in another document."""


class LoadProblem(NamedTuple):
    """Something that a loader could not make sense of; becomes a finding of the engine, category `input`."""

    kind: str
    """A name of the engine's own findings."""
    source: Source
    message: str


@dataclass
class Loaded:
    """Everything that all documents declared, in order of file and place."""

    world: World
    clusters: list[Cluster] = field(default_factory=list)
    clusters_elsewhere: list[Source] = field(default_factory=list)
    """Where clusters are declared in a language that is not linted."""
    names_in_templates: set[str] = field(default_factory=set)
    """What templates that cannot be read call things."""
    values_files: Sequence[str] = ()
    """Paths of files that hold values for Helm charts of others."""
    stacks: "Stacks | None" = None
    """All CloudFormation templates: one may get values from another."""
    pools: list[tuple[Pool, ClusterReference]] = field(default_factory=list)
    """Pools with the cluster that they name. Those of an eksctl file are attached there too."""
    members: list[tuple[Entity, ClusterReference]] = field(default_factory=list)
    """Add-ons, access entries and pod identity associations that stand outside of their cluster's own declaration."""
    objects: list[KubernetesObject] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    """Further subjects of rules: roles, subnets, NAT gateways, bare instances."""
    problems: list[LoadProblem] = field(default_factory=list)
