from collections.abc import Iterator

from ekslint import (
    Cluster,
    ClusterConfig,
    Container,
    FargateProfile,
    Finding,
    KubernetesObject,
    NodeGroup,
    Place,
    ServiceAccount,
    Severity,
    Workload,
    known,
    regions,
    rule,
)
from ekslint_rules._amazon_names import AmazonName, parse_arn, parse_registry
from ekslint_rules.access._named_resources import arns_in_config, arns_in_object

_REGIONAL = frozenset({"acm", "elasticloadbalancing", "kms", "outposts", "wafv2"})
"""What can be used in its own region alone, by the service that its ARN names."""
_POLICIES = frozenset({"attachPolicy", "permissionPolicy"})
"""Policy documents may allow things in other regions."""


@rule(Severity.ERROR, since="0.1.0", dialects=("eksctl", "cloudformation", "kubernetes", "karpenter"))
def region_account_mismatch(
    subject: Cluster | NodeGroup | FargateProfile | ClusterConfig | Container | KubernetesObject,
) -> Iterator[Finding]:
    """Something that a cluster uses lies in another region, partition or account than the cluster.

    ## Why is this bad?
    Zones, subnets, keys, certificates, web ACLs and target groups of another region do not exist for the cluster, and
    nothing of another partition (`aws`, `aws-cn`, `aws-us-gov` …) does: EKS, eksctl or the controller refuses them. EKS
    takes the roles of nodes, of Fargate and of Pod Identity from the cluster's own account only. Images from a registry
    in another region work, but are paid for by the gigabyte, and depend on both regions (advice).

    ## When it stays silent
    Clusters whose region is not in the files: a template tells it by the zones that it names, or not at all. Names
    that are no regions, no zones and no ARNs, and parts of them that are placeholders; what policies allow in other
    regions; accounts, unless the cluster's own role is named by its ARN; keys, and roles of service accounts by
    annotation, in other accounts; images of another partition for which the pod has its own pull secrets, or whose
    workload stands in the files several times: one of them may be for that partition.

    ## References
    - Amazon EKS user guide, VPC and subnet considerations
    - Amazon EKS user guide, learn how EKS Pod Identity grants pods access to AWS services
    - AWS general reference, Amazon Resource Names and regions and zones
    - Elastic Load Balancing, HTTPS listeners for your Application Load Balancer: certificates
    """
    if isinstance(subject, ClusterConfig):
        for place, arn in arns_in_config(subject):
            yield from _of_arn(place, arn, subject.cluster, in_policy=not _POLICIES.isdisjoint(place.path))
    elif isinstance(subject, Container):
        yield from _of_image(subject)
    elif isinstance(subject, KubernetesObject):
        for place, arn in arns_in_object(subject):
            if parse_arn(arn) is not None and subject.cluster is not None:
                yield from _of_arn(place, arn, subject.cluster)
    else:
        cluster = subject if isinstance(subject, Cluster) else subject.cluster
        if cluster is not None:
            yield from _of_accounts(subject, cluster)
            if not cluster.unknown("region"):
                yield from _of_zones(subject, cluster)
                yield from _of_template(subject, cluster)


def _of_zones(subject: Cluster | NodeGroup | FargateProfile, cluster: Cluster) -> Iterator[Finding]:
    if cluster.region is None or regions.partition_of(cluster.region) is None:
        return
    # eksctl takes the zones of a cluster from its subnets, where it names none, and groups share those subnets.
    seen = set() if isinstance(subject, Cluster) else {_spot(place) for place, _, _ in _zones_told(cluster, cluster)}
    for place, zone, whose in _zones_told(subject, cluster):
        theirs = regions.region_of_zone(zone)
        if theirs is not None and theirs != cluster.region and _spot(place) not in seen:
            seen.add(_spot(place))
            yield _elsewhere(place, f"zone {zone} of {whose}", theirs, cluster)


def _zones_told(subject: Cluster | NodeGroup | FargateProfile, cluster: Cluster) -> Iterator[tuple[Place, str, str]]:
    """Where a zone is written for a subject, the zone, and whose it is."""
    # A template has zones in its subnets only.
    if cluster.dialect == "eksctl" and not isinstance(subject, FargateProfile):
        zones = () if subject.unknown("availability_zones") else subject.availability_zones or ()
        for index in range(len(zones)):
            place = subject.at("availability_zones", index)
            # Zones that were worked out from elsewhere are blamed there.
            if place.is_written and not subject.unknown("availability_zones", index):
                yield place, str(zones[index]), str(subject)
    for subnet in () if subject.unknown("subnets") else known(subject.subnets):
        if not subnet.unknown("availability_zone") and subnet.availability_zone is not None:
            yield subnet.at("availability_zone"), subnet.availability_zone, str(subnet)


def _spot(place: Place) -> tuple[int, tuple[str | int, ...]]:
    return id(place.source.document), tuple(place.source.path)


def _of_template(subject: Cluster | NodeGroup | FargateProfile, cluster: Cluster) -> Iterator[Finding]:
    """The ARNs of a template; those of a ClusterConfig are looked at as they stand there."""
    if subject.dialect != "cloudformation":
        return
    for field in ("role_arn", "secrets_key") if isinstance(subject, Cluster) else ("role_arn",):
        arn = None if subject.unknown(field) else getattr(subject, field)
        if isinstance(arn, str):
            yield from _of_arn(subject.at(field), arn, cluster)


def _of_arn(place: Place, arn: str, cluster: Cluster, *, in_policy: bool = False) -> Iterator[Finding]:
    name = parse_arn(arn)
    if name is None or cluster.region is None:
        return
    partition = regions.partition_of(cluster.region)
    if partition is None:
        return
    if name.partition != partition:
        yield Finding(
            place,
            f"{_short(arn)} belongs to the partition {name.partition}, but {cluster} is in {cluster.region}, in the "
            f"partition {partition}: it does not exist there",
            label=f"not arn:{partition}:",
            related=[(cluster.at("region"), "the region")],
        )
    elif name.region is not None and name.region != cluster.region and name.service in _REGIONAL and not in_policy:
        yield _elsewhere(place, _short(arn), name.region, cluster)


def _of_image(container: Container) -> Iterator[Finding]:
    image = None if container.unknown("image") else container.image_reference
    name = parse_registry(image.registry) if image is not None else None
    cluster = container.cluster if name is not None else None
    if name is None or cluster is None or cluster.region is None or name.region == cluster.region:
        return
    what, severity = f"{container} of {container.workload} gets its image from", Severity.INFO
    if name.partition == regions.partition_of(cluster.region):
        message = f"{what} {name.region}, but {cluster} is in {cluster.region}: every pull crosses regions"
    elif _has_pull_secrets(container.workload) or container.workload.estate.joins.has_twin(container.workload):
        return  # projects offer a file for each partition
    else:
        severity = Severity.ERROR
        message = (
            f"{what} the partition {name.partition}, for which the nodes of {cluster} in {cluster.region} have no "
            "credentials"
        )
    yield Finding(
        container.at("image"),
        message,
        label=f"not in {cluster.region}",
        help="let Amazon ECR replicate the repository, or cache it there",
        related=[(cluster.at("region"), "the region")],
        severity=severity,
    )


def _has_pull_secrets(workload: Workload) -> bool:
    """Whether its pods, or their service account, bring credentials for registries along; yes where nobody knows."""
    pod = workload.pod
    if pod.unknown("imagePullSecrets") or pod.has("imagePullSecrets") or pod.unknown("serviceAccountName"):
        return True
    accounts = workload.estate.joins.named(workload, ServiceAccount, pod.service_account_name or "default")
    return any(each.unknown("imagePullSecrets") or each.has("imagePullSecrets") for each in accounts)


def _of_accounts(subject: Cluster | NodeGroup | FargateProfile, cluster: Cluster) -> Iterator[Finding]:
    own = None if cluster.unknown("role_arn") else _role(cluster.role_arn)
    if own is None:
        return
    used: list[tuple[Place, str, str | None]] = []
    if not isinstance(subject, Cluster):
        used.append((subject.at("role_arn"), str(subject), None if subject.unknown("role_arn") else subject.role_arn))
    elif not subject.unknown("pod_identity_associations"):
        used += [
            (each.at("role"), str(each), each.role)
            for each in known(subject.pod_identity_associations)
            if not each.unknown("role")
        ]
    for place, whose, arn in used:
        role = _role(arn)
        if role is not None and role.account != own.account:
            yield Finding(
                place,
                f"the role of {whose} belongs to account {role.account}, but that of {cluster} to {own.account}: EKS "
                "takes roles of the cluster's account only",
                label=f"not account {own.account}",
                related=[(cluster.at("role_arn"), "the cluster's role")],
                discriminator="account",
            )


def _role(arn: str | None) -> AmazonName | None:
    name = parse_arn(arn) if arn is not None else None
    return name if name is not None and name.service == "iam" and name.account is not None else None


def _elsewhere(place: Place, what: str, theirs: str, cluster: Cluster) -> Finding:
    return Finding(
        place,
        f"{what} lies in {theirs}, but {cluster} is in {cluster.region}",
        label=f"not in {cluster.region}",
        related=[(cluster.at("region"), "the region")],
    )


def _short(arn: str) -> str:
    """What an ARN names, without where it is."""
    return arn.split(":", 5)[-1]
