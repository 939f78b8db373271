"""The clusters of a template, and which of them something else means."""

from collections.abc import Sequence

from ekslint.loaders.cloudformation.cluster_fields import CDK_CLUSTER, declare_cluster, declare_unknown_cluster
from ekslint.loaders.cloudformation.conditions import branches
from ekslint.loaders.cloudformation.fields import name, text
from ekslint.loaders.cloudformation.hidden_parts import names_used_elsewhere
from ekslint.loaders.cloudformation.identities import Identities
from ekslint.loaders.cloudformation.network import Network
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import OpenParameter, PartialText, ResourceElsewhere, ResourceReference
from ekslint.loaders.loaded import ClusterReference
from ekslint.model.cluster import Cluster
from ekslint.model.reading import Reading, Source, Unknown

CLUSTER = "AWS::EKS::Cluster"
# Clusters that something other than CloudFormation's own resource type creates: that they exist is all that is known.
UNKNOWN_CLUSTERS = ("AWSQS::EKS::Cluster", CDK_CLUSTER, "Custom::EKSCluster", "Custom::EksCluster")


class Clusters:
    """The clusters that a template declares."""

    def __init__(self, template: Template, identities: Identities, network: Network) -> None:
        self._template = template
        self._names: dict[str, list[object]] = {}
        self.by_id: dict[str, Cluster] = {}
        self.names_used_elsewhere = names_used_elsewhere(template)
        """Logical names and parameters that something is given whose outcome is in no file."""
        for resource in template.of_type(CLUSTER, *UNKNOWN_CLUSTERS):
            cluster = self._cluster(resource)
            if resource.type == CLUSTER:
                declare_cluster(cluster, resource, identities, network)
            else:
                declare_unknown_cluster(cluster, resource)
            names = {resource.logical_id, *_parameters_in(self._names[resource.logical_id])}
            is_used = not names.isdisjoint(self.names_used_elsewhere)
            hidden = is_used or template.has_hidden_resources or resource.type != CLUSTER
            cluster.declare(has_hidden_parts=Reading(hidden, resource.source))

    def reference(self, reading: Reading) -> ClusterReference:
        """The cluster that a property names: one of the template's if any branch of it does, else a name."""
        known_name: str | None = None
        for _, leaf in branches(reading):
            found = self.reference_of(leaf.value)
            if found.cluster is not None or found.elsewhere is not None:
                return found
            known_name = known_name or found.name
        return ClusterReference(known_name)

    def reference_of(self, value: object) -> ClusterReference:
        """The cluster that a name, a text with gaps or a reference stands for."""
        if isinstance(value, ResourceElsewhere):
            return ClusterReference(elsewhere=(value.path, value.number, value.resource))
        if isinstance(value, ResourceReference):
            return ClusterReference(cluster=self.by_id.get(value.resource.logical_id))
        wanted = filled(value) if isinstance(value, PartialText) else value
        for logical_id, names in self._names.items():
            if any(each in (wanted, value) for each in names):
                return ClusterReference(cluster=self.by_id[logical_id])
        return ClusterReference(wanted if isinstance(wanted, str) and wanted else None)

    def version_of(self, cluster: Cluster | None, source: Source) -> Reading:
        """The version of a cluster of the template; unknown for one from elsewhere."""
        for logical_id, each in self.by_id.items():
            if each is cluster and self._template.resources[logical_id].type == CLUSTER:
                return text(self._template.resources[logical_id].get("Version"))
        return Reading(Unknown("the cluster is not in the template"), source)

    def _cluster(self, resource: Resource) -> Cluster:
        written = resource.get("Name")
        if resource.type.startswith("Custom::"):
            written = resource.get("Config", "name")
        given_name = name(written)
        self._names[resource.logical_id] = [
            filled(leaf.value) if isinstance(leaf.value, PartialText) else leaf.value
            for _, leaf in branches(written)
            if leaf.value is not None and (isinstance(leaf.value, OpenParameter) or not isinstance(leaf.value, Unknown))
        ]
        title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
        cluster = resource.entity(Cluster, f"cluster {title}")
        cluster.declare(name=given_name, paths=Reading((resource.source.document.source.path,), resource.source))
        self.by_id[resource.logical_id] = cluster
        return cluster


def _parameters_in(names: Sequence[object]) -> set[str]:
    return {each.parameter for each in names if isinstance(each, OpenParameter)}
