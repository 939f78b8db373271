"""The tags of the Auto Scaling group behind a node group.

Source: eksctl 0.231 `pkg/cfn/builder/nodegroup.go` (addResourcesForNodeGroup, GenerateClusterAutoscalerTags); the EKS
user guide for managed groups, whose own tags do not reach the Auto Scaling group.
"""

from ekslint.loaders.eksctl.decoding import mapping, parts_of
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.loaders.eksctl.setting import Setting
from ekslint.model.pool import Taint
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Unknown

_PREFIX = "k8s.io/cluster-autoscaler"


def scaling_tags(fields: Fields, setting: Setting, labels: Reading, taints: Reading, *, managed: bool) -> Reading:
    """What the Cluster Autoscaler finds a group by, and can know of it while it is empty; and the user's own tags."""
    tags = _Tags()
    addon = fields.section("iam", "withAddonPolicies")
    autoscaled = addon.boolean("autoScaler", default=False)
    if not managed:
        tags.add_all(setting.metadata.text_map("tags"))
        tags.add_all(fields.text_map("tags"))
        tags.add_named("kubernetes.io/cluster", setting.name, "owned", Reading(None, fields.source("name")))
    if managed or autoscaled.value is True:
        tags.known[f"{_PREFIX}/enabled"] = Reading("true", autoscaled.source)
        tags.add_named(_PREFIX, setting.name, "owned", autoscaled)
    elif not is_known(autoscaled):
        tags.hole = tags.hole or autoscaled
    propagates = fields.boolean("propagateASGTags", default=False)
    if propagates.value is True:
        tags.add_all(labels, f"{_PREFIX}/node-template/label/")
        tags.add_taints(taints)
    elif not is_known(propagates):
        tags.hole = tags.hole or propagates
    return tags.reading(fields)


class _Tags:
    """Tags as they are collected."""

    def __init__(self) -> None:
        self.known: dict[str, Reading] = {}
        self.hole: Reading | None = None

    def add_all(self, declared: Reading, prefix: str = "") -> None:
        if not is_known(declared):
            self.hole = self.hole or declared
        for key, reading in (declared.parts or {}).items():
            self.known[f"{prefix}{key}"] = reading

    def add_named(self, prefix: str, name: Reading, value: str, at: Reading) -> None:
        if not is_known(name):
            self.hole = self.hole or name
        elif name.value is not None:
            self.known[f"{prefix}/{name.value}"] = Reading(value, at.source)

    def add_taints(self, taints: Reading) -> None:
        if not is_known(taints):
            self.hole = self.hole or taints
        for reading in (taints.parts or {}).values():
            if isinstance(reading.value, Taint):
                key = f"{_PREFIX}/node-template/taint/{reading.value.key}"
                self.known[key] = Reading(reading.value.value, reading.source)
        if isinstance(taints.value, PartialSequence):
            self.hole = self.hole or Reading(Unknown("not all taints are known"), taints.source)

    def reading(self, fields: Fields) -> Reading:
        source = fields.source("tags")
        if self.hole is None:
            return mapping(self.known, source)
        return Reading(PartialMapping(self.known, (self.hole.value, self.hole.source)), source, parts_of(self.known))
