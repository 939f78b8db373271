"""The objects of Karpenter and of EKS Auto Mode, for rules about their own fields; the pools are `KarpenterPool`s."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.selectors import requirement
from ekslint.model.pool import Requirement
from ekslint.source.tree import Path

if TYPE_CHECKING:
    from ekslint.model.pool import KarpenterPool


class NodePoolObject(KubernetesObject):
    """A NodePool, or the Provisioner that came before it."""

    __slots__ = ("pool",)
    pool: "KarpenterPool"

    requirements_path: Path = ("spec", "template", "spec", "requirements")

    @property
    def requirements(self) -> Sequence[Requirement]:
        """What its nodes must be like; `at(*requirements_path, n)` is the place."""
        path = self.requirements_path
        return self.each(path, lambda index, item: requirement(self, (*path, index)))


class NodePool(NodePoolObject):
    """`karpenter.sh` NodePool, of Karpenter and of Auto Mode."""

    __slots__ = ()

    @property
    def replicas(self) -> int | None:
        """The fixed number of nodes of a static pool."""
        return self.integer("spec", "replicas")

    @property
    def is_auto_mode(self) -> bool:
        """Whether EKS Auto Mode makes its nodes."""
        return self.text("spec", "template", "spec", "nodeClassRef", "group") == "eks.amazonaws.com"


class Provisioner(NodePoolObject):
    """`karpenter.sh/v1alpha5` Provisioner."""

    __slots__ = ()
    requirements_path = ("spec", "requirements")


class NodeClassObject(KubernetesObject):
    """How the nodes of a pool are launched."""

    __slots__ = ()

    @property
    def role(self) -> str | None:
        """The name of the node role."""
        return self.text("spec", "role")

    @property
    def instance_profile(self) -> str | None:
        """The instance profile, where it is given instead of the role."""
        return self.text("spec", "instanceProfile")


class EC2NodeClass(NodeClassObject):
    """`karpenter.k8s.aws` EC2NodeClass."""

    __slots__ = ()

    @property
    def ami_family(self) -> str | None:
        """`AL2023`, `Bottlerocket`, `Custom` …: as written, or as the alias says."""
        family = self.text("spec", "amiFamily")
        if family is not None:
            return family
        alias = self.ami_alias
        return None if alias is None else _FAMILIES.get(alias.partition("@")[0])

    @property
    def ami_alias(self) -> str | None:
        """The alias among the AMI selector terms: `al2023@v20250101`."""
        terms = self.each(
            ("spec", "amiSelectorTerms"), lambda index, item: self.text("spec", "amiSelectorTerms", index, "alias")
        )
        return next((alias for alias in terms if alias), None)


class NodeClass(NodeClassObject):
    """`eks.amazonaws.com` NodeClass, of Auto Mode."""

    __slots__ = ()


class AWSNodeTemplate(NodeClassObject):
    """`karpenter.k8s.aws/v1alpha1` AWSNodeTemplate."""

    __slots__ = ()

    @property
    def role(self) -> str | None:
        """None: it knew instance profiles only."""
        return None


_FAMILIES = {
    "al2": "AL2",
    "al2023": "AL2023",
    "bottlerocket": "Bottlerocket",
    "windows2019": "Windows2019",
    "windows2022": "Windows2022",
    "windows2025": "Windows2025",
}
