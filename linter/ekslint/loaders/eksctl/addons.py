"""Add-ons: those that are listed, those that eksctl installs unasked, and who gives aws-node its permissions.

Source: eksctl 0.231 `pkg/actions/addon`: `tasks.go` (CreateAddonTasks), `create.go` (Create,
setRecommendedPoliciesForIRSA).
"""

from collections.abc import Sequence

from ekslint.facts import eksctl_defaults
from ekslint.facts.node_policies import Need, grant_for
from ekslint.loaders.eksctl.access import attached_policies, pod_identity_associations
from ekslint.loaders.eksctl.decoding import parts_of, sequence
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.loaders.eksctl.setting import Setting, resource, title
from ekslint.model.cluster import Addon, DeclaredServiceAccount, PodIdentityAssociation
from ekslint.model.reading import Reading, some

VPC_CNI = "vpc-cni"
METRICS_SERVER = "metrics-server"
_EBS_CSI = "aws-ebs-csi-driver"
_EFS_CSI = "aws-efs-csi-driver"
_OWN_POLICIES = {
    VPC_CNI: grant_for(Need.CNI).policies[0],
    _EBS_CSI: "AmazonEBSCSIDriverPolicy",
    _EFS_CSI: "efsCSIController",
}
"""What eksctl attaches by itself, with `iam.withOIDC`, to add-ons that say nothing of their permissions."""


def load_addons(setting: Setting) -> Reading:
    """The listed add-ons by name, in lower case as the API compares; unknown if one has no name to read."""
    listed = setting.root.sections("addons")
    if listed.hole is not None:
        return Reading(listed.hole.value, listed.source)
    automatic = setting.root.section("addonsConfig").boolean("autoApplyPodIdentityAssociations", default=False)
    addons: dict[str, Reading] = {}
    nameless: Reading | None = None
    for fields in listed:
        addon = _addon(fields, setting, automatic)
        setting.entities.append(addon)
        name = fields.text("name")
        if not is_known(name):
            nameless = nameless or name
        elif name.value is not None:
            addons.setdefault(name.value.lower(), Reading(addon, fields.source()))
    if nameless is not None:
        return nameless
    return Reading({name: reading.value for name, reading in addons.items()}, listed.source, parts_of(addons))


def _addon(fields: Fields, setting: Setting, automatic: Reading) -> Addon:
    name = fields.text("name")
    addon = Addon(
        title("add-on", name),
        fields.source(),
        dialect="eksctl",
        resource=resource("Addon", name, f"[{fields.path[-1]}]"),
    )
    associations = pod_identity_associations(fields, "podIdentityAssociations")
    by_default = fields.boolean("useDefaultPodIdentityAssociations", default=False)
    role = fields.text("serviceAccountRoleARN")
    policies = attached_policies(fields)
    silent = role.value is None and policies.value == () and associations.value == ()
    if silent and automatic.value is not False and by_default.value is not True:
        by_default = automatic
    if silent and by_default.value is False:
        policies = _own_policies(name, setting, policies)
    addon.declare(
        name=name,
        version=fields.text("version"),
        role=role,
        resolve_conflicts=_upper(fields.text("resolveConflicts")),
        attached_policies=policies,
        configuration_values=fields.text("configurationValues"),
        pod_identity_associations=associations,
        uses_default_pod_identity=by_default,
    )
    return addon


def _upper(reading: Reading) -> Reading:
    return Reading(reading.value.upper(), reading.source) if isinstance(reading.value, str) else reading


def _own_policies(name: Reading, setting: Setting, nothing: Reading) -> Reading:
    policy = _OWN_POLICIES.get(str(name.value).lower())
    if policy is None or setting.with_oidc.value is False:
        return nothing
    if not is_known(setting.with_oidc):
        return setting.with_oidc
    return sequence([Reading(policy, nothing.source)], nothing.source)


def default_addons(setting: Setting, addons: Reading, auto_mode: Reading) -> Reading:
    """What is installed without being listed; metrics-server is a guess where the region is unknown."""
    disabled = setting.root.section("addonsConfig").boolean("disableDefaultAddons", default=False)
    for reading in (disabled, addons, auto_mode):
        if not is_known(reading):
            return Reading(reading.value, disabled.source)
    if disabled.value:
        return Reading((), disabled.source)
    is_auto = auto_mode.value is not None
    names = eksctl_defaults.DEFAULT_ADDONS_OF_AUTO_MODE if is_auto else eksctl_defaults.DEFAULT_ADDONS
    missing = [name for name in names if name not in addons.value]
    if METRICS_SERVER in missing and setting.region.value in eksctl_defaults.REGIONS_WITHOUT_METRICS_SERVER:
        missing.remove(METRICS_SERVER)
    readings = [Reading(name, disabled.source) for name in missing]
    if METRICS_SERVER in missing and not is_known(setting.region):
        readings[missing.index(METRICS_SERVER)] = Reading(setting.region.value, setting.region.source)
    return sequence(readings, disabled.source)


def cni_from_cluster(setting: Setting, addons: Reading, associations: Reading, accounts: Reading) -> Reading:
    """Whether aws-node has permissions of its own: from eksctl (with OIDC), its add-on, or its service account."""
    reasons = [setting.with_oidc, _identity_of_addon(setting, addons)]
    reasons += [_serves_aws_node(associations, "service_account"), _serves_aws_node(accounts, "name")]
    certain = next((reason for reason in reasons if reason.value is True), None)
    doubtful = next((reason for reason in reasons if not is_known(reason)), None)
    return certain or doubtful or Reading(False, setting.with_oidc.source)


def _identity_of_addon(setting: Setting, addons: Reading) -> Reading:
    if not is_known(addons):
        return addons
    addon: Addon | None = addons.value.get(VPC_CNI)
    if addon is None:
        config = setting.root.section("addonsConfig")
        return config.boolean("autoApplyPodIdentityAssociations", default=False)
    return derived(lambda _: addon.has_own_identity, Reading(None, addon.origin))


def _serves_aws_node(entities: Reading, field: str) -> Reading:
    def serves(items: Sequence[PodIdentityAssociation | DeclaredServiceAccount]) -> bool:
        return some(items, lambda item: getattr(item, field) == "aws-node" and item.namespace == "kube-system")

    return derived(serves, entities)
