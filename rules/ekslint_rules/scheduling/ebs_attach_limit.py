from collections.abc import Iterator

from ekslint import (
    Finding,
    NodeGroup,
    PersistentVolumeClaim,
    Place,
    Placement,
    Severity,
    StatefulSet,
    StorageClass,
    Workload,
    instance_types,
    rule,
)

_DRIVERS = frozenset({"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"})
_USUAL_CLASSES = frozenset({"gp2", "gp3"})
_ROOT_VOLUME = 1


@rule(Severity.INFO, since="0.1.0", tags=("scheduling", "storage"))
def ebs_attach_limit(placement: Placement) -> Iterator[Finding]:
    """The pods of a workload have more EBS volumes than their nodes can attach.

    ## Why is this bad?
    An instance attaches a limited number of EBS volumes, on most types 28 together with network interfaces and local
    disks. Pods whose volumes find no place stay Pending with "exceed max volume count", however idle the nodes are.

    ## When it stays silent
    Volumes of other drivers, and claims whose storage class is not in the files and not called gp2 or gp3; pools
    without a maximum, with unknown instance types, or with types whose limit is not known. Only the workload's own
    volumes are counted, and no further network interface of a node.

    ## References
    - Amazon EC2 user guide, Amazon EBS volume limits for Amazon EC2 instances
    - EBS CSI driver, FAQ: volume limits
    """
    workload = placement.workload
    claims = list(_claims(workload)) if workload.has_replicas else []
    if not claims or not placement.is_known:
        return
    limits = []
    for pool in placement.possible:
        limit = _limit(pool) if isinstance(pool, NodeGroup) else None
        if limit is None or not isinstance(pool, NodeGroup):
            return
        limits.append((pool, limit))
    if not limits:
        return
    pool, most = max(limits, key=lambda each: each[1])
    if len(claims) > most:
        yield Finding(
            claims[0],
            f"every pod of {workload} has {len(claims)} EBS volumes, but a node of {pool} attaches at most {most}",
            label=f"{len(claims)} volumes for a pod",
            help="use fewer volumes, or instance types with a limit of their own for EBS",
            related=[(pool.at("instance_types"), f"at most {most} volumes")],
        )
        return
    if not isinstance(workload, StatefulSet):
        return  # the replicas of anything else share their claims
    pods = sum(group.max_size * (limit // len(claims)) for group, limit in limits)
    if workload.replica_floor > pods:
        volumes = len(claims) * workload.replica_floor
        yield Finding(
            claims[0],
            f"{workload} has {volumes} EBS volumes, but the nodes that take it attach those of {pods} pods at most",
            label=f"{volumes} volumes in all",
            help="raise the maximum of the nodes, or use instance types with a limit of their own for EBS",
            related=[(group.at("max_size"), f"{group}: {limit} volumes a node") for group, limit in limits],
        )


def _claims(workload: Workload) -> Iterator[Place]:
    """The claims of a pod that are EBS volumes."""
    if isinstance(workload, StatefulSet):
        for template in workload.claim_templates:
            if _is_ebs(workload, template.storage_class_name):
                yield template.at("metadata", "name")
    for volume in workload.pod.volumes:
        if volume.claim_name is not None:
            for claim in workload.estate.joins.named(workload, PersistentVolumeClaim, volume.claim_name):
                if _is_ebs(workload, claim.storage_class_name) and not claim.volume_name:
                    yield volume.at("persistentVolumeClaim", "claimName")
        elif volume.claim_template is not None and _is_ebs(workload, volume.claim_template.storage_class_name):
            yield volume.at("name")


def _is_ebs(workload: Workload, name: str | None) -> bool:
    """Whether a storage class makes EBS volumes; the default one counts if it is in the files."""
    classes = [
        each for each in workload.beside(StorageClass) if (each.is_default if name is None else each.name == name)
    ]
    if classes:
        return all(each.provisioner in _DRIVERS for each in classes)
    return name in _USUAL_CLASSES


def _limit(group: NodeGroup) -> int | None:
    """The most volumes that a node of a group attaches besides its root volume."""
    found = []
    for name in group.instance_types:
        each = instance_types.instance_type(name)
        if each is None or each.ebs_attachments is None:
            return None
        found.append(each.ebs_attachments - _ROOT_VOLUME)
    return max(found, default=None)
