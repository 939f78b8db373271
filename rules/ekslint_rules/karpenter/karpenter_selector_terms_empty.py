from collections.abc import Iterator, Mapping, Sequence

from ekslint import Finding, NodeClass, NodeClassObject, Severity, rule

_IMAGES = "amiSelectorTerms"
_SELECTORS = {
    "subnetSelectorTerms": ("tags", "id"),
    "securityGroupSelectorTerms": ("tags", "id", "name"),
    _IMAGES: ("tags", "id", "name", "alias", "ssmParameter"),
}
_ALONE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "subnetSelectorTerms": {"id": ("tags",)},
    "securityGroupSelectorTerms": {"id": ("tags", "name"), "name": ("tags",)},
    _IMAGES: {"id": ("tags", "name", "owner")},
}
"""What must be the only field of a term, and what people write beside it."""

_Path = tuple[str | int, ...]


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_selector_terms_empty(node_class: NodeClassObject) -> Iterator[Finding]:
    """A selector of a node class selects nothing, or mixes what cannot be mixed.

    ## Why is this bad?
    The API server refuses empty lists and empty terms, empty tag keys and values, and an ID beside tags: subnets,
    security groups and images must be found by something. Among several terms one with an ID and tags gets through, but
    Karpenter looks at its ID only (a warning).

    ## When it stays silent
    Versions of the API before v1, whose selectors were others. Terms that a template or a kustomization fills in. Lists
    that a NodeClass of Auto Mode lacks, for which the rule auto-nodeclass-required speaks, its fields that there are
    not, for which auto-nodeclass-unsupported-field does, and aliases (karpenter-ami-alias-invalid).

    ## References
    - Karpenter documentation, NodeClasses
    - Karpenter for AWS, pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml
    """
    if node_class.version != "v1" or node_class.unknown("spec"):
        return
    is_auto = isinstance(node_class, NodeClass)
    for field in _SELECTORS:
        path = ("spec", field)
        if node_class.unknown(*path) or (is_auto and field == _IMAGES):
            continue
        terms = node_class.get(*path)
        is_list = isinstance(terms, Sequence) and not isinstance(terms, str)
        if isinstance(terms, Mapping):
            yield Finding(
                node_class.at(*path, key=True),
                f"{node_class} has a mapping for {field}, which is a list of terms",
                label="no list",
                discriminator=field,
            )
        elif terms is None or (is_list and not len(terms)):
            if not is_auto:
                yield _is_missing(node_class, field)
        elif is_list:
            yield from _terms(node_class, field, len(terms))


def _is_missing(node_class: NodeClassObject, field: str) -> Finding:
    place = node_class.at("spec", field, key=True)
    return Finding(
        place if place.is_written else node_class.at("spec", key=True),
        f"{node_class} has no {field}, of which there must be at least one",
        label=f"no {field}",
        discriminator=field,
    )


def _terms(node_class: NodeClassObject, field: str, count: int) -> Iterator[Finding]:
    mixtures = [_mixture(node_class, ("spec", field, index)) for index in range(count)]
    # For subnets and security groups the API server refuses the mixture only if every term is one.
    is_refused = field == _IMAGES or len({mixed and mixed[0] for mixed in mixtures}) == 1
    for index, mixed in enumerate(mixtures):
        path = ("spec", field, index)
        if node_class.unknown(*path):
            continue
        yield from _term(node_class, field, path)
        if mixed is not None:
            way, other = mixed
            yield Finding(
                node_class.at(*path, other, key=True),
                f"{node_class} has {other} beside {way} in one term of {field}, but {way} stands alone",
                label=f"not beside {way}",
                lower=int(not is_refused),
            )


def _term(node_class: NodeClassObject, field: str, path: _Path) -> Iterator[Finding]:
    term = node_class.get(*path)
    if term is not None and not isinstance(term, Mapping):
        return
    if not any(_is_given(node_class, path, way) for way in _SELECTORS[field]):
        if isinstance(node_class, NodeClass) and any(key not in _SELECTORS[field] for key in term or ()):
            return
        yield Finding(
            node_class.at(*path),
            f"{node_class} has a term in {field} that says nothing: it needs one of {', '.join(_SELECTORS[field])}",
            label="selects nothing",
        )
        return
    tags = {} if node_class.unknown(*path, "tags") else node_class.get(*path, "tags")
    for key in tags if isinstance(tags, Mapping) else ():
        if key == "" or (not node_class.unknown(*path, "tags", key) and tags[key] == ""):
            yield Finding(
                node_class.at(*path, "tags", key),
                f"{node_class} selects by a tag with an empty {'value' if key else 'key'} in {field}",
                label="empty",
            )


def _is_given(node_class: NodeClassObject, path: _Path, way: str) -> bool:
    return node_class.unknown(*path, way) or node_class.has(*path, way)


def _is_written(node_class: NodeClassObject, path: _Path, way: str) -> bool:
    return node_class.at(*path, way).is_written and _is_given(node_class, path, way)


def _mixture(node_class: NodeClassObject, path: _Path) -> tuple[str, str] | None:
    """What has to stand alone in a term, and what stands beside it."""
    field = str(path[1])
    if node_class.unknown(*path) or (field == _IMAGES and _is_given(node_class, path, "alias")):
        return None
    for way, others in _ALONE[field].items():
        if _is_written(node_class, path, way):
            return next(((way, other) for other in others if _is_written(node_class, path, other)), None)
    return None
