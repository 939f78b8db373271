"""What belongs to a cluster and stands in resources of its own: add-ons, access entries, pod identities, logs, OIDC."""

from collections.abc import Callable, Mapping, Sequence

from ekslint.loaders.cloudformation.conditions import branches
from ekslint.loaders.cloudformation.fields import (
    identifier,
    integer,
    mapping_of,
    name,
    sequence,
    sequence_of,
    text,
)
from ekslint.loaders.cloudformation.launches import is_given
from ekslint.loaders.cloudformation.machines import any_true
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.texts import after, split
from ekslint.loaders.cloudformation.values import (
    Listed,
    PartialText,
    ResourceReference,
    mapped,
    otherwise,
    under_condition,
)
from ekslint.model.cluster import AccessEntry, Addon, Cluster, PodIdentityAssociation
from ekslint.model.entity import Entity
from ekslint.model.reading import Reading, Source, Unknown

ADDON = "AWS::EKS::Addon"
ACCESS_ENTRY = "AWS::EKS::AccessEntry"
POD_IDENTITY = "AWS::EKS::PodIdentityAssociation"
_OIDC_PROVIDER = "AWS::IAM::OIDCProvider"
_CNI_ACCOUNT = ("kube-system", "aws-node")
_CNI_ADDON = "vpc-cni"
_HIDDEN = Unknown("other stacks or custom resources work on the cluster too")


def load_cluster_parts(setting: Setting) -> None:
    """Give every cluster of the template its parts; those of clusters from elsewhere go to `loaded.members`."""
    inside: dict[str, dict[str, list[tuple[Resource, Entity]]]] = {}
    makers: Mapping[str, Callable[[Resource, Setting], Entity]] = {
        ADDON: _addon,
        ACCESS_ENTRY: _access_entry,
        POD_IDENTITY: _association,
    }
    for resource in setting.template.of_type(*makers):
        part = makers[resource.type](resource, setting)
        reference = setting.clusters.reference(resource.get("ClusterName"))
        if reference.cluster is None:
            setting.loaded.members.append((part, reference))
        else:
            of_cluster = inside.setdefault(reference.cluster.resource, {})
            of_cluster.setdefault(resource.type, []).append((resource, part))
    retention = _log_retention(setting)
    urls = [(each, each.get("Url").value) for each in setting.template.of_type(_OIDC_PROVIDER)]
    for logical_id, cluster in setting.clusters.by_id.items():
        resource = setting.template.resources[logical_id]
        parts = inside.get(cluster.resource, {})
        _declare_parts(cluster, resource.source, parts)
        if not cluster.unknown("log_retention_days"):
            cluster.declare(
                log_retention_days=retention.get(cluster.resource, Reading(None, cluster.origin)),
                oidc_provider=_oidc_provider(cluster, resource, urls),
                nodes_get_cni_from_cluster=_cni_from_cluster(parts, cluster),
            )


def _declare_parts(cluster: Cluster, source: Source, parts: Mapping[str, list[tuple[Resource, Entity]]]) -> None:
    if not cluster.unknown("addons"):
        cluster.declare(addons=_addons(cluster, parts.get(ADDON, [])))
    for field, kind in (("access_entries", ACCESS_ENTRY), ("pod_identity_associations", POD_IDENTITY)):
        if not cluster.unknown(field):
            items = [under_condition(each.presence, Reading(part, each.source)) for each, part in parts.get(kind, [])]
            cluster.declare(**{field: sequence_of(items, source, _HIDDEN if cluster.has_hidden_parts else None)})


def _addons(cluster: Cluster, addons: list[tuple[Resource, Entity]]) -> Reading:
    items: dict[str, Reading] = {}
    is_open = _HIDDEN if cluster.has_hidden_parts else None
    for resource, addon in addons:
        for condition, leaf in branches(text(resource.get("AddonName"))):
            if isinstance(leaf.value, str):
                found = under_condition(resource.presence, Reading(addon, resource.source))
                earlier = items.get(leaf.value)
                found = under_condition(condition, found)
                # One of two that exclude each other.
                items[leaf.value] = otherwise(found, lambda earlier=earlier: earlier) if earlier else found  # type: ignore[misc]
            elif isinstance(leaf.value, Unknown):
                is_open = leaf.value
    return mapping_of(items, cluster.origin, is_open)


def _entity_title(kind: str, given: Reading, resource: Resource) -> str:
    return f"{kind} {given.value if isinstance(given.value, str) else resource.logical_id}"


def _addon(resource: Resource, setting: Setting) -> Addon:
    given_name = name(resource.get("AddonName"))
    addon = resource.entity(Addon, _entity_title("add-on", given_name, resource))
    associations = resource.get("PodIdentityAssociations")
    addon.declare(
        name=given_name,
        version=text(resource.get("AddonVersion")),
        role=identifier(resource.get("ServiceAccountRoleArn")),
        configuration_values=text(resource.get("ConfigurationValues")),
        resolve_conflicts=text(resource.get("ResolveConflicts")),
        pod_identity_associations=otherwise(
            sequence(associations, lambda item: mapped(item, lambda leaf: _of_addon(leaf, addon, setting))),
            lambda: Reading((), associations.source),
        ),
    )
    return addon


def _of_addon(leaf: Reading, addon: Addon, setting: Setting) -> Reading:
    association = PodIdentityAssociation(
        f"pod identity association of {addon}",
        leaf.source,
        dialect="cloudformation",
        resource=addon.resource,
        presence=addon.presence,
    )
    role = member(leaf, "RoleArn")
    association.declare(
        service_account=text(member(leaf, "ServiceAccount")),
        role=identifier(role),
        declared_role=setting.identities.role(role),
    )
    return Reading(association, leaf.source)


def _access_entry(resource: Resource, setting: Setting) -> AccessEntry:
    principal = resource.get("PrincipalArn")
    entry = resource.entity(AccessEntry, _entity_title("access entry", identifier(principal), resource))
    role = setting.identities.role(principal)
    # The user guide itself writes EC2_Linux as well as EC2_LINUX.
    kind = mapped(text(resource.get("Type")), lambda leaf: Reading(leaf.value.upper(), leaf.source))
    groups, policies = resource.get("KubernetesGroups"), resource.get("AccessPolicies")
    entry.declare(
        # An ARN that is put together from a role's name is as good as a reference to it.
        principal=otherwise(
            mapped(role, lambda leaf: Reading(leaf.value.resource.rpartition("/")[2], leaf.source)),
            lambda: identifier(principal),
        ),
        type=otherwise(kind, lambda: Reading("STANDARD", kind.source)),
        kubernetes_groups=otherwise(sequence(groups, text), lambda: Reading((), groups.source)),
        access_policies=otherwise(
            sequence(policies, lambda item: mapped(item, lambda leaf: text(member(leaf, "PolicyArn")))),
            lambda: Reading((), policies.source),
        ),
        username=text(resource.get("Username")),
    )
    return entry


def _association(resource: Resource, setting: Setting) -> PodIdentityAssociation:
    account = text(resource.get("ServiceAccount"))
    association = resource.entity(
        PodIdentityAssociation, _entity_title("pod identity association of service account", account, resource)
    )
    role = resource.get("RoleArn")
    association.declare(
        namespace=text(resource.get("Namespace")),
        service_account=account,
        role=identifier(role),
        declared_role=setting.identities.role(role),
    )
    return association


def _log_retention(setting: Setting) -> dict[str, Reading]:
    """RetentionInDays of the log groups that control planes write to, by the cluster's resource."""
    found: dict[str, Reading] = {}
    for group in setting.template.of_type("AWS::Logs::LogGroup"):
        given_name = group.get("LogGroupName")
        rest = after(given_name.value, "/aws/eks/")
        pieces = split(rest, "/", given_name.source).items if rest is not None else ()
        if len(pieces) == 2 and pieces[1].value == "cluster":
            cluster = setting.clusters.reference_of(pieces[0].value).cluster
            if cluster is not None:
                retention = under_condition(group.presence, integer(group.get("RetentionInDays")))
                found.setdefault(cluster.resource, retention)
    return found


def _oidc_provider(cluster: Cluster, resource: Resource, urls: Sequence[tuple[Resource, object]]) -> Reading:
    found = [_true_under(provider) for provider, url in urls if _mentions(url, resource)]
    return _certain_or_hidden(found, cluster)


def _mentions(value: object, resource: Resource) -> bool:
    if isinstance(value, ResourceReference):
        return value.resource is resource
    if isinstance(value, Listed):
        return any(_mentions(item.value, resource) for item in value.items)
    return isinstance(value, PartialText) and any(_mentions(gap.stands_for, resource) for gap in value.gaps)


def _cni_from_cluster(parts: Mapping[str, list[tuple[Resource, Entity]]], cluster: Cluster) -> Reading:
    found: list[Reading] = []
    for resource, _ in parts.get(ADDON, []):
        if text(resource.get("AddonName")).value == _CNI_ADDON:
            identities = (resource.get(key) for key in ("ServiceAccountRoleArn", "PodIdentityAssociations"))
            of_addon = any_true([is_given(each) for each in identities], resource.source)
            found.append(
                otherwise(under_condition(resource.presence, of_addon), lambda: Reading(False, cluster.origin))
            )
    for resource, _ in parts.get(POD_IDENTITY, []):
        if tuple(text(resource.get(key)).value for key in ("Namespace", "ServiceAccount")) == _CNI_ACCOUNT:
            found.append(_true_under(resource))
    return _certain_or_hidden(found, cluster)


def _true_under(resource: Resource) -> Reading:
    found = under_condition(resource.presence, Reading(True, resource.source))
    return otherwise(found, lambda: Reading(False, resource.source))


def _certain_or_hidden(found: list[Reading], cluster: Cluster) -> Reading:
    """Whether one of them holds. Where other stacks work on the cluster, they may do what this one does not."""
    if cluster.has_hidden_parts:
        found.append(Reading(_HIDDEN, cluster.origin))
    return any_true(found, cluster.origin)
