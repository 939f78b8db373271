from collections.abc import Iterator

from ekslint import Cluster, CniSettings, Finding, KubernetesObject, Severity, cni_settings_of, rule, vpc_cni
from ekslint_rules.automode._auto import is_auto_only
from ekslint_rules.network._cni import ENI_CONFIG, SECURITY_GROUP_POLICY, objects_on

_POD_SECURITY_GROUPS = "use podSecurityGroupSelectorTerms, with podSubnetSelectorTerms, of a NodeClass"
_POD_SUBNETS = "use podSubnetSelectorTerms and podSecurityGroupSelectorTerms of a NodeClass"
_OBJECTS = {ENI_CONFIG: _POD_SUBNETS, SECURITY_GROUP_POLICY: _POD_SECURITY_GROUPS}
_SWITCHES = {
    vpc_cni.CUSTOM_NETWORKING: ("custom networking", ENI_CONFIG, _POD_SUBNETS),
    vpc_cni.POD_ENI: ("security groups for pods", SECURITY_GROUP_POLICY, _POD_SECURITY_GROUPS),
}


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "network"), dialects=("eksctl", "cloudformation", "kubernetes"))
def auto_unsupported_feature(subject: Cluster | KubernetesObject) -> Iterator[Finding]:
    """The files configure a feature of the VPC CNI that Auto Mode does not have.

    ## Why is this bad?
    Auto Mode has a network of its own, which no setting of the VPC CNI reaches. Custom networking (ENIConfig) and
    security groups for pods (SecurityGroupPolicy) are features of the VPC CNI: the pods run, but with the addresses and
    the security groups of the node class. Whether nodes use prefixes, and what they keep in reserve, Auto Mode decides
    too (a warning).

    ## When it stays silent
    Clusters that also have nodes of another kind, where the VPC CNI runs, and clusters that are declared elsewhere.
    `ENABLE_PREFIX_DELEGATION` that is on, as Auto Mode uses prefixes anyway. Switches whose ENIConfigs or
    SecurityGroupPolicies are in the files, and are told of instead. Images, user data and SSH keys are what
    `auto-nodeclass-unsupported-field` is about, EC2NodeClasses are `auto-nodepool-wrong-nodeclass-ref`'s.

    ## References
    - Amazon EKS user guide, learn about VPC networking and load balancing in EKS Auto Mode
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    if isinstance(subject, Cluster):
        if is_auto_only(subject):
            settings = cni_settings_of(subject)
            if settings is not None:
                yield from _of_settings(subject, settings)
        return
    instead = _OBJECTS.get((subject.group, subject.kind))
    cluster = None if instead is None else subject.cluster
    if cluster is not None and is_auto_only(cluster):
        yield Finding(
            subject.at("kind"),
            f"{subject} has no effect on {cluster}: Auto Mode does not support {subject.kind}",
            label="not in Auto Mode",
            help=instead,
            related=[(cluster.at("auto_mode"), "Auto Mode is on, and no other nodes")],
        )


def _of_settings(cluster: Cluster, settings: CniSettings) -> Iterator[Finding]:
    related = [(cluster.at("auto_mode"), "Auto Mode is on, and no other nodes")]
    for variable, (feature, objects, instead) in _SWITCHES.items():
        if settings.is_on(variable) and not objects_on(cluster, *objects):
            yield Finding(
                settings.places[variable],
                f"{variable} has no effect on {cluster}: Auto Mode does not support {feature}",
                label="not in Auto Mode",
                help=instead,
                related=related,
                discriminator=variable,
            )
    for variable in (vpc_cni.PREFIX_DELEGATION, *vpc_cni.POOL_SIZES):
        if variable not in settings.environment:
            continue
        if variable == vpc_cni.PREFIX_DELEGATION and settings.is_on(variable):
            continue
        yield Finding(
            settings.places[variable],
            f"{variable} has no effect on {cluster}: Auto Mode decides itself which addresses its nodes take",
            label="not in Auto Mode",
            help="remove it",
            related=related,
            lower=1,
            discriminator=variable,
        )
