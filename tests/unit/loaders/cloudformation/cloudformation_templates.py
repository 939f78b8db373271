"""Loading templates out of texts, and looking at what came of them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from ekslint.loaders.cloudformation import load_template
from ekslint.loaders.loaded import Loaded
from ekslint.model.cluster import Cluster
from ekslint.model.entity import Entity, Place
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Undecided
from ekslint.model.world import ChoicePoint, Forked, World
from ekslint.source.parsing import parse
from ekslint.source.scalars import string
from ekslint.source.text import SourceText

T = TypeVar("T", bound=Entity)


def load(text: str, path: str = "stack.yaml") -> Loaded:
    loaded = Loaded(World())
    for document in parse(SourceText(path, text), string):
        assert not document.problems
        load_template(document, loaded)
    return loaded


def cluster(text: str) -> Cluster:
    [only] = load(text).clusters
    return only


def group(text: str) -> NodeGroup:
    [(only, _)] = load(text).pools
    assert isinstance(only, NodeGroup)
    return only


def entity(loaded: Loaded, kind: type[T], resource: str) -> T:
    [only] = [each for each in loaded.entities if isinstance(each, kind) and each.resource.endswith(f"/{resource}")]
    return only


def line(place: Place) -> str:
    """The line of a place, without indentation."""
    location = place.location
    start, end = place.source.document.source.line_span(location.line)
    return place.source.document.source.text[start:end].strip()


def spot(place: Place) -> str:
    """Exactly what a place marks."""
    location = place.location
    assert location.line == location.end_line
    start, _ = place.source.document.source.line_span(location.line)
    return place.source.document.source.text[start + location.column - 1 : start + location.end_column - 1]


UNKNOWN = "unknown"


def read(owner: Any, *path: Any) -> Any:
    """A field, or an item of it; UNKNOWN where it cannot be known, None where it is absent."""
    try:
        value = getattr(owner, path[0])
        for step in path[1:]:
            value = value[step]
        if isinstance(value, str | int | float | bool | None):
            return value
        return dict(value) if hasattr(value, "keys") else tuple(value) if isinstance(value, Sequence) else value
    except Undecided:
        return UNKNOWN
    except (KeyError, IndexError):
        return None


def in_every_world(world: World, question: Any) -> list[tuple[dict[str, int], Any]]:
    """The answers to a question in all worlds that it asks about, as the engine would try them."""
    answers: list[tuple[dict[str, int], Any]] = []
    waiting: list[dict[ChoicePoint, int]] = [{}]
    while waiting:
        chosen = waiting.pop(0)
        try:
            with world.assuming(chosen):
                answer = question()
        except Forked as fork:
            waiting += [{**chosen, fork.point: option} for option in range(fork.point.options)]
            assert len(waiting) < 100
            continue
        answers.append(({point.name: option for point, option in chosen.items()}, answer))
    return answers


def answers(world: World, question: Any) -> set[Any]:
    return {answer for _, answer in in_every_world(world, question)}


def look_at_everything(loaded: Loaded) -> None:
    """What rules and reports would do: read every field, ask for every place."""
    everything: list[Entity] = [*loaded.clusters, *(pool for pool, _ in loaded.pools), *loaded.entities]
    everything += [member for member, _ in loaded.members]
    for entity in everything:
        assert str(entity)
        for field in type(entity).defaults:
            try:
                value = getattr(entity, field)
                if isinstance(value, list | tuple | dict) or hasattr(value, "__iter__"):
                    list(value)
            except (Undecided, Forked):
                pass
            list(entity.possible_items(field))
            try:
                place = entity.at(field)
            except Forked:
                continue
            assert place.location.line >= 1
    for problem in loaded.problems:
        assert problem.source.document.locate(problem.source.path).line >= 1


def auto_scaling_group(
    launch: str, properties: str = "", rest: str = "", tag: str = "kubernetes.io/cluster/shop"
) -> str:
    """A template with a launch template and an Auto Scaling group."""
    return f"""
Parameters: {{Open: {{Type: String}}, Spot: {{Type: Number, Default: 0}}}}
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData: {launch}
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 2
      Tags: [{{Key: {tag}, Value: owned, PropagateAtLaunch: true}}]
{properties or "      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}"}
{rest}
"""
