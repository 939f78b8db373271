from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule

_FIELDS = {"region": "region", "version": "version", "authentication_mode": "authentication mode"}


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",))
def cluster_definition_conflict(cluster: Cluster) -> Iterator[Finding]:
    """Two files describe a cluster of one name differently.

    ## Why is this bad?
    Whoever applies the one undoes the other; and what is checked against the one is not true of the other.

    ## When it stays silent
    Files in folders beside each other (`staging/`, `production/`, `eu/`, `us/`), which are different clusters; files
    whose names say the region; what is absent or a parameter in one of them. Advice only outside production, and where
    the regions differ: those may be two clusters that happen to have one name.

    ## References
    - Amazon EKS user guide, organize and monitor cluster resources: names are unique for an account and region
    """
    if cluster.name is None:
        return
    for other in cluster.estate.clusters:
        if other is cluster:
            return  # each pair is told at the later one
        if other.is_implicit or other.unknown("name") or other.name != cluster.name or _are_apart(cluster, other):
            continue
        for field, words in _FIELDS.items():
            if cluster.unknown(field) or other.unknown(field):
                continue
            mine, theirs = getattr(cluster, field), getattr(other, field)
            place, elsewhere = cluster.at(field), other.at(field)
            if None in {mine, theirs} or mine == theirs or not (place.is_written and elsewhere.is_written):
                continue
            yield Finding(
                place,
                f"{cluster} has {words} {mine} here and {theirs} in another file",
                label=f"elsewhere {theirs}",
                help="describe a cluster in one place, or give the two different names",
                related=[(elsewhere, f"{words} {theirs}")],
                lower=cluster.tolerance + int(field == "region"),
                discriminator=field,
            )
            break  # in another region it is another cluster, whose version may differ


def _are_apart(one: Cluster, other: Cluster) -> bool:
    """Whether the files are meant for different clusters."""
    path, other_path = one.origin.document.source.path, other.origin.document.source.path
    folder, other_folder = (each[: each.rfind("/") + 1] for each in (path, other_path))
    if not (folder.startswith(other_folder) or other_folder.startswith(folder)):
        return True
    return any(
        not each.unknown("region") and each.region is not None and each.region in where
        for each, where in ((one, path), (other, other_path))
    )
