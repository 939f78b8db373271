"""Clusters that Terraform declares.

Its files are not linted, but the manifests beside them may go to its clusters: without knowing that there are any,
those manifests would be held against whatever cluster some other file declares.
"""

import re
from collections.abc import Iterator

from ekslint.model.reading import Source
from ekslint.source.text import SourceText
from ekslint.source.tree import Document

NOT_LINTED = "Terraform is not linted"
DECLARES_CLUSTER = f"{NOT_LINTED}, but declares an EKS cluster here: manifests near it may go there"

# A line that opens a block or names a module; comments start otherwise. `terraform-aws-modules/eks/aws` and the like
# make clusters, their submodules (`//modules/karpenter`) only add to one. Bounded, for lines that never end.
_RESOURCE = r"""resource[ \t]+"?aws_eks_cluster"?[ \t]"""
_MODULE = (
    r"""source[ \t]*=[ \t]*"(?:[^"\n]{0,200}[/:])?(?:terraform-aws-)?eks(?:[-_](?:cluster|blueprints))?"""
    r"""(?:/aws)?(?:\.git)?/?(?:\?[^"\n]{0,200})?\""""
)
_CLUSTER = re.compile(rf"^[ \t]*(?:{_RESOURCE}|{_MODULE})", re.MULTILINE)


def declared_clusters(path: str, data: bytes) -> Iterator[Source]:
    """Where a file of Terraform declares EKS clusters: the lines that do."""
    text = SourceText(path, data.decode("utf-8", "replace"))
    for number, match in enumerate(_CLUSTER.finditer(text.text)):
        yield Source(Document(text, number, start=match.start(), end=match.end()), ())
