"""`AWS::EC2::Instance`: a node that nothing replaces when it dies."""

from ekslint.loaders.cloudformation.fields import pairs, text
from ekslint.loaders.cloudformation.joining import cluster_joined
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import for_each_branch, otherwise
from ekslint.model.pool import Instance
from ekslint.model.reading import Reading, Unknown

INSTANCE = "AWS::EC2::Instance"


def load_instance(resource: Resource, setting: Setting) -> Instance | None:
    """The instance, if it joins a cluster."""
    own = Reading(setting.launches.of_instance(resource), resource.source)
    template = setting.launches.find(resource.get("LaunchTemplate"), "LaunchTemplateId", "LaunchTemplateName")
    reference = cluster_joined(resource, own, setting) or cluster_joined(resource, template, setting)
    if reference is None:
        return None
    instance = resource.entity(Instance, f"instance {resource.logical_id}")
    tags = pairs(resource.get("Tags"))
    named = for_each_branch(tags, lambda leaf: _name_tag(leaf, resource))
    cluster_name = Reading(reference.name, resource.source)
    if reference.cluster is not None:
        cluster_name = text(setting.template.resources[_logical_id(reference.cluster.resource)].get("Name"))
    unknown = Reading(Unknown("the template does not tell the cluster's name"), resource.source)
    instance.declare(name=named, cluster_name=otherwise(cluster_name, lambda: unknown))
    return instance


def _name_tag(leaf: Reading, resource: Resource) -> Reading:
    given = (leaf.parts or {}).get("Name")
    return given if given is not None else Reading(resource.logical_id, resource.source)


def _logical_id(identity: str) -> str:
    return identity.rpartition("/")[2]
