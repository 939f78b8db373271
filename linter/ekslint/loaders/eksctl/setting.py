"""What the parts of a ClusterConfig need to know of the whole."""

from dataclasses import dataclass, field

from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.loaders.eksctl.network import Network
from ekslint.model.cluster import Cluster
from ekslint.model.entity import Entity
from ekslint.model.pool import Pool
from ekslint.model.reading import Reading


@dataclass
class Setting:
    """One ClusterConfig while it is being loaded."""

    root: Fields
    cluster: Cluster
    name: Reading
    region: Reading
    with_oidc: Reading
    on_outpost: Reading
    network: Network
    pools: list[Pool] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    pool_hole: Reading | None = None
    """Why there may be pools besides `pools`: a template fills in a list, or what stands there is no node group."""

    @property
    def metadata(self) -> Fields:
        """`metadata`."""
        return self.root.section("metadata")

    @property
    def iam(self) -> Fields:
        """`iam`."""
        return self.root.section("iam")


def title(kind: str, name: Reading) -> str:
    """Kind and name for a sentence; a name that a template fills in is shown as it was written."""
    written = written_name(name)
    return f"{kind} {written}" if written else f"unnamed {kind}"


def resource(kind: str, name: Reading, otherwise: str) -> str:
    """The dialect's kind and name; an entity without a name goes by its position."""
    return f"{kind}/{written_name(name) or otherwise}"


def written_name(name: Reading) -> str | None:
    """A name as it stands in the file, None if there is none."""
    if is_known(name):
        return str(name.value) if name.value is not None else None
    return name.source.document.raw(name.source.path)
