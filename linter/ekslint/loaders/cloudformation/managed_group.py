"""A managed node group in the making, and how its launch template comes in."""

from collections.abc import Callable
from dataclasses import dataclass

from ekslint.loaders.cloudformation.launches import Launch
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import for_each_branch
from ekslint.model.cluster import Cluster
from ekslint.model.reading import Reading


@dataclass(frozen=True, slots=True)
class ManagedGroup:
    """An `AWS::EKS::Nodegroup` with what it refers to."""

    resource: Resource
    setting: Setting
    launch: Reading
    """`Launch`; absent without a launch template, unknown if that stands elsewhere."""
    cluster: Cluster | None
    """None where it stands elsewhere."""

    def get(self, *path: str) -> Reading:
        """A property, or what stands at a path of keys below one."""
        return self.resource.get(*path)

    def of_launch(self, function: Callable[[Launch], Reading], without: Callable[[], Reading] | None = None) -> Reading:
        """A field that the launch template decides; `without` where there is none, absent by default."""

        def choose(leaf: Reading) -> Reading:
            if leaf.value is None:
                return without() if without is not None else leaf
            return function(leaf.value) if isinstance(leaf.value, Launch) else leaf

        return for_each_branch(self.launch, choose)
