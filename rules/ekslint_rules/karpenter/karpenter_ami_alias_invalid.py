import re
from collections.abc import Iterator, Mapping
from typing import Any

from ekslint import EC2NodeClass, Finding, Severity, ami_families, nearest, rule

_TERMS = ("spec", "amiSelectorTerms")
_ALIAS = re.compile(r"[a-zA-Z0-9]+@.+", re.DOTALL)
_BESIDE_ALIAS = ("id", "tags", "name", "owner")


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "ami"), dialects=("karpenter",))
def karpenter_ami_alias_invalid(node_class: EC2NodeClass) -> Iterator[Finding]:
    """An EC2NodeClass chooses its image in a way that Karpenter refuses.

    ## Why is this bad?
    An alias is a family and a version (`al2023@v20250807`), Windows families have `latest` only, and an alias stands
    alone: no other term, no other field, no other `amiFamily` than its own or Custom. Without an alias `amiFamily` must
    say how nodes are started. The API server refuses anything else.

    ## When it stays silent
    Versions of the API before v1. Terms that a template or a kustomization fills in.

    ## References
    - Karpenter documentation, NodeClasses, spec.amiSelectorTerms
    - Karpenter for AWS, pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml
    """
    if node_class.version != "v1" or not node_class.has(*_TERMS):
        return
    terms = node_class.sequence(*_TERMS)
    aliases: list[int] = []
    for index, term in enumerate(terms):
        if not isinstance(term, Mapping) or "alias" not in term or not isinstance(term["alias"], str):
            continue
        aliases.append(index)
        yield from _alias(node_class, index, term["alias"])
        yield from _beside(node_class, index, term)
    if aliases and len(terms) > 1:
        other = next(index for index in range(len(terms)) if index != aliases[0])
        yield Finding(
            node_class.at(*_TERMS, other),
            f"{node_class} has an alias among {len(terms)} AMI selector terms, but an alias must be the only term",
            label="not beside an alias",
            related=[(node_class.at(*_TERMS, aliases[0], "alias"), "the alias")],
        )
    if aliases or not len(terms):
        return
    written = node_class.text("spec", "amiFamily")
    families = ami_families.karpenter_names()
    if written is not None and written not in families:
        meant = nearest(written, families)
        yield Finding(
            node_class.at("spec", "amiFamily"),
            f"{node_class} has the amiFamily {written}, which Karpenter does not know: the API server refuses it",
            label=f"did you mean {meant}?" if meant else "no such family",
            help=f"one of {', '.join(families)}",
        )
    elif written is None:
        yield Finding(
            node_class.at(*_TERMS, key=True),
            f"{node_class} has no alias and no amiFamily: nobody knows how its nodes are to be started",
            label="no amiFamily",
            help="set amiFamily to the family that the image is built from, or to Custom",
        )


def _alias(node_class: EC2NodeClass, index: int, alias: str) -> Iterator[Finding]:
    place = node_class.at(*_TERMS, index, "alias")
    name, _, version = alias.partition("@")
    if not _ALIAS.fullmatch(alias):
        yield Finding(
            place,
            f"{node_class} has the alias {alias}, which is not of the form family@version",
            label="family@version",
        )
        return
    families = ami_families.karpenter_alias_families()
    if name not in families:
        meant = nearest(name, families)
        yield Finding(
            place,
            f"{node_class} has the alias {alias}, but Karpenter has no image family {name}",
            label=f"did you mean {meant}?" if meant else "no such family",
            help=f"one of {', '.join(families)}",
        )
        return
    family = ami_families.from_karpenter_alias(alias)
    if family is not None and family.is_windows and version != "latest":
        yield Finding(
            place,
            f"{node_class} has the alias {alias}, but Windows images have the version latest only",
            label=f"write {name}@latest",
        )
    written = node_class.text("spec", "amiFamily")
    own = ami_families.from_karpenter(written) if written is not None else None
    if written is not None and family is not None and written != "Custom" and (own is None or own.name != family.name):
        yield Finding(
            node_class.at("spec", "amiFamily"),
            f"{node_class} has the amiFamily {written}, but its alias {alias} is of another one",
            label="not the alias's family",
            help="remove amiFamily, or make it the alias's family or Custom",
            related=[(place, "the alias")],
        )


def _beside(node_class: EC2NodeClass, index: int, term: Mapping[str, Any]) -> Iterator[Finding]:
    for field in _BESIDE_ALIAS:
        if field in term:
            yield Finding(
                node_class.at(*_TERMS, index, field, key=True),
                f"{node_class} has {field} beside an alias in one AMI selector term, but an alias stands alone",
                label="not beside an alias",
            )
