"""Which files git would list under a folder: asked of git, or worked out from the .gitignore files without it."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ekslint.source.reading import UnfitFileError, error_words, read_regular

if TYPE_CHECKING:
    import pathspec

Skip: TypeAlias = Callable[[str, str, bool], None]
"""Called with path, reason, and whether that is a problem, for everything that is passed over."""

FOREIGN_FOLDERS = frozenset({".git", ".terraform", ".venv", "__pycache__", "node_modules"})
"""Folders that tools fill with other people's files, and that nobody means when naming a folder above them."""

FOREIGN_FOLDER = "a folder of other people's files"
NESTED_REPOSITORY = "a repository of its own: name it as a PATH to lint it"

TIME_FOR_GIT = 30.0
"""Seconds. A repository can make git wait for ever, with a named pipe for a .gitignore."""

DEEPEST_FOLDER = 100
"""Levels below the root. What `**` costs grows with the square of the depth, and no project comes near it."""

_LARGEST_IGNORE_FILE = 256 * 1024
_MOST_PATHSPECS = 100
# A repository's own configuration can name programs, and `git ls-files` would run some of them. What it cannot
# override is the command line and the environment.
_HARDENED = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "safe.bareRepository=explicit",
    "--no-pager",
    "--literal-pathspecs",
)


class GitUnavailableError(Exception):
    """git could not list the files; the message says why, to stand in brackets."""


def git_files(checkout: str, folders: Sequence[str], tracked_only: bool) -> list[str]:
    """What git lists under `folders` (relative to the checkout, "" for all of it), relative to the checkout, with `/`.

    Tracked files and, unless `tracked_only`, untracked ones that are not ignored. Files of an index need not exist;
    a submodule and a repository inside are one entry, the latter with a `/` at the end. Names that are not UTF-8 hold
    surrogates. Runs nothing that the repository names. Raises `GitUnavailableError`.
    """
    import subprocess

    git = _program()
    if git is None:
        raise GitUnavailableError("git is not installed")
    command = [git, *_HARDENED, f"--work-tree={checkout}", "ls-files", "-z", "--cached"]
    if not tracked_only:
        command += ["--others", "--exclude-standard"]
    if "" not in folders and len(folders) <= _MOST_PATHSPECS:
        command += ["--", *folders]
    try:
        done = subprocess.run(  # noqa: S603  (an absolute program, and arguments that are no options)
            command,
            cwd=checkout,
            env=_environment(checkout),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_FOR_GIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitUnavailableError("git did not answer in time") from None
    except OSError as error:
        raise GitUnavailableError(f"git cannot be run: {error_words(error)}") from None
    if done.returncode != 0:
        # git's own words name absolute paths, which differ from machine to machine.
        if b"dubious ownership" in done.stderr:
            raise GitUnavailableError("the checkout belongs to another user and is no safe.directory of git's")
        raise GitUnavailableError("git finds no usable repository there")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _program() -> str | None:
    # Not left to the operating system: an empty or relative entry of PATH, and on Windows the current folder, would
    # find a program that the repository brings along.
    for folder in map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep)):
        program = folder / ("git.exe" if os.name == "nt" else "git")
        if folder.is_absolute() and os.access(program, os.X_OK) and program.is_file():
            return str(program)
    return None


def _environment(checkout: str) -> dict[str, str]:
    # GIT_DIR and GIT_INDEX_FILE, as set inside a hook, speak of another repository; configuration that the user gives
    # through the environment (safe.directory in CI) stays.
    return {
        **{name: value for name, value in os.environ.items() if re.match("(?!GIT_)|GIT_CONFIG_", name)},
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # Where .git is no repository, git must not find one further up.
        "GIT_CEILING_DIRECTORIES": str(Path(checkout).parent),
        # In a sparse, partial clone, ls-files fetches missing trees, by whatever program the repository names for it.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
    }


def walked_files(root: str, folder: str, skip: Skip) -> Iterator[str]:
    """All entries under `folder` (relative to `root`, "" for the root) that are no folders and that git would list.

    Honours the .gitignore files from `root` down, unless they ignore `folder` itself, which somebody asked for by
    name. Follows no link. A repository inside a checkout is left to itself, as git does.
    """
    in_checkout = _has_git(root, folder)
    rules = _inherited_rules(root, folder, skip)
    if folder and rules.ignore(f"{folder}/"):
        rules = _Rules()
    pending = [(folder, rules)]
    while pending:
        folder, rules = pending.pop()
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                content = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError as error:
            skip(folder or ".", f"a folder that cannot be read: {error_words(error)}", True)
            continue
        if (".gitignore", False) in content:
            rules = rules.deeper(root, folder, skip)
        for name, is_folder in content:
            path = f"{folder}/{name}" if folder else name
            if name == ".git" or rules.ignore(f"{path}/" if is_folder else path):
                continue
            if not is_folder:
                yield path
            elif name in FOREIGN_FOLDERS:
                skip(path, FOREIGN_FOLDER, False)
            elif in_checkout and os.path.lexists(f"{root}/{path}/.git"):
                skip(path, NESTED_REPOSITORY, False)
            elif path.count("/") >= DEEPEST_FOLDER:
                skip(path, f"a folder more than {DEEPEST_FOLDER} levels deep", True)
            else:
                pending.append((path, rules))


def _has_git(root: str, folder: str) -> bool:
    above = [folder[:end] for end, sign in enumerate(folder) if sign == "/"]
    return any(os.path.lexists(f"{root}/{each}/.git") for each in {"", *above, folder})


class _Rules:
    """The .gitignore files on the way to a folder. The deepest that says something about a path decides."""

    def __init__(self, files: "tuple[tuple[int, pathspec.GitIgnoreSpec], ...]" = ()) -> None:
        self._files = files

    def ignore(self, path: str) -> bool:
        """Whether `path`, relative to the root and a folder if it ends with `/`, is ignored."""
        for start, spec in reversed(self._files):
            decision = spec.check_file(path[start:]).include
            if decision is not None:
                return decision
        return False

    def deeper(self, root: str, folder: str, skip: Skip) -> "_Rules":
        """With the .gitignore of `folder`, if it can be read."""
        path = f"{folder}/.gitignore" if folder else ".gitignore"
        try:
            data = read_regular(f"{root}/{path}", _LARGEST_IGNORE_FILE)
        except FileNotFoundError:
            return self
        except (OSError, UnfitFileError) as error:
            words = error_words(error) if isinstance(error, OSError) else str(error)
            skip(path, f"not honoured: {words}", False)
            return self
        spec = _ignore_spec(data.decode("utf-8-sig", "surrogateescape"), path, skip)
        return _Rules((*self._files, (len(folder) + 1 if folder else 0, spec)))


def _inherited_rules(root: str, folder: str, skip: Skip) -> _Rules:
    rules = _Rules()
    above = ""
    for name in folder.split("/") if folder else ():
        rules = rules.deeper(root, above, skip)
        above = f"{above}/{name}" if above else name
    return rules


def _ignore_spec(text: str, path: str, skip: Skip) -> "pathspec.GitIgnoreSpec":
    import warnings

    import pathspec

    patterns: list[Any] = []  # the class of patterns changed its name between versions
    # What a regular expression makes of a strange bracket is no business of the person who runs the linter.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, line in enumerate(text.split("\n"), 1):
            line = line.removesuffix("\r")
            if not line.strip() or line.startswith("#"):
                continue
            if _too_wild(line):
                skip(path, f"line {number} is not honoured: too many wildcards", False)
                continue
            try:
                patterns += pathspec.GitIgnoreSpec.from_lines([line]).patterns
            except (ValueError, re.error):
                skip(path, f"line {number} is not honoured: no pattern", False)
    return pathspec.GitIgnoreSpec(patterns)


def _too_wild(pattern: str) -> bool:
    """Whether the regular expression for a pattern could try a path in more than about n² ways (n: its length)."""
    segments = pattern.strip().removeprefix("!").strip("/").split("/")
    anywhere = sum(segment == "**" for segment in segments[:-1])
    most_stars = max(0 if segment == "**" else segment.count("*") for segment in segments)
    return anywhere + max(most_stars - 1, 0) > 2
