from collections.abc import Iterator

from ekslint import Finding, PersistentVolumeClaim, Severity, StatefulSet, StorageClass, csi_drivers, rule
from ekslint_rules.storage._classes import claims_in
from ekslint_rules.storage._driver_classes import classes_of_driver


@rule(Severity.WARNING, since="0.1.0", tags=("storage",))
def storageclass_default_count(subject: PersistentVolumeClaim | StatefulSet) -> Iterator[Finding]:
    """A claim leaves its class to the default, but no storage class is the default, or several are.

    ## Why is this bad?
    Without a default class the claim stays Pending: since Kubernetes 1.30, gp2 is none on EKS any more. With several,
    the newest wins, which is a matter of chance.

    ## When it stays silent
    Files without any storage class, claims that name one, a volume, or none at all (`""`), and claims of which one
    cluster that they may go to has a single default class. Where none of the classes is
    marked: clusters before 1.30, and those on which the EBS driver's add-on or chart makes classes.

    ## References
    - Amazon EKS user guide, release notes for Kubernetes 1.30
    - Kubernetes documentation, change the default StorageClass
    """
    for claim in claims_in(subject):
        if claim.storage_class_name is not None or claim.volume_name is not None or claim.has_selector:
            continue
        classes = list(subject.beside(StorageClass))
        if not classes:
            return
        defaults = [each for each in classes if each.is_default]
        found = list(_found_on_each(subject, defaults))
        if any(len({each.name for each in on_one}) == 1 for on_one in found):
            return
        place = claim.at("spec")
        if defaults:
            defaults = next(filter(None, found), defaults)
            yield Finding(
                place,
                f"{claim} takes the default class, and {len(defaults)} are marked as default: the newest wins",
                label="no class of its own",
                help="name the class, or mark only one as default",
                related=[(each.at("name"), f"{each} is a default") for each in defaults],
            )
        elif not _may_have_built_in_default(subject) and not _may_have_default_of_driver(subject):
            yield Finding(
                place,
                f"{claim} takes the default class, but {_none_of(len(classes))} marked as default: it stays Pending",
                label="no class of its own",
                help='name the class, or mark one with storageclass.kubernetes.io/is-default-class: "true"',
                related=[(each.at("name"), f"{each} is no default") for each in classes],
            )


def _none_of(number: int) -> str:
    return "the only one in the files is not" if number == 1 else f"none of the {number} in the files is"


def _found_on_each(
    subject: PersistentVolumeClaim | StatefulSet, defaults: list[StorageClass]
) -> Iterator[list[StorageClass]]:
    """The default classes that a claim finds, on each cluster that it may go to.

    Where the files declare no cluster, folders stand for them: classes of several clusters lie side by side.
    """
    for cluster in subject.clusters:
        yield [default for default in defaults if any(each is cluster for each in default.clusters)]
    if not subject.clusters:
        by_folder: dict[str, list[StorageClass]] = {}
        for default in defaults:
            by_folder.setdefault(default.sheet.document.source.path.rpartition("/")[0], []).append(default)
        yield from by_folder.values()


def _may_have_default_of_driver(subject: PersistentVolumeClaim | StatefulSet) -> bool:
    """Whether the add-on or the chart of the EBS driver may make the default class."""
    return any(True for cluster in subject.clusters for _ in classes_of_driver(cluster))


def _may_have_built_in_default(subject: PersistentVolumeClaim | StatefulSet) -> bool:
    """Whether the cluster may be older than the version since which gp2 is no default."""
    cluster = subject.cluster
    if cluster is None or cluster.is_implicit or cluster.version is None:
        return True
    major, _, minor = cluster.version.partition(".")
    if not (major.isdigit() and minor.isdigit()):
        return True
    return (int(major), int(minor)) < csi_drivers.BUILT_IN_CLASS_IS_DEFAULT_BEFORE
