"""Timing two things in turn, so that a machine whose speed drifts does not favour one of them."""

import gc
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter


def medians(functions: Sequence[Callable[[], object]], rounds: int = 5) -> list[float]:
    """The median time of each in seconds, over `rounds` turns after one to warm up."""
    times: list[list[float]] = [[] for _ in functions]
    for turn in range(rounds + 1):
        for index, function in enumerate(functions):
            gc.collect()
            start = perf_counter()
            function()
            if turn:
                times[index].append(perf_counter() - start)
    return [median(each) for each in times]
