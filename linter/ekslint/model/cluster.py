"""A cluster, and what is declared inside of it."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from ekslint.model.entity import Entity
from ekslint.model.reading import Undecided

if TYPE_CHECKING:
    from ekslint.model.estate import Estate
    from ekslint.model.iam import Role
    from ekslint.model.kubernetes.configuration import ConfigMap
    from ekslint.model.kubernetes.workloads import Workload
    from ekslint.model.network import SecurityGroup, Subnet, VirtualNetwork
    from ekslint.model.pool import FargateProfile, KarpenterPool, NodeGroup, Pool

_NOT_PRODUCTION = frozenset(
    {
        *("dev", "develop", "development", "test", "testing", "tests", "qa", "sandbox"),
        *("demo", "demos", "lab", "labs", "poc", "tutorial", "tutorials", "example", "examples"),
    }
)

_WORDS = re.compile(r"[a-z]+")


def names_no_production(text: str) -> bool:
    """Whether a name, tag or folder says, as a whole word, that this is no production (`eks-dev`, `examples/`)."""
    return not _NOT_PRODUCTION.isdisjoint(_WORDS.findall(text.lower()))


class Addon(Entity):
    """An EKS add-on of a cluster."""

    __slots__ = (
        "attached_policies",
        "configuration_values",
        "name",
        "pod_identity_associations",
        "resolve_conflicts",
        "role",
        "uses_default_pod_identity",
        "version",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "attached_policies": (),
        "configuration_values": None,
        "pod_identity_associations": (),
        "resolve_conflicts": None,
        "role": None,
        "uses_default_pod_identity": False,
        "version": None,
    }
    name: str
    version: str | None
    role: str | None
    """ARN of the service account's role (IRSA), or the logical name of the role in the same template."""
    resolve_conflicts: str | None
    """`NONE`, `OVERWRITE` or `PRESERVE`."""
    attached_policies: Sequence[str]
    """Names or ARNs of the policies that the tool attaches to a role that it creates."""
    configuration_values: str | None
    """JSON or YAML text."""
    pod_identity_associations: "Sequence[PodIdentityAssociation]"
    uses_default_pod_identity: bool
    """eksctl: `useDefaultPodIdentityAssociations` or `autoApplyPodIdentityAssociations`."""

    @property
    def has_own_identity(self) -> bool:
        """Whether its pods get permissions of their own (IRSA or Pod Identity), and not only the node's."""
        return bool(
            self.role or self.attached_policies or self.uses_default_pod_identity or self.pod_identity_associations
        )

    @property
    def configuration(self) -> Mapping[str, Any] | None:
        """What the configuration values say, empty where none are given; None where nobody can read them."""
        from ekslint.model.kubernetes.embedded import embedded

        text = self.configuration_values
        if text is None or not text.strip():
            return {}
        if "{{" in text or "${" in text:
            return None
        read = embedded(text, self.at("configuration_values").source)
        if read.document.problems or not isinstance(read.root, Mapping):
            return None
        return read.root


class AccessEntry(Entity):
    """An IAM principal that may enter the cluster."""

    __slots__ = ("access_policies", "kubernetes_groups", "principal", "type", "username")
    defaults: ClassVar[Mapping[str, Any]] = {
        "access_policies": (),
        "kubernetes_groups": (),
        "principal": None,
        "type": "STANDARD",
        "username": None,
    }
    principal: str | None
    """ARN, or the logical name of the role in the same template."""
    type: str
    kubernetes_groups: Sequence[str]
    access_policies: Sequence[str]
    """ARNs of cluster access policies."""
    username: str | None


class IdentityMapping(Entity):
    """A line of aws-auth: from the ConfigMap itself, or from eksctl's iamIdentityMappings."""

    __slots__ = ("arn", "groups", "owner", "username")
    defaults: ClassVar[Mapping[str, Any]] = {"arn": None, "groups": (), "owner": None, "username": None}
    arn: str | None
    groups: Sequence[str]
    username: str | None
    owner: "ConfigMap | None"
    """The ConfigMap aws-auth that it stands in; None for eksctl's."""


class PodIdentityAssociation(Entity):
    """A service account of the cluster that gets a role through EKS Pod Identity."""

    __slots__ = ("declared_role", "namespace", "role", "service_account")
    defaults: ClassVar[Mapping[str, Any]] = {
        "declared_role": None,
        "namespace": None,
        "role": None,
        "service_account": None,
    }
    namespace: str | None
    service_account: str | None
    role: str | None
    """ARN, or the logical name of the role in the same template."""
    declared_role: "Role | None"
    """The role itself, where it is declared in the same files."""


class DeclaredServiceAccount(Entity):
    """eksctl's `iam.serviceAccounts`: a service account with a role that eksctl creates (IRSA)."""

    __slots__ = ("attached_policies", "name", "namespace", "role", "role_name", "role_only")
    defaults: ClassVar[Mapping[str, Any]] = {
        "attached_policies": (),
        "name": None,
        "namespace": "default",
        "role": None,
        "role_name": None,
        "role_only": False,
    }
    name: str | None
    namespace: str
    role: str | None
    """ARN of a role that is there already (`attachRoleARN`)."""
    role_name: str | None
    """The name that the role gets which eksctl creates; None where CloudFormation makes one up."""
    attached_policies: Sequence[str]
    role_only: bool


class AutoMode(Entity):
    """EKS Auto Mode, switched on."""

    __slots__ = ("declared_role", "node_pools", "node_role")
    defaults: ClassVar[Mapping[str, Any]] = {"declared_role": None, "node_pools": (), "node_role": None}
    node_pools: Sequence[str]
    """The built-in pools that are on: `general-purpose`, `system`."""
    node_role: str | None
    """ARN, or the logical name of the role in the same template."""
    declared_role: "Role | None"
    """The node role itself, where it is declared in the same files."""


class Cluster(Entity):
    """One EKS cluster, from all files that describe it."""

    __slots__ = (
        "access_entries",
        "addons",
        "authentication_mode",
        "auto_mode",
        "auto_mode_switches",
        "availability_zones",
        "bootstraps_addons",
        "bootstraps_creator_admin",
        "default_addons",
        "deletion_protection",
        "estate",
        "extra_pools",
        "has_external_parts",
        "has_hidden_parts",
        "identity_mappings",
        "ip_family",
        "is_implicit",
        "is_on_outpost",
        "karpenter_interruption_queue",
        "karpenter_version",
        "log_retention_days",
        "log_types",
        "main_paths",
        "name",
        "network",
        "nodes_get_cni_from_cluster",
        "oidc_provider",
        "own_security_group",
        "paths",
        "pod_identity_associations",
        "private_access",
        "private_cluster",
        "public_access",
        "public_access_cidrs",
        "region",
        "role",
        "role_arn",
        "secrets_key",
        "security_groups",
        "service_accounts",
        "service_cidr",
        "subnets",
        "support_type",
        "tags",
        "version",
        "zonal_shift",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "access_entries": (),
        "addons": {},
        "authentication_mode": None,
        "auto_mode": None,
        "auto_mode_switches": {},
        "availability_zones": None,
        "bootstraps_addons": None,
        "bootstraps_creator_admin": None,
        "default_addons": (),
        "deletion_protection": None,
        "extra_pools": (),
        "has_external_parts": False,
        "has_hidden_parts": False,
        "identity_mappings": (),
        "ip_family": "IPv4",
        "is_implicit": False,
        "is_on_outpost": False,
        "karpenter_interruption_queue": False,
        "karpenter_version": None,
        "log_retention_days": None,
        "log_types": (),
        "main_paths": (),
        "name": None,
        "network": None,
        "nodes_get_cni_from_cluster": False,
        "oidc_provider": False,
        "own_security_group": None,
        "paths": (),
        "pod_identity_associations": (),
        "private_access": False,
        "private_cluster": False,
        "public_access": True,
        "public_access_cidrs": None,
        "region": None,
        "role": None,
        "role_arn": None,
        "secrets_key": None,
        "security_groups": (),
        "service_accounts": (),
        "service_cidr": None,
        "subnets": (),
        "support_type": None,
        "tags": {},
        "version": None,
        "zonal_shift": None,
    }
    estate: "Estate"
    paths: Sequence[str]
    """The files that it is declared in."""
    main_paths: Sequence[str]
    """Those of them that describe the control plane, where the others only add to it; else empty."""
    name: str | None
    region: str | None
    version: str | None
    """`1.34`, without patch level; None where the tool's default applies."""
    support_type: str | None
    """`STANDARD` or `EXTENDED`; None where the API's default (EXTENDED) applies."""
    tags: Mapping[str, str]
    ip_family: str
    service_cidr: str | None
    public_access: bool
    private_access: bool
    public_access_cidrs: Sequence[str] | None
    """None where the API's default, 0.0.0.0/0, applies."""
    private_cluster: bool
    """eksctl's fully private cluster."""
    authentication_mode: str | None
    bootstraps_addons: bool | None
    """CloudFormation: whether EKS is asked for the self-managed core add-ons; None where the template does not say."""
    bootstraps_creator_admin: bool | None
    """Whether its creator stays administrator for good; None where the API's default, true, applies."""
    access_entries: Sequence[AccessEntry]
    identity_mappings: Sequence[IdentityMapping]
    """eksctl's iamIdentityMappings; those of a ConfigMap aws-auth are `aws_auth`."""
    pod_identity_associations: Sequence[PodIdentityAssociation]
    service_accounts: Sequence[DeclaredServiceAccount]
    oidc_provider: bool
    """Whether an IAM OIDC provider for the cluster is declared (eksctl: `iam.withOIDC`)."""
    addons: Mapping[str, Addon]
    """By name, as declared."""
    default_addons: Sequence[str]
    """Names of the add-ons that the tool installs without being asked."""
    nodes_get_cni_from_cluster: bool
    """Whether aws-node has a role of its own, so that node roles need no AmazonEKS_CNI_Policy."""
    log_types: Sequence[str]
    """Of api, audit, authenticator, controllerManager, scheduler; `*` is resolved."""
    log_retention_days: int | None
    secrets_key: str | None
    """ARN of the customer's KMS key for Secrets."""
    auto_mode: AutoMode | None
    auto_mode_switches: Mapping[str, bool]
    """The API's three switches of Auto Mode, as far as they are set: compute, elasticLoadBalancing, blockStorage."""
    karpenter_version: str | None
    """eksctl: the Karpenter that it installs."""
    karpenter_interruption_queue: bool
    """eksctl: whether that Karpenter hears of Spot interruptions."""
    network: "VirtualNetwork | None"
    availability_zones: Sequence[str] | None
    """eksctl: the zones that were asked for; None where the tool picks them."""
    subnets: "Sequence[Subnet]"
    """The subnets of the control plane."""
    security_groups: Sequence[str]
    """Further security groups of the control plane: IDs or logical names."""
    own_security_group: "SecurityGroup | None"
    """The one that EKS makes for it, with the rules that a template adds; None where no template declares it."""
    role: "Role | None"
    """The cluster role, where it is declared in the same files."""
    role_arn: str | None
    """Its ARN, or its name, as it is written, as those of node groups; None where the tool makes the role."""
    zonal_shift: bool | None
    deletion_protection: bool | None
    extra_pools: "Sequence[Pool]"
    """All pools that the loaders attached; read `pools` instead."""
    is_implicit: bool
    """Whether no file declares it: it only stands for the pools that name it, or that have to be somewhere."""
    is_on_outpost: bool
    has_external_parts: bool
    """Whether the declaration says that the cluster may exist already, so that the files need not be all of it."""
    has_hidden_parts: bool
    """Whether something whose outcome is in no file (a nested stack, a macro, a custom resource) works on it."""

    @property
    def is_opaque(self) -> bool:
        """Whether it is declared in a language that is not read: nothing is known but that there is one."""
        return self.dialect == "terraform"

    @property
    def pools(self) -> "list[Pool]":
        """Every pool of the cluster that exists in the current world, in order of declaration."""
        return [pool for pool in self.extra_pools if pool.present]

    @property
    def pools_left_out(self) -> "list[Pool]":
        """The pools that a condition leaves out, as the defaults of parameters have it."""
        conditional = [pool for pool in self.extra_pools if pool.presence is not None and pool.presence.by_default]
        return [pool for pool in conditional if not pool.present]

    @property
    def node_groups(self) -> "list[NodeGroup]":
        """Managed and self-managed node groups."""
        from ekslint.model.pool import NodeGroup

        return [pool for pool in self.pools if isinstance(pool, NodeGroup)]

    @property
    def karpenter_pools(self) -> "list[KarpenterPool]":
        """Karpenter's and Auto Mode's pools, the built-in ones included."""
        from ekslint.model.pool import KarpenterPool

        return [pool for pool in self.pools if isinstance(pool, KarpenterPool)]

    @property
    def fargate_profiles(self) -> "list[FargateProfile]":
        """Fargate profiles."""
        from ekslint.model.pool import FargateProfile

        return [pool for pool in self.pools if isinstance(pool, FargateProfile)]

    @property
    def workloads(self) -> "list[Workload]":
        """The workloads that go to this cluster, or may."""
        return self.estate.scope.workloads_of(self)

    def has_addon(self, name: str) -> bool:
        """Whether the add-on is declared, or installed by the tool's default."""
        return name in self.default_addons or name in self.addons

    @property
    def tolerance(self) -> int:
        """Steps by which findings of availability and cost count less: 1 outside production, else 0."""
        profile = self.estate.profile_of(self)
        if profile is not None:
            return 0 if profile == "production" else 1
        # Only what is known counts: how loud a finding is must not keep it from being said.
        texts = self.origin.document.source.path.split("/")[:-1]
        if not self.unknown("name"):
            texts.append(self.name or "")
        with suppress(Undecided):
            texts += [f"{key} {self.tags[key]}" for key in self.tags if not self.unknown("tags", key)]
        return int(any(names_no_production(text) for text in texts))

    @property
    def may_be_partial(self) -> int:
        """Steps by which findings about something missing count less: 1 where files may only add to a cluster."""
        return int(self.has_external_parts or self.has_hidden_parts)

    @property
    def has_unseen_pools(self) -> bool:
        """Whether pools may exist that no file shows: Karpenter is installed, or has its role, but no NodePool is in
        sight, or other stacks work on the cluster.
        """
        if self.has_hidden_parts:
            return True
        from ekslint.model.pool import KarpenterPool
        from ekslint.model.preparations import prepares_for_karpenter

        if any(isinstance(pool, KarpenterPool) and pool.kind == "karpenter" for pool in self.pools):
            return False
        if self.karpenter_version is not None or self.estate.has_evidence_of("karpenter", self):
            return True
        return prepares_for_karpenter(self, self.estate)
