"""How much a document repeats itself: a few lines of aliases can stand for millions of nodes."""

from ekslint.source.tree import Node

_MOST_REPEATED = 50_000
_MOST_TIMES = 5


def repeats_too_much(root: Node) -> bool:
    """Whether a document has far more nodes for a reader than it has in the file, and not merely a few.

    `root` must not contain itself.
    """
    sizes: dict[int, int] = {}
    written = 0
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, are_children_known = stack.pop()
        if not isinstance(node, dict | list) or (id(node) in sizes and not are_children_known):
            continue
        children = list(node.values()) if isinstance(node, dict) else node
        if are_children_known:
            sizes[id(node)] = 1 + sum(sizes.get(id(each), 1) for each in children)
            written += 1 + len(children)
        else:
            # Told as seen, so that nobody goes down twice; what stands above it is counted later.
            sizes[id(node)] = 1
            stack.append((node, True))
            stack.extend((each, False) for each in children)
    return sizes.get(id(root), 1) > _MOST_REPEATED + _MOST_TIMES * written
