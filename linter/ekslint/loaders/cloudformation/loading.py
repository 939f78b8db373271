"""Loading a template: its resources become clusters, pools and what belongs to them."""

import re
from collections.abc import Mapping

from ekslint.facts.node_policies import policy_name
from ekslint.loaders.cloudformation.auto_mode import load_auto_mode
from ekslint.loaders.cloudformation.auto_scaling import AUTO_SCALING_GROUP, load_auto_scaling_group
from ekslint.loaders.cloudformation.cluster_parts import load_cluster_parts
from ekslint.loaders.cloudformation.clusters import CLUSTER, Clusters
from ekslint.loaders.cloudformation.fargate import FARGATE_PROFILE, load_fargate_profile
from ekslint.loaders.cloudformation.file_systems import FILE_SYSTEM, file_system
from ekslint.loaders.cloudformation.hybrid import load_hybrid_nodes
from ekslint.loaders.cloudformation.identities import Identities
from ekslint.loaders.cloudformation.identity_references import identity_references
from ekslint.loaders.cloudformation.instances import INSTANCE, load_instance
from ekslint.loaders.cloudformation.launches import Launches
from ekslint.loaders.cloudformation.nested_stacks import nested_stack
from ekslint.loaders.cloudformation.network import Network
from ekslint.loaders.cloudformation.node_groups import NODE_GROUP, load_node_group
from ekslint.loaders.cloudformation.security_groups import SECURITY_GROUP, load_own_security_group, security_group
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.stacks import NESTED_STACK, Stacks
from ekslint.loaders.loaded import Loaded, LoadProblem
from ekslint.model.entity import Entity
from ekslint.model.iam import Role
from ekslint.model.launch import UserData
from ekslint.model.reading import Source
from ekslint.source.tree import Document, Node

# Nothing of EKS can be meant without one of these words; most templates that are not about EKS end here.
_WORTH_LOADING = re.compile(r"eks|kubernetes", re.IGNORECASE)
_OF_EKS = re.compile(r"AWS(?:QS)?::EKS::|Custom::AWSCDK-EKS-|Custom::E[Kk][Ss]Cluster\Z")

_SERVICES_OF_EKS = ("eks.amazonaws.com", "pods.eks.amazonaws.com", "eks-fargate-pods.amazonaws.com")
_POLICIES_OF_EKS = "AmazonEKS"
_SERVICE_ACCOUNT = "system:serviceaccount:"
_OIDC_OF_EKS = "oidc.eks."


def is_template(root: Node) -> bool:
    """Whether a document is a CloudFormation template, SAM and the CDK's output included."""
    if not isinstance(root, dict):
        return False
    if "AWSTemplateFormatVersion" in root:
        return True
    resources = root.get("Resources")
    return isinstance(resources, dict) and any(
        isinstance(each, dict) and isinstance(kind := each.get("Type"), str) and "::" in kind
        for each in resources.values()
    )


def load_template(document: Document, loaded: Loaded) -> None:
    """Add what a template declares to `loaded`. Scalars must have been read as texts."""
    _note_wrong_types(document, loaded)
    if not _WORTH_LOADING.search(document.source.text):
        return
    stacks = loaded.stacks or Stacks([document], loaded.world)
    template = stacks.template(document)
    place = document.source.path, document.number
    identities = stacks.identities(*place) or Identities(template)
    network = stacks.network(*place) or Network(template)
    launches = Launches(template, identities)
    clusters = Clusters(template, identities, network)
    setting = Setting(template, identities, network, launches, clusters, loaded)
    loaded.clusters += clusters.by_id.values()
    load_cluster_parts(setting)
    is_about_eks = any(_OF_EKS.match(resource.type) for resource in template.resources.values())
    instances: dict[str, Entity] = {}
    for resource in template.resources.values():
        if resource.type == CLUSTER:
            load_auto_mode(clusters.by_id[resource.logical_id], resource, setting)
            load_hybrid_nodes(clusters.by_id[resource.logical_id], resource, setting)
            load_own_security_group(clusters.by_id[resource.logical_id], resource, setting)
        elif resource.type == NODE_GROUP:
            load_node_group(resource, setting)
        elif resource.type == FARGATE_PROFILE:
            load_fargate_profile(resource, setting)
        elif resource.type == AUTO_SCALING_GROUP:
            is_about_eks |= load_auto_scaling_group(resource, setting)
        elif resource.type == INSTANCE:
            instance = load_instance(resource, setting)
            if instance is not None:
                instances[resource.logical_id] = instance
        elif resource.type == NESTED_STACK:
            loaded.entities.append(nested_stack(resource))
        elif resource.type == FILE_SYSTEM:
            loaded.entities.append(file_system(resource))
    is_about_eks |= bool(instances) or any(_starts_nodes(each) for each in launches.user_data)
    _add_entities(setting, instances, is_about_eks=is_about_eks)
    if template.resolver.budget.is_spent or template.is_too_large:
        message = "the template is larger than any stack can be: what is left of it is taken as unknown"
        loaded.problems.append(LoadProblem("too-large", Source(document, ("Resources",), key=True), message))


def _add_entities(setting: Setting, instances: Mapping[str, Entity], *, is_about_eks: bool) -> None:
    """Further subjects, in order. In a template without nodes and clusters, only what is for them is of interest."""
    if not is_about_eks:
        setting.loaded.entities += [role for role in setting.identities.roles.values() if _is_for_eks(role)]
        groups = (security_group(resource, setting) for resource in setting.template.of_type(SECURITY_GROUP))
        setting.loaded.entities += [
            group for group in groups if any(True for _ in group.possible_items("cluster_tags"))
        ]
        return
    setting.loaded.entities += identity_references(setting.template)
    user_data: dict[str, list[Entity]] = {}
    for each in setting.launches.user_data:
        user_data.setdefault(each.resource, []).append(each)
    launch_templates = {launch.resource.logical_id: launch.entity for launch in setting.launches}
    by_id: tuple[Mapping[str, Entity | None], ...] = (
        setting.identities.roles,
        setting.identities.profiles,
        setting.network.subnets,
        setting.network.nat_gateways,
        launch_templates,
        instances,
    )
    for logical_id, resource in setting.template.resources.items():
        for entities in by_id:
            entity = entities.get(logical_id)
            if entity is not None:
                setting.loaded.entities.append(entity)
        if resource.type == SECURITY_GROUP:
            setting.loaded.entities.append(security_group(resource, setting))
        setting.loaded.entities += user_data.get(resource.identity, [])


def _starts_nodes(data: UserData) -> bool:
    """Whether a launch template is for nodes, whichever stack has the group that uses it."""
    return not data.unknown("bootstrapper") and data.bootstrapper is not None


def _is_for_eks(role: Role) -> bool:
    """Whether a role is one for pods, nodes or clusters, by whom it trusts or by a policy of EKS."""
    if any(policy_name(policy).startswith(_POLICIES_OF_EKS) for policy in role.possible_items("managed_policies")):
        return True
    for statement in role.possible_items("trust"):
        texts = [value for _, value in statement.principals]
        texts += [value for _, _, values in statement.conditions for value in values]
        if any(text in _SERVICES_OF_EKS or text.startswith(_SERVICE_ACCOUNT) or _OIDC_OF_EKS in text for text in texts):
            return True
    return False


def _note_wrong_types(document: Document, loaded: Loaded) -> None:
    """What no template can have: CloudFormation itself refuses it before it looks at any resource."""
    root = document.root
    if not isinstance(root, dict):
        return
    for section in ("Conditions", "Mappings", "Parameters", "Resources"):
        if section in root and not isinstance(root[section], dict | None):
            source = Source(document, (section,), key=True)
            loaded.problems.append(LoadProblem("wrong-type", source, f"{section} must be a mapping"))
    resources = root.get("Resources")
    for logical_id, node in resources.items() if isinstance(resources, dict) else ():
        if not isinstance(node, dict) and not logical_id.startswith("Fn::"):
            source = Source(document, ("Resources", logical_id), key=True)
            loaded.problems.append(LoadProblem("wrong-type", source, f"resource {logical_id} must be a mapping"))
