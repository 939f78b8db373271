from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ekslint import Finding, NodeClass, NodeClassObject, Severity, rule

_SELECTORS = {
    "subnetSelectorTerms": ("tags", "id"),
    "securityGroupSelectorTerms": ("tags", "id", "name"),
    "amiSelectorTerms": ("tags", "id", "name", "alias", "ssmParameter"),
}


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_selector_terms_empty(node_class: NodeClassObject) -> Iterator[Finding]:
    """A selector of a node class selects nothing, or mixes what cannot be mixed.

    ## Why is this bad?
    The API server refuses empty lists and empty terms, empty tag keys and values, and an ID beside tags: subnets,
    security groups and images must be found by something.

    ## When it stays silent
    Versions of the API before v1, whose selectors were others. Terms that a template or a kustomization fills in. Lists
    that a NodeClass of Auto Mode lacks, for which the rule auto-nodeclass-required speaks.

    ## References
    - Karpenter documentation, NodeClasses
    - Karpenter for AWS, pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml
    """
    if node_class.version != "v1" or node_class.unknown("spec"):
        return
    is_auto = isinstance(node_class, NodeClass)
    for field, ways in _SELECTORS.items():
        path = ("spec", field)
        if is_auto and field == "amiSelectorTerms":
            continue
        terms = node_class.get(*path) if not node_class.unknown(*path) else ()
        if terms is None or (isinstance(terms, Sequence) and not isinstance(terms, str) and not _has_items(terms)):
            if not is_auto and not node_class.unknown(*path):
                yield Finding(
                    node_class.at(*path, key=True)
                    if node_class.at(*path).is_written
                    else node_class.at("spec", key=True),
                    f"{node_class} has no {field}, of which there must be at least one",
                    label=f"no {field}",
                    discriminator=field,
                )
            continue
        for index in range(len(terms) if isinstance(terms, Sequence) and not isinstance(terms, str) else 0):
            if not node_class.unknown(*path, index):
                yield from _term(node_class, (*path, index), ways)


def _has_items(terms: Sequence[Any]) -> bool:
    return len(terms) > 0


def _term(node_class: NodeClassObject, path: tuple[str | int, ...], ways: tuple[str, ...]) -> Iterator[Finding]:
    term = node_class.get(*path)
    if term is None:
        term = {}
    if not isinstance(term, Mapping):
        return
    given = [way for way in ways if way in term and (node_class.unknown(*path, way) or term[way] is not None)]
    field = str(path[1])
    if not given:
        yield Finding(
            node_class.at(*path),
            f"{node_class} has a term in {field} that says nothing: it needs one of {', '.join(ways)}",
            label="selects nothing",
        )
        return
    alone = [way for way in ("id", "name") if way in given and len(given) > 1]
    if field != "amiSelectorTerms" and alone:
        other = next(way for way in given if way != alone[0])
        yield Finding(
            node_class.at(*path, other, key=True),
            f"{node_class} has {other} beside {alone[0]} in one term of {field}, but {alone[0]} stands alone",
            label=f"not beside {alone[0]}",
        )
    tags = {} if "tags" not in given or node_class.unknown(*path, "tags") else node_class.get(*path, "tags")
    for key in tags if isinstance(tags, Mapping) else ():
        if key == "" or (not node_class.unknown(*path, "tags", key) and tags[key] == ""):
            yield Finding(
                node_class.at(*path, "tags", key),
                f"{node_class} selects by a tag with an empty {'value' if key else 'key'} in {field}",
                label="empty",
            )
