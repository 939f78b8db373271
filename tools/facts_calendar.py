"""Bringing the hand-kept calendar of Kubernetes versions up to date with what EKS states."""

from collections.abc import Iterable

Row = tuple[str, str, str, str]


def merged(table: str, stated: Iterable[Row]) -> str:
    """The text of `kubernetes_versions.tsv` with the dates that EKS states; the last column stays.

    Versions that EKS no longer lists keep their line; new ones get one at the end.
    """
    lines = table.rstrip("\n").split("\n")
    head = [line for line in lines if line.startswith("#")]
    known = {line.split("\t")[0]: line.split("\t") for line in lines if line and not line.startswith("#")}
    for version, *days in stated:
        known[version] = [version, *days, *known.get(version, [""] * 5)[4:]]
    ordered = sorted(known.values(), key=lambda cells: [int(part) for part in cells[0].split(".")])
    return "\n".join([*head, *("\t".join(cells) for cells in ordered)]) + "\n"
