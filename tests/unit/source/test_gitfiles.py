import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ekslint.source import gitfiles
from ekslint.source.discovery import Discovery, Skipped, discover, find_root
from ekslint.source.gitfiles import GitUnavailableError, git_files, walked_files

MANIFEST = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
needs_sh = pytest.mark.skipif(not os.access("/bin/sh", os.X_OK), reason="the bait is a shell script")


@pytest.fixture(autouse=True)
def _own_git_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    configuration = tmp_path_factory.mktemp("home") / "gitconfig"
    configuration.write_text("[user]\n\tname = n\n\temail = n@example.com\n[protocol]\n\tallow = always\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    try:
        git(folder, "init", "--quiet")
    except FileNotFoundError:
        pytest.skip("git is not installed")
    return folder


@pytest.fixture
def bait(tmp_path: Path) -> tuple[Path, Path]:
    """A program, and the file that it makes when somebody runs it."""
    trace = tmp_path / "bait-taken"
    program = tmp_path / "bait.sh"
    program.write_text(f"#!/bin/sh\necho \"$@\" >> '{trace}'\n")
    program.chmod(0o755)
    return program, trace


def write(root: Path, *names: str, text: str = MANIFEST) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def nothing(path: str) -> bool:
    return False


def search(root: Path, *paths: str, tracked_only: bool = False) -> Discovery:
    return discover([root / path for path in paths or ("",)], root, nothing, tracked_only)


def found(discovery: Discovery) -> list[str]:
    return [each.path for each in discovery.files]


class TestCheckout:
    def test_gives_tracked_and_new_files_but_no_ignored_ones(self, checkout: Path) -> None:
        write(checkout, "tracked.yaml", "new.yaml", "build/rendered.yaml", "apps/local.yaml", "notes.md")
        write(checkout, ".gitignore", text="build/\n")
        write(checkout, "apps/.gitignore", text="local.*\n")
        write(checkout, ".git/info/exclude", text="private.yaml\n")
        write(checkout, "private.yaml")
        git(checkout, "add", "tracked.yaml", "notes.md")
        discovery = search(checkout)
        assert (found(discovery), discovery.problems) == (["new.yaml", "tracked.yaml"], [])
        assert found(search(checkout, tracked_only=True)) == ["tracked.yaml"]

    def test_an_ignored_file_that_is_tracked_counts(self, checkout: Path) -> None:
        write(checkout, "build/a.yaml", "build/b.yaml")
        write(checkout, ".gitignore", text="build/\n")
        git(checkout, "add", "--force", "build/a.yaml")
        assert found(search(checkout)) == ["build/a.yaml"]

    @pytest.mark.parametrize("path", ["build", "build/rendered", "build/rendered/a.yaml"])
    def test_an_ignored_folder_is_read_if_it_is_a_path_itself(self, checkout: Path, path: str) -> None:
        write(checkout, "build/rendered/a.yaml")
        write(checkout, ".gitignore", text="/build/\n")
        assert found(search(checkout)) == []
        assert found(search(checkout, path)) == ["build/rendered/a.yaml"]

    def test_a_checkout_that_git_ignores_as_a_whole_stays_ignored(self, checkout: Path) -> None:
        write(checkout, "a.yaml")
        write(checkout, ".git/info/exclude", text="*\n")
        assert search(checkout) == Discovery([], [])

    def test_ignored_files_of_a_named_folder_stay_ignored(self, checkout: Path) -> None:
        write(checkout, "apps/local.yaml", "apps/deep/local.yaml")
        write(checkout, ".gitignore", text="local.yaml\n")
        assert found(search(checkout, "apps")) == []

    def test_a_named_untracked_file_is_taken(self, checkout: Path) -> None:
        write(checkout, "new.yaml")
        assert found(search(checkout, "new.yaml", tracked_only=True)) == ["new.yaml"]
        assert found(search(checkout, tracked_only=True)) == []

    def test_paths_are_names_and_no_patterns(self, checkout: Path) -> None:
        write(checkout, ":(top)apps/a.yaml", "*/b.yaml", "apps/c.yaml", "[ab]/d.yaml", "a/e.yaml")
        git(checkout, "--literal-pathspecs", "add", ".")
        for tracked_only in (False, True):
            discovery = search(checkout, ":(top)apps", "*", "[ab]", tracked_only=tracked_only)
            assert found(discovery) == ["*/b.yaml", ":(top)apps/a.yaml", "[ab]/d.yaml"]
            assert found(search(checkout, ":(top)apps", tracked_only=tracked_only)) == [":(top)apps/a.yaml"]

    def test_more_paths_than_fit_a_command_line_are_no_trouble(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gitfiles, "_MOST_PATHSPECS", 1)
        write(checkout, "a/1.yaml", "b/2.yaml", "c/3.yaml", "ab/4.yaml")
        assert found(search(checkout, "a", "b")) == ["a/1.yaml", "b/2.yaml"]

    def test_a_path_may_begin_like_an_option(self, checkout: Path) -> None:
        write(checkout, "--others/a.yaml", "b.yaml")
        git(checkout, "add", ".")
        write(checkout, "--others/new.yaml")
        assert found(search(checkout, "--others")) == ["--others/a.yaml", "--others/new.yaml"]
        assert found(search(checkout, "--others", tracked_only=True)) == ["--others/a.yaml"]

    def test_deleted_files_are_said(self, checkout: Path) -> None:
        write(checkout, "gone.yaml", "gone/deep.yaml", "gone.md", "here.yaml")
        git(checkout, "add", ".")
        for name in ("gone.yaml", "gone/deep.yaml", "gone.md"):
            (checkout / name).unlink()
        (checkout / "gone").rmdir()
        write(checkout, "gone")
        assert search(checkout).problems == [
            Skipped(name, "deleted: git lists it, but it does not exist", False)
            for name in ("gone.yaml", "gone/deep.yaml")
        ]

    def test_a_file_in_conflict_is_given_once(self, checkout: Path) -> None:
        for branch, text in (("one", "a: 1"), ("two", "a: 2")):
            git(checkout, "checkout", "--quiet", "--orphan", branch)
            write(checkout, "a.yaml", text=text)
            git(checkout, "add", ".")
            git(checkout, "commit", "--quiet", "--message", "x")
        subprocess.run(["git", "merge", "--allow-unrelated-histories", "one"], cwd=checkout, capture_output=True)
        assert git(checkout, "ls-files", "--unmerged")
        assert found(search(checkout)) == ["a.yaml"]

    def test_names_that_are_not_utf_8_are_a_problem(self, checkout: Path) -> None:
        try:
            Path(checkout, os.fsdecode(b"caf\xe9.yaml")).write_text(MANIFEST)
        except OSError:
            pytest.skip("the file system takes UTF-8 only")
        write(checkout, "a\tb\nc\u202e.yaml")
        discovery = search(checkout)
        assert found(discovery) == ["a\tb\nc\u202e.yaml"]
        assert [(each.path, each.problem) for each in discovery.problems] == [(r"caf\xe9.yaml", True)]

    def test_folders_that_tools_fill_are_passed_over_though_nobody_ignores_them(self, checkout: Path) -> None:
        write(checkout, "app/node_modules/x/a.yaml", "app/node_modules/y/b.yaml", "c.yaml")
        discovery = search(checkout)
        assert found(discovery) == ["c.yaml"]
        assert discovery.problems == [Skipped("app/node_modules", "a folder of other people's files", False)]
        assert found(search(checkout, "", "app/node_modules/x")) == ["app/node_modules/x/a.yaml", "c.yaml"]

    def test_repositories_inside_are_left_to_themselves(self, checkout: Path) -> None:
        for name in ("module", "embedded"):
            write(checkout, f"{name}/a.yaml")
            git(checkout / name, "init", "--quiet")
            git(checkout / name, "add", ".")
            git(checkout / name, "commit", "--quiet", "--message", "x")
        subprocess.run(["git", "add", "module"], cwd=checkout, check=True, capture_output=True)
        discovery = search(checkout)
        assert found(discovery) == []
        assert discovery.problems == [
            Skipped(name, "a repository of its own: name it as a PATH to lint it", False)
            for name in ("embedded", "module")
        ]
        assert found(search(checkout, "module", "embedded/a.yaml")) == ["embedded/a.yaml", "module/a.yaml"]

    def test_each_repository_is_asked_about_its_own_folders(self, checkout: Path) -> None:
        write(checkout, "module/apps/a.yaml", "module/apps/local.yaml", "module/b.yaml", "apps/c.yaml")
        write(checkout, "module/.gitignore", text="local.yaml\n")
        git(checkout / "module", "init", "--quiet")
        assert found(search(checkout, "module/apps", "apps")) == ["apps/c.yaml", "module/apps/a.yaml"]

    def test_a_worktree_works(self, checkout: Path, tmp_path: Path) -> None:
        write(checkout, "a.yaml")
        git(checkout, "add", ".")
        git(checkout, "commit", "--quiet", "--message", "x")
        git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"))
        tree = find_root([tmp_path / "tree"])
        assert tree == (tmp_path / "tree").resolve()
        discovery = search(tree)
        assert (found(discovery), discovery.problems) == (["a.yaml"], [])

    def test_what_a_hook_says_about_its_repository_does_not_count(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(checkout, "a.yaml")
        git(checkout, "add", ".")
        write(tmp_path, "other/b.yaml")
        git(tmp_path / "other", "init", "--quiet")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
        monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "0")
        discovery = search(checkout, tracked_only=True)
        assert (found(discovery), discovery.problems) == (["a.yaml"], [])


class TestLinksInTheIndex:
    def test_tracked_links_are_resolved(self, checkout: Path) -> None:
        write(checkout, "base/a.yaml")
        (checkout / "link.yaml").symlink_to("base/a.yaml")
        (checkout / "folder").symlink_to("base")
        (checkout / "out.yaml").symlink_to("/etc/hostname")
        git(checkout, "add", ".")
        discovery = search(checkout)
        assert found(discovery) == ["base/a.yaml"]
        assert [(each.path, each.reason) for each in discovery.problems] == [
            ("folder", "a link to the folder base: folders are read under their own names"),
            ("link.yaml", "a link to base/a.yaml, which is read under that name"),
            ("out.yaml", "a link that leads out of the root"),
        ]

    def test_a_folder_of_the_index_that_is_a_link_by_now_leads_nowhere(self, checkout: Path, tmp_path: Path) -> None:
        write(tmp_path, "outside/secret.yaml", "outside/deep/secret.yaml")
        write(checkout, "apps/secret.yaml", "apps/deep/secret.yaml")
        git(checkout, "add", ".")
        for name in ("apps/secret.yaml", "apps/deep/secret.yaml"):
            (checkout / name).unlink()
        (checkout / "apps/deep").rmdir()
        (checkout / "apps").rmdir()
        (checkout / "apps").symlink_to(tmp_path / "outside")
        assert search(checkout) == Discovery([], [Skipped("apps", "a link that leads out of the root", False)])

    @pytest.mark.parametrize(
        "name",
        [
            "../outside/a.yaml",
            "/outside/a.yaml",
            "/apps/b.yaml",
            "/b.yaml",
            "apps/../../outside/a.yaml",
            "..",
            "//b.yaml",
        ],
    )
    def test_an_entry_that_leads_out_of_the_root_is_not_read(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        write(tmp_path, "outside/a.yaml")
        write(checkout, "apps/b.yaml", "b.yaml")
        monkeypatch.setattr("ekslint.source.searching.git_files", lambda *_: [name, "apps/b.yaml"])
        discovery = search(checkout)
        assert found(discovery) == ["apps/b.yaml"]
        [problem] = discovery.problems
        assert problem.reason == "an entry of git's index that leads out of the root"


@needs_sh
class TestHostileRepository:
    """Nothing that a repository's own configuration names may run, be waited for, or lead elsewhere."""

    def test_the_file_system_monitor_does_not_run(self, checkout: Path, bait: tuple[Path, Path]) -> None:
        program, trace = bait
        write(checkout, "a.yaml")
        git(checkout, "add", ".")
        git(checkout, "config", "core.fsmonitor", str(program))
        git(checkout, "ls-files", "--cached", "--others")
        if not trace.exists():
            pytest.skip("this git runs no monitor for ls-files")
        trace.unlink()
        assert found(search(checkout)) == ["a.yaml"]
        assert found(search(checkout, tracked_only=True)) == ["a.yaml"]
        assert not trace.exists()

    @pytest.mark.parametrize(
        ("setting", "value", "url"),
        [
            ("core.sshCommand", "{}", "ssh://example.invalid/repository"),
            ("remote.origin.uploadpack", "{}", "."),
            ("protocol.ext.allow", "always", "ext::{} x"),
        ],
    )
    def test_no_missing_object_is_fetched(
        self, checkout: Path, bait: tuple[Path, Path], setting: str, value: str, url: str
    ) -> None:
        program, trace = bait
        write(checkout, "inside/a.yaml", "outside/deep/b.yaml")
        git(checkout, "add", ".")
        git(checkout, "commit", "--quiet", "--message", "x")
        tree = git(checkout, "rev-parse", "HEAD:outside")
        try:
            git(checkout, "sparse-checkout", "init", "--cone", "--sparse-index")
            git(checkout, "sparse-checkout", "set", "inside")
        except subprocess.CalledProcessError:
            pytest.skip("this git knows no sparse index")
        for name, text in {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.promisor": "true",
            "remote.origin.url": url.format(program),
            setting: value.format(program),
        }.items():
            git(checkout, "config", name, text)
        (checkout / ".git/objects" / tree[:2] / tree[2:]).unlink()
        subprocess.run(["git", "ls-files", "--cached"], cwd=checkout, capture_output=True)
        if not trace.exists():
            pytest.skip("this git fetches nothing for ls-files")
        trace.unlink()
        assert found(search(checkout)) == ["inside/a.yaml"]
        assert not trace.exists()

    def test_the_work_tree_is_the_checkout_whatever_the_repository_says(self, checkout: Path, tmp_path: Path) -> None:
        write(tmp_path, "outside/secret.yaml")
        write(checkout, "a.yaml")
        git(checkout, "config", "core.worktree", str(tmp_path / "outside"))
        assert found(search(checkout)) == ["a.yaml"]
        git(checkout, "config", "core.bare", "true")
        assert found(search(checkout)) == ["a.yaml"]

    @needs_pipes
    def test_git_is_not_waited_for(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(gitfiles, "TIME_FOR_GIT", 0.2)
        write(checkout, "apps/a.yaml")
        os.mkfifo(checkout / "apps/.gitignore")
        discovery = search(checkout)
        assert found(discovery) == ["apps/a.yaml"]
        reason = (
            "git did not list the files (git did not answer in time): the folders were searched, "
            "by the .gitignore files in them"
        )
        assert discovery.problems == [
            Skipped(".git", reason, False),
            Skipped("apps/.gitignore", "not honoured: a named pipe", False),
        ]

    def test_a_program_called_git_in_the_repository_does_not_run(
        self, checkout: Path, bait: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program, trace = bait
        write(checkout, "a.yaml")
        program.rename(checkout / "git")
        monkeypatch.chdir(checkout)
        monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
        discovery = search(checkout)
        assert (found(discovery), discovery.problems) == (["a.yaml"], [])
        assert not trace.exists()


class TestWithoutGit:
    @pytest.fixture(autouse=True)
    def _no_git(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

    def test_the_folders_are_searched_and_that_is_said(self, tmp_path: Path) -> None:
        write(tmp_path, ".git/HEAD", ".git/config.yaml", "a.yaml", "build/b.yaml")
        write(tmp_path, ".gitignore", text="build/\n")
        reason = (
            "git did not list the files (git is not installed): the folders were searched, "
            "by the .gitignore files in them"
        )
        discovery = search(tmp_path)
        assert found(discovery) == ["a.yaml"]
        assert discovery.problems == [Skipped(".git", reason, False)]

    def test_it_is_a_problem_if_only_tracked_files_were_wanted(self, tmp_path: Path) -> None:
        write(tmp_path, ".git/HEAD", "a.yaml")
        discovery = search(tmp_path, tracked_only=True)
        assert found(discovery) == ["a.yaml"]
        assert [(each.path, each.problem) for each in discovery.problems] == [(".git", True)]

    def test_outside_of_a_checkout_there_is_nothing_to_say(self, tmp_path: Path) -> None:
        assert search(write(tmp_path, "a.yaml"), tracked_only=True).problems == []

    def test_repositories_inside_a_checkout_are_left_to_themselves_as_git_does(self, tmp_path: Path) -> None:
        write(tmp_path, "checkout/.git/HEAD", "checkout/module/.git", "checkout/module/a.yaml", "checkout/b.yaml")
        discovery = search(tmp_path / "checkout")
        assert found(discovery) == ["b.yaml"]
        assert Skipped("module", "a repository of its own: name it as a PATH to lint it", False) in discovery.problems

    def test_a_folder_of_checkouts_is_one_estate(self, tmp_path: Path) -> None:
        write(tmp_path, "infra/.git/HEAD", "infra/cluster.yaml", "apps/.git/HEAD", "apps/a.yaml")
        assert found(search(tmp_path)) == ["apps/a.yaml", "infra/cluster.yaml"]


class TestUnusableRepository:
    def reason(self, root: Path) -> str:
        with pytest.raises(GitUnavailableError) as error:
            git_files(str(root), [""], False)
        return str(error.value)

    @pytest.mark.parametrize("outer", [False, True])
    def test_an_empty_git_folder_is_no_repository_and_none_further_up_is_taken(
        self, checkout: Path, tmp_path: Path, outer: bool
    ) -> None:
        root = write(checkout if outer else tmp_path, "inner/a.yaml") / "inner"
        (root / ".git").mkdir()
        assert self.reason(root) == "git finds no usable repository there"
        assert found(search(root)) == ["a.yaml"]

    def test_a_git_file_may_hold_anything(self, checkout: Path) -> None:
        root = write(checkout, "inner/a.yaml", "inner/.git") / "inner"
        assert self.reason(root) == "git finds no usable repository there"
        assert found(search(root)) == ["a.yaml"]

    def test_a_damaged_index_is_no_index(self, checkout: Path) -> None:
        write(checkout, "a.yaml", ".git/index")
        assert self.reason(checkout) == "git finds no usable repository there"
        assert found(search(checkout)) == ["a.yaml"]

    def test_a_foreign_owner_is_said(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(checkout, "a.yaml")
        # What git's own tests use in place of another user.
        original = gitfiles._environment
        monkeypatch.setattr(
            gitfiles, "_environment", lambda folder: original(folder) | {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
        )
        assert self.reason(checkout) == "the checkout belongs to another user and is no safe.directory of git's"
        assert found(search(checkout)) == ["a.yaml"]

    def test_a_safe_directory_from_the_environment_counts(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(checkout, "a.yaml")
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
        original = gitfiles._environment
        monkeypatch.setattr(
            gitfiles, "_environment", lambda folder: original(folder) | {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
        )
        discovery = search(checkout)
        assert (found(discovery), discovery.problems) == (["a.yaml"], [])

    def test_a_program_that_cannot_run_is_said(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, "bin/git", text="#!/nowhere/interpreter\n")
        (tmp_path / "bin/git").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        assert self.reason(checkout) == "git cannot be run: no such file or directory"


Walk = Callable[..., list[str]]


class TestIgnoreFiles:
    @pytest.fixture
    def walk(self, tmp_path: Path) -> Walk:
        def walk(folder: str = "") -> list[str]:
            self.said: list[tuple[str, str, bool]] = []
            names = walked_files(str(tmp_path), folder, lambda *said: self.said.append(said))
            return sorted(name for name in names if not name.endswith(".gitignore"))

        return walk

    @pytest.mark.parametrize(
        ("patterns", "left"),
        [
            ("", ["a.yaml", "b/a.yaml", "b/c/a.yaml", "b/c/d.yaml"]),
            ("a.yaml", ["b/c/d.yaml"]),
            ("/a.yaml", ["b/a.yaml", "b/c/a.yaml", "b/c/d.yaml"]),
            ("b/", ["a.yaml"]),
            ("a.yaml/", ["a.yaml", "b/a.yaml", "b/c/a.yaml", "b/c/d.yaml"]),
            ("b/a.yaml", ["a.yaml", "b/c/a.yaml", "b/c/d.yaml"]),
            ("*.yaml\n!d.yaml", ["b/c/d.yaml"]),
            ("c/\n!b/c/d.yaml", ["a.yaml", "b/a.yaml"]),
            ("b/**/a.yaml", ["a.yaml", "b/c/d.yaml"]),
            ("# a.yaml\r\n\r\n  \r\nd.yaml\r\n", ["a.yaml", "b/a.yaml", "b/c/a.yaml"]),
            ("\ufeffa.yaml", ["b/c/d.yaml"]),
        ],
    )
    def test_mean_what_they_mean_to_git(self, tmp_path: Path, walk: Walk, patterns: str, left: list[str]) -> None:
        write(tmp_path, "a.yaml", "b/a.yaml", "b/c/a.yaml", "b/c/d.yaml")
        (tmp_path / ".gitignore").write_text(patterns, "utf-8", newline="")
        assert walk() == left
        assert self.said == []

    def test_the_deepest_decides(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "a.yaml", "apps/a.yaml", "apps/deep/a.yaml", "apps/deep/b.yaml")
        write(tmp_path, ".gitignore", text="a.yaml\n")
        write(tmp_path, "apps/.gitignore", text="!/a.yaml\n")
        write(tmp_path, "apps/deep/.gitignore", text="b.yaml\n!a.yaml\n")
        assert walk() == ["apps/a.yaml", "apps/deep/a.yaml"]

    def test_those_above_the_path_count(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "apps/shop/a.yaml", "apps/shop/b.yaml", "apps/shop/c.yaml")
        write(tmp_path, ".gitignore", text="a.yaml\n")
        write(tmp_path, "apps/.gitignore", text="shop/b.yaml\n")
        assert walk("apps/shop") == ["apps/shop/c.yaml"]

    def test_unless_they_ignore_the_path_itself(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "build/shop/a.yaml", "build/shop/b.yaml")
        write(tmp_path, ".gitignore", text="build/\n")
        write(tmp_path, "build/shop/.gitignore", text="b.yaml\n")
        assert walk("build/shop") == ["build/shop/a.yaml"]
        assert walk("") == []

    def test_lines_that_are_no_pattern_are_said(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "a.yaml", "b.yaml")
        write(tmp_path, ".gitignore", text="!\n[z-a]\nb.yaml\n[[:alpha:]x\n")
        assert walk() == ["a.yaml"]
        assert self.said[:2] == [
            (".gitignore", "line 1 is not honoured: no pattern", False),
            (".gitignore", "line 2 is not honoured: no pattern", False),
        ]

    @pytest.mark.parametrize("pattern", ["*a*a*a*b", "**/x/**/x/**/x/**/y", "a***b***c", "*****", "!**/x/**/*a*b"])
    def test_lines_that_could_take_for_ever_are_said(self, tmp_path: Path, walk: Walk, pattern: str) -> None:
        write(tmp_path, "a" * 200 + ".yaml", "/".join("x" * 90) + "/a.yaml")
        write(tmp_path, ".gitignore", text=f"{pattern}\n")
        assert len(walk()) == 2
        assert self.said == [(".gitignore", "line 1 is not honoured: too many wildcards", False)]

    @pytest.mark.parametrize(
        "pattern",
        ["*.py[cod]", "**/*.egg-info/**", "**/foo/**/*.log", "/*/*/*/x", "a/**", ".env.*.local", "# ***** build *****"],
    )
    def test_usual_wildcards_are_honoured(self, tmp_path: Path, walk: Walk, pattern: str) -> None:
        write(tmp_path, ".gitignore", text=f"{pattern}\n")
        walk()
        assert self.said == []

    def test_folders_without_end_are_a_problem(self, tmp_path: Path, walk: Walk) -> None:
        deepest = "/".join("x" * 100)
        write(tmp_path, f"{deepest}/a.yaml", f"{deepest}/x/b.yaml")
        assert walk() == [f"{deepest}/a.yaml"]
        assert self.said == [(f"{deepest}/x", "a folder more than 100 levels deep", True)]

    def test_those_that_cannot_be_read_are_said(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "a/a.yaml", "b/b.yaml", "c/.gitignore/c.yaml", "rules")
        (tmp_path / "a/.gitignore").symlink_to("../rules")
        (tmp_path / "b/.gitignore").write_text("# b.yaml\n" * 30_000 + "b.yaml\n")
        assert walk() == ["a/a.yaml", "b/b.yaml", "c/.gitignore/c.yaml", "rules"]
        assert [path for path, _, _ in sorted(self.said)] == ["a/.gitignore", "b/.gitignore"]
        assert all(reason.startswith("not honoured: ") for _, reason, _ in self.said)

    def test_bytes_that_are_not_utf_8_are_no_trouble(self, tmp_path: Path, walk: Walk) -> None:
        write(tmp_path, "a.yaml")
        (tmp_path / ".gitignore").write_bytes(b"caf\xe9.yaml\n\0\na.yaml\n")
        assert walk() == []
