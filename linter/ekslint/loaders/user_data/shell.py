"""Shell scripts: the call of `/etc/eks/bootstrap.sh` (amazon-eks-ami, Ubuntu's EKS images) and its arguments."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ekslint.loaders.user_data.kubelet_flags import add_flags
from ekslint.loaders.user_data.start import (
    FILLED_IN,
    NOT_FOLLOWED,
    SEVERAL_WAYS,
    NodeStart,
    is_filled_in_later,
)
from ekslint.model.reading import Unknown

_SCRIPT = re.compile(r"(?<![\w/:])/etc/eks/bootstrap\.sh")
_LONGEST_COMMAND = 16_000
_LONGEST_VALUE = 2_000
_MAXIMUM_CALLS = 20
_MAXIMUM_VARIABLES = 500
_WORD_PART = re.compile(
    r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\$\((?:[^()]|\([^()]{0,200}\)){0,500}\)|`[^`]*`|[^\s'"\\;&|<>()]+)""",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t]|\\\r?\n)+")
_ESCAPE = re.compile(r"\\([\"\\$`]|\r?\n)")
# What may stand before a command on its line without being the command.
_BEFORE_COMMAND = re.compile(
    r"(?:(?:sudo|exec|nohup|time|then|else|do|if|!|\{|\(|bash|sh|source|\.|-[A-Za-z]+|[A-Za-z_]\w*=\S*)\s+)*\Z"
)
_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:(?:export|local|readonly|declare(?: -\w+)*)[ \t]+)?([A-Za-z_]\w*)(\+?=)", re.MULTILINE
)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_HEREDOC = re.compile(r"<<-?[ \t]*\\?['\"]?(\w+)['\"]?")
_SETS_FLAGS = re.compile(r"node-labels|register-with-taints|registerWithTaints|KUBELET_EXTRA_ARGS|kubelet-extra-args")
_SETS_MAX_PODS = re.compile(r"max-pods|maxPods|MAX_PODS")
_RUNS_SOMETHING_ELSE = re.compile(
    r"^[ \t]*\$\{[^}]*\}[ \t]*$|\b(?:curl|wget|aws[ \t]+s3|git[ \t]+clone|ansible|chef|puppet|cfn-init|nodeadm)\b",
    re.MULTILINE,
)
_MAX_PODS_OF_KUBELET = 110
"""What a kubelet takes that nobody tells (KubeletConfiguration, maxPods)."""
_CLUSTER_FIELDS = {"apiserver-endpoint": "apiServerEndpoint", "b64-cluster-ca": "certificateAuthority"}


class _Assignment(NamedTuple):
    """A variable, set once."""

    value: str
    text: str
    """The whole statement, as it stands in the script."""


def read_shell(start: NodeStart, script: str) -> None:
    """Take up what a shell script does."""
    code = _without_comments(script)
    calls: list[list[str]] = []
    rest: list[str] = []
    end = 0
    mentions = 0
    for match in _SCRIPT.finditer(code):
        if match.start() < end:
            continue
        if len(calls) >= _MAXIMUM_CALLS or mentions >= _MAXIMUM_CALLS:
            mentions += 1
            break
        line_start = code.rfind("\n", 0, match.start()) + 1
        before = code[line_start : match.start()]
        if not _BEFORE_COMMAND.match(re.split(r"&&|\|\||[;|]", before)[-1].lstrip()):
            mentions += 1  # patched, copied or quoted: whatever comes of it cannot be followed
            continue
        words, after = command_words(code, match.end())
        calls.append(words)
        rest.append(code[end : match.start()])
        end = after
    rest.append(code[end:])
    assignments = _assignments(code)
    _take_up(start, calls, {name: each.value for name, each in assignments.items()})
    remaining = _without_followed("".join(rest), assignments, calls)
    if mentions:
        start.bootstrapper = start.bootstrapper or "bootstrap.sh"
    if mentions or _SETS_FLAGS.search(remaining):
        start.add_open_flags(NOT_FOLLOWED)
    if start.max_pods is None and _SETS_MAX_PODS.search(remaining):
        start.max_pods = NOT_FOLLOWED
    if start.max_pods is None and start.script_arguments.get("use-max-pods") == "false":
        start.max_pods = _MAX_PODS_OF_KUBELET
    if start.bootstrapper is None and _RUNS_SOMETHING_ELSE.search(remaining):
        start.bootstrapper = Unknown("user data runs something that is not in the files")


def heredocs(script: str) -> Iterator[str]:
    """The texts that a script writes with `<<EOF`."""
    lines = iter(script.split("\n"))
    for line in lines:
        match = _HEREDOC.search(line)
        if match is None:
            continue
        body: list[str] = []
        for inner in lines:
            if inner.strip() == match[1]:
                break
            body.append(inner)
        yield "\n".join(body)


def command_words(script: str, position: int, longest: int = _LONGEST_COMMAND) -> tuple[list[str], int]:
    """The words from a position to the end of the command, quotes resolved, and where it ends."""
    limit = min(len(script), position + longest)
    words: list[str] = []
    current: list[str] | None = None
    while position < limit:
        blank = _BLANK.match(script, position)
        if blank is not None:
            position = blank.end()
            if current is not None:
                words.append("".join(current))
            current = None
            continue
        if current is None and script[position] == "#":
            end_of_line = script.find("\n", position)
            position = end_of_line if end_of_line >= 0 else len(script)
            break
        part = _WORD_PART.match(script, position, limit)
        if part is None:
            break
        single, double, escaped, plain = part.groups()
        if double is not None:
            double = _ESCAPE.sub(lambda found: found[1].strip("\r\n"), double)
        current = current if current is not None else []
        current.append(next(each for each in (single, double, escaped, plain) if each is not None))
        position = part.end()
    if current is not None:
        words.append("".join(current))
    return words, position


def _take_up(start: NodeStart, calls: Sequence[Sequence[str]], variables: Mapping[str, str]) -> None:
    if not calls:
        return
    start.bootstrapper = "bootstrap.sh"
    expanded = [[_expanded(word, variables) for word in words] for words in calls]
    first = expanded[0]
    if all(words == first for words in expanded):
        _arguments(start, first)
        return
    names = {words[0] if words else "" for words in expanded}
    start.cluster_name = first[0] if len(names) == 1 and first else SEVERAL_WAYS
    start.add_open_flags(SEVERAL_WAYS)


def _arguments(start: NodeStart, words: Sequence[str]) -> None:
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("--"):
            if start.cluster_name is None:
                start.cluster_name = word
                start.cluster_fields["name"] = None
            elif is_filled_in_later(word):
                start.add_open_flags(FILLED_IN)
            continue
        name, separator, value = word[2:].partition("=")
        if not separator and position < len(words):
            value = words[position]
            position += 1
        start.script_arguments[name] = value
        if name in _CLUSTER_FIELDS:
            start.cluster_fields[_CLUSTER_FIELDS[name]] = None
        elif name == "kubelet-extra-args":
            add_flags(start, value.split())


def _assignments(code: str) -> Mapping[str, _Assignment]:
    """Variables that the script sets once, to a text."""
    values: dict[str, str] = {}
    found: dict[str, _Assignment | None] = {}
    for match in islice(_ASSIGNMENT.finditer(code), _MAXIMUM_VARIABLES):
        name, operator = match.groups()
        words, end = command_words(code, match.end(), _LONGEST_VALUE)
        # A blank after the word would make it the environment of a command, not a variable of the script.
        is_plain = operator == "=" and len(words) == 1 and not code[match.end() : match.end() + 1].isspace()
        value = _expanded(words[0], values) if is_plain and "$(" not in words[0] else None
        if value is None or name in found or len(value) > _LONGEST_VALUE:
            found[name] = None
            values.pop(name, None)
            continue
        values[name] = value
        found[name] = _Assignment(value, code[match.start() : end])
    return {name: each for name, each in found.items() if each is not None}


def _without_followed(script: str, assignments: Mapping[str, _Assignment], calls: Iterable[Sequence[str]]) -> str:
    """A script without the assignments of flags that calls of bootstrap.sh use, and nothing else does."""
    followed: dict[str, _Assignment] = {}
    open_names = [name for words in calls for word in words for name in _names(word)]
    while open_names:
        name = open_names.pop()
        if name in assignments and name not in followed:
            followed[name] = assignments[name]
            open_names += _names(assignments[name].text)
    cleaned = script
    for name, each in followed.items():
        if _SETS_FLAGS.search(each.text) and not _SETS_FLAGS.search(name):
            cleaned = cleaned.replace(each.text, "", 1)
    # Whatever else uses such a variable may take the flags elsewhere.
    is_used = any(name in followed and _SETS_FLAGS.search(followed[name].text) for name in _names(cleaned))
    return script if is_used else cleaned


def _names(text: str) -> Iterator[str]:
    """The variables that a text uses."""
    return (match[1] or match[2] for match in _VARIABLE.finditer(text))


def _expanded(word: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: variables.get(match[1] or match[2], match[0]), word)


def _without_comments(script: str) -> str:
    return "\n".join("" if line.lstrip().startswith("#") else line for line in script.split("\n"))
