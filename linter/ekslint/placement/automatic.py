"""The labels that nodes carry by themselves, remembered: the table is asked for few labels, over and over."""

from functools import lru_cache

from ekslint.facts import node_labels
from ekslint.facts.node_labels import NodeLabel, PoolKind


@lru_cache(maxsize=4096)
def label_of(kind: PoolKind, key: str) -> NodeLabel | None:
    """See `facts.node_labels.label_of`."""
    return node_labels.label_of(kind, key)
