import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ekslint.source import reading
from ekslint.source.discovery import (
    Discovery,
    DiscoveryError,
    Found,
    MissingPathError,
    OutsideRootError,
    Skipped,
    discover,
    find_root,
    read,
)

MANIFEST = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


def write(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MANIFEST)
    return root


def nothing(path: str) -> bool:
    return False


def search(root: Path, *paths: str, exclude: Callable[[str], bool] = nothing) -> Discovery:
    return discover([root / path for path in paths or ("",)], root, exclude)


def found(discovery: Discovery) -> list[str]:
    return [each.path for each in discovery.files]


class TestRoot:
    def test_is_the_nearest_folder_with_a_repository(self, tmp_path: Path) -> None:
        write(tmp_path, "outer/.ekslint.yaml", "outer/checkout/apps/shop/a.yaml", "outer/checkout/apps/.ekslint.yaml")
        (tmp_path / "outer/checkout/.git").mkdir()
        assert find_root([tmp_path / "outer/checkout/apps/shop/a.yaml"]) == (tmp_path / "outer/checkout").resolve()

    def test_takes_a_git_file_of_a_worktree_or_submodule(self, tmp_path: Path) -> None:
        write(tmp_path, "worktree/.git", "worktree/apps/a.yaml")
        assert find_root([tmp_path / "worktree/apps"]) == (tmp_path / "worktree").resolve()

    def test_without_a_repository_is_the_nearest_folder_with_a_configuration(self, tmp_path: Path) -> None:
        write(tmp_path, ".ekslint.yaml", "estate/.ekslint.yaml", "estate/apps/shop/a.yaml")
        assert find_root([tmp_path / "estate/apps/shop"]) == (tmp_path / "estate").resolve()

    def test_otherwise_is_the_common_folder(self, tmp_path: Path) -> None:
        write(tmp_path, "estate/apps/shop/a.yaml", "estate/infra/cluster.yaml")
        estate = (tmp_path / "estate").resolve()
        assert find_root([estate / "apps/shop/a.yaml", estate / "infra"]) == estate
        assert find_root([estate / "infra/cluster.yaml"]) == estate / "infra"
        assert find_root([estate / "apps"]) == estate / "apps"

    def test_no_path_means_the_current_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(write(tmp_path, "a.yaml"))
        assert find_root([]) == tmp_path.resolve()
        assert found(discover([], tmp_path, nothing)) == ["a.yaml"]

    def test_is_where_a_linked_folder_really_is(self, tmp_path: Path) -> None:
        write(tmp_path, "real/a.yaml")
        (tmp_path / "real/.git").mkdir()
        (tmp_path / "link").symlink_to("real")
        assert find_root([tmp_path / "link"]) == (tmp_path / "real").resolve()

    def test_a_folder_that_may_not_be_entered_is_passed_by(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, ".ekslint.yaml", "closed/a.yaml")
        original = Path.is_file

        def is_file(path: Path) -> bool:
            if path.parent.name == "closed":
                raise PermissionError(errno.EACCES, "Permission denied")
            return original(path)

        monkeypatch.setattr(Path, "is_file", is_file)
        assert find_root([tmp_path / "closed/a.yaml"]) == tmp_path.resolve()

    def test_a_path_outside_is_a_usage_error(self, tmp_path: Path) -> None:
        write(tmp_path, "one/.git", "one/a.yaml", "two/b.yaml")
        with pytest.raises(OutsideRootError, match=r"two lies outside .*one, .*in a run of its own") as error:
            find_root([tmp_path / "one", tmp_path / "two"])
        assert (error.value.path, error.value.root) == (tmp_path / "two", (tmp_path / "one").resolve())
        with pytest.raises(OutsideRootError):
            discover([tmp_path / "two/b.yaml"], tmp_path / "one", nothing)

    def test_a_path_whose_name_begins_like_the_root_is_outside(self, tmp_path: Path) -> None:
        write(tmp_path, "one/a.yaml", "one-more/b.yaml")
        with pytest.raises(OutsideRootError):
            search(tmp_path / "one", "../one-more")

    @pytest.mark.parametrize("name", ["absent.yaml", "absent/a.yaml", "a.yaml/below", "dangling", "nul\0byte"])
    def test_a_path_that_does_not_exist_is_a_usage_error(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, "a.yaml")
        (tmp_path / "dangling").symlink_to("nowhere")
        with pytest.raises(MissingPathError, match="it does not exist"):
            find_root([tmp_path / name])
        with pytest.raises(MissingPathError):
            search(tmp_path, name)

    def test_a_link_in_a_circle_is_a_usage_error(self, tmp_path: Path) -> None:
        (tmp_path / "circle").symlink_to("circle")
        with pytest.raises(DiscoveryError, match="leads back to itself"):
            find_root([tmp_path / "circle"])

    def test_an_error_shows_no_control_characters(self, tmp_path: Path) -> None:
        with pytest.raises(MissingPathError) as error:
            find_root([tmp_path / os.fsdecode(b"a\x1b[31m\n::error::\xe9\xe2\x80\xae.yaml")])
        assert r"a\x1b[31m\n::error::\xe9\u202e.yaml:" in str(error.value)


class TestFolders:
    def test_gives_candidates_in_order_of_their_paths(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            "b/z.yml",
            "b.yaml",
            "a/A.YAML",
            "a/.hidden/x.json",
            "a/stack.template",
            "README.md",
            "main.tf",
            "main.py",
        )
        discovery = search(tmp_path)
        assert found(discovery) == ["a/.hidden/x.json", "a/A.YAML", "a/stack.template", "b.yaml", "b/z.yml", "main.tf"]
        assert discovery.files[3] == Found("b.yaml", tmp_path.resolve() / "b.yaml")
        assert discovery.problems == []

    def test_does_not_depend_on_the_order_of_the_file_system(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names = [f"{folder}/{name}.yaml" for folder in "cab" for name in "312"] + ["d.yaml.j2", "e.yaml.bak"]
        write(tmp_path, *names)
        before = search(tmp_path)
        original = os.scandir

        class Reversed:
            def __init__(self, path: str) -> None:
                with original(path) as entries:
                    self.entries = sorted(entries, key=lambda entry: entry.name, reverse=True)

            def __enter__(self) -> "list[os.DirEntry[str]]":
                return self.entries

            def __exit__(self, *_: object) -> None: ...

        monkeypatch.setattr(os, "scandir", Reversed)
        assert search(tmp_path) == before

    def test_only_the_given_paths_are_read(self, tmp_path: Path) -> None:
        write(tmp_path, "apps/a.yaml", "apps-old/b.yaml", "infra/c.yaml", "d.yaml", "infra/e.yaml")
        assert found(search(tmp_path, "apps", "infra/c.yaml")) == ["apps/a.yaml", "infra/c.yaml"]

    def test_a_file_is_given_once_however_often_it_is_named(self, tmp_path: Path) -> None:
        write(tmp_path, "apps/a.yaml")
        assert found(search(tmp_path, "", "apps", "apps/a.yaml", "apps/../apps/a.yaml")) == ["apps/a.yaml"]

    def test_a_named_file_needs_no_ending(self, tmp_path: Path) -> None:
        write(tmp_path, "rendered", "notes.txt", "a.yaml.bak")
        assert found(search(tmp_path, "rendered", "notes.txt", "a.yaml.bak")) == ["a.yaml.bak", "notes.txt", "rendered"]

    def test_a_kustomization_needs_no_ending(self, tmp_path: Path) -> None:
        assert found(search(write(tmp_path, "base/Kustomization"))) == ["base/Kustomization"]

    def test_names_that_only_look_like_configuration_are_explained(self, tmp_path: Path) -> None:
        write(tmp_path, "a.yaml.gotmpl", "b.yml.j2", "c.json.bak", "d.yaml.md", "e.YAML.TPL")
        assert search(tmp_path).problems == [
            Skipped(
                "a.yaml.gotmpl", "a Go template: rendered manifests can be linted, the template itself cannot", False
            ),
            Skipped(
                "b.yml.j2", "a Jinja template: rendered manifests can be linted, the template itself cannot", False
            ),
            Skipped("c.json.bak", "its name ends in .bak: name the file itself to lint it", False),
            Skipped("e.YAML.TPL", "a Go template: rendered manifests can be linted, the template itself cannot", False),
        ]

    def test_the_configuration_of_the_linter_is_no_candidate(self, tmp_path: Path) -> None:
        write(tmp_path, ".ekslint.yaml", "apps/.ekslint.yaml")
        discovery = search(tmp_path)
        assert found(discovery) == ["apps/.ekslint.yaml"]
        assert discovery.problems == [Skipped(".ekslint.yaml", "the configuration of ekslint", False)]

    def test_folders_that_tools_fill_are_passed_over_and_said(self, tmp_path: Path) -> None:
        write(
            tmp_path, "node_modules/x/a.yaml", "apps/.terraform/b.yaml", "apps/.venv/c.json", "apps/__pycache__/d.json"
        )
        discovery = search(tmp_path)
        assert found(discovery) == []
        assert [(each.path, each.reason) for each in discovery.problems] == [
            ("apps/.terraform", "a folder of other people's files"),
            ("apps/.venv", "a folder of other people's files"),
            ("apps/__pycache__", "a folder of other people's files"),
            ("node_modules", "a folder of other people's files"),
        ]

    def test_such_a_folder_is_read_if_it_is_a_path_itself(self, tmp_path: Path) -> None:
        write(tmp_path, "node_modules/x/a.yaml", "node_modules/y/b.yaml")
        assert found(search(tmp_path, "", "node_modules/x")) == ["node_modules/x/a.yaml"]

    def test_excluded_files_are_said(self, tmp_path: Path) -> None:
        write(tmp_path, "apps/a.yaml", "vendor/b.yaml", "vendor/c.md")
        discovery = search(tmp_path, exclude=lambda path: path.startswith("vendor/"))
        assert found(discovery) == ["apps/a.yaml"]
        assert discovery.problems == [Skipped("vendor/b.yaml", "excluded by the configuration", False)]

    def test_a_named_file_is_taken_even_if_excluded(self, tmp_path: Path) -> None:
        write(tmp_path, "vendor/b.yaml")
        discovery = search(tmp_path, "", "vendor/b.yaml", exclude=lambda path: True)
        assert (found(discovery), discovery.problems) == (["vendor/b.yaml"], [])

    def test_a_folder_that_cannot_be_read_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "open/a.yaml", "closed/b.yaml")
        original = os.scandir

        def scandir(path: str) -> object:
            if path.endswith("/closed"):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return original(path)

        monkeypatch.setattr(os, "scandir", scandir)
        discovery = search(tmp_path)
        assert found(discovery) == ["open/a.yaml"]
        assert discovery.problems == [Skipped("closed", "a folder that cannot be read: permission denied", True)]

    def test_a_file_without_a_status_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "a.yaml", "b.yaml", "c.md")
        original = os.lstat

        def lstat(path: "str | Path") -> os.stat_result:
            if str(path).endswith(("b.yaml", "c.md")):
                raise OSError(errno.EIO, "Input/output error", path)
            return original(path)

        monkeypatch.setattr(os, "lstat", lstat)
        discovery = search(tmp_path)
        assert found(discovery) == ["a.yaml"]
        assert discovery.problems == [Skipped("b.yaml", "cannot be read: input/output error", True)]

    def test_a_folder_nested_too_deep_for_the_system_is_a_problem(self, tmp_path: Path) -> None:
        folder = os.open(tmp_path, os.O_RDONLY)
        try:
            for _ in range(40):
                os.mkdir("d" * 200, dir_fd=folder)
                inner = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
                os.close(folder)
                folder = inner
        except NotImplementedError:
            pytest.skip("the system cannot make folders relative to others")
        finally:
            os.close(folder)
        [problem] = search(write(tmp_path, "a.yaml")).problems
        assert problem.problem
        assert problem.reason == "a folder that cannot be read: file name too long"

    def test_a_name_that_is_not_utf_8_is_a_problem_and_its_path_is_printable(self, tmp_path: Path) -> None:
        try:
            for name in (b"caf\xe9.yaml", b"caf\xe9.md"):
                Path(tmp_path, os.fsdecode(name)).write_text(MANIFEST)
        except OSError:
            pytest.skip("the file system takes UTF-8 only")
        for discovery in (search(tmp_path), search(tmp_path, os.fsdecode(b"caf\xe9.yaml"))):
            assert found(discovery) == []
            [problem] = discovery.problems
            assert (problem.path, problem.problem) == (r"caf\xe9.yaml", True)
            assert "not valid UTF-8" in problem.reason

    def test_a_name_may_hold_anything_else(self, tmp_path: Path) -> None:
        name = "a\n::error::b\x1b[2J\u202e é.yaml"
        assert found(search(write(tmp_path, name))) == [name]


class TestLinks:
    def test_a_link_to_a_file_gives_the_file_once_under_its_real_name(self, tmp_path: Path) -> None:
        write(tmp_path, "base/deploy.yaml")
        (tmp_path / "current.yaml").symlink_to("base/deploy.yaml")
        (tmp_path / "again.yaml").symlink_to("current.yaml")
        discovery = search(tmp_path)
        assert found(discovery) == ["base/deploy.yaml"]
        assert discovery.problems == [
            Skipped(name, "a link to base/deploy.yaml, which is read under that name", False)
            for name in ("again.yaml", "current.yaml")
        ]

    def test_a_link_brings_in_a_file_from_beyond_the_path_but_not_from_beyond_the_root(self, tmp_path: Path) -> None:
        write(tmp_path, "root/base/data.txt", "outside/secret.yaml")
        apps = tmp_path / "root/apps"
        apps.mkdir()
        (apps / "inside.yaml").symlink_to("../base/data.txt")
        (apps / "outside.yaml").symlink_to("../../outside/secret.yaml")
        (apps / "absolute.yaml").symlink_to(tmp_path / "outside/secret.yaml")
        (apps / "folder").symlink_to("../../outside")
        discovery = search(tmp_path / "root", "apps")
        assert found(discovery) == ["base/data.txt"]
        assert discovery.problems == [
            Skipped("apps/absolute.yaml", "a link that leads out of the root", False),
            Skipped("apps/folder", "a link that leads out of the root", False),
            Skipped("apps/inside.yaml", "a link to base/data.txt, which is read under that name", False),
            Skipped("apps/outside.yaml", "a link that leads out of the root", False),
        ]

    def test_links_to_folders_are_not_followed(self, tmp_path: Path) -> None:
        write(tmp_path, "base/deploy.yaml")
        (tmp_path / "base/loop").symlink_to("..")
        (tmp_path / "link").symlink_to("base")
        discovery = search(tmp_path)
        assert found(discovery) == ["base/deploy.yaml"]
        assert [(each.path, each.reason) for each in discovery.problems] == [
            ("base/loop", "a link to the folder .: folders are read under their own names"),
            ("link", "a link to the folder base: folders are read under their own names"),
        ]

    def test_a_linked_folder_is_read_if_it_is_a_path_itself(self, tmp_path: Path) -> None:
        write(tmp_path, "base/deploy.yaml")
        (tmp_path / "link").symlink_to("base")
        assert found(search(tmp_path, "link")) == ["base/deploy.yaml"]

    def test_links_that_lead_nowhere_are_said(self, tmp_path: Path) -> None:
        (tmp_path / "circle.yaml").symlink_to("other.yaml")
        (tmp_path / "other.yaml").symlink_to("circle.yaml")
        (tmp_path / "dangling.yaml").symlink_to("gone.yaml")
        assert search(tmp_path).problems == [
            Skipped("circle.yaml", "a link that leads back to itself", False),
            Skipped("dangling.yaml", "a link to something that does not exist", False),
            Skipped("other.yaml", "a link that leads back to itself", False),
        ]

    def test_exclusion_holds_for_the_link_and_for_the_file(self, tmp_path: Path) -> None:
        write(tmp_path, "vendor/a.yaml", "apps/b.yaml")
        (tmp_path / "apps/to-vendor.yaml").symlink_to("../vendor/a.yaml")
        (tmp_path / "vendor/to-apps.yaml").symlink_to("../apps/b.yaml")
        discovery = search(tmp_path, exclude=lambda path: path.startswith("vendor/"))
        assert found(discovery) == ["apps/b.yaml"]
        assert Skipped("vendor/a.yaml", "excluded by the configuration", False) in discovery.problems
        assert Skipped("vendor/to-apps.yaml", "excluded by the configuration", False) in discovery.problems

    def test_a_link_to_a_name_that_is_not_utf_8_is_a_problem(self, tmp_path: Path) -> None:
        try:
            Path(tmp_path, os.fsdecode(b"caf\xe9")).write_text(MANIFEST)
        except OSError:
            pytest.skip("the file system takes UTF-8 only")
        (tmp_path / "link.yaml").symlink_to(os.fsdecode(b"caf\xe9"))
        assert search(tmp_path).problems == [
            Skipped("link.yaml", "a link to a file whose name is not valid UTF-8", True)
        ]


class TestReading:
    def test_gives_the_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_bytes(b"a: \xff\0\r\n" * 40_000)
        [file] = search(tmp_path).files
        assert read(file) == b"a: \xff\0\r\n" * 40_000

    def test_gives_no_bytes_of_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").touch()
        assert read(Found("a.yaml", tmp_path / "a.yaml")) == b""

    def test_a_vanished_file_is_a_problem(self, tmp_path: Path) -> None:
        [file] = search(write(tmp_path, "a.yaml")).files
        file.absolute.unlink()
        assert read(file) == Skipped("a.yaml", "cannot be read: no such file or directory", True)

    def test_a_file_without_permission_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        [file] = search(write(tmp_path, "a.yaml")).files

        def refuse(path: Path, flags: int) -> int:
            raise PermissionError(errno.EACCES, "Permission denied", path)

        monkeypatch.setattr(os, "open", refuse)
        assert read(file) == Skipped("a.yaml", "cannot be read: permission denied", True)

    def test_an_error_in_the_middle_is_a_problem_and_leaves_nothing_open(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [file] = search(write(tmp_path, "a.yaml")).files
        opened: list[int] = []
        original = os.open

        def remember(path: Path, flags: int) -> int:
            opened.append(original(path, flags))
            return opened[-1]

        def fail(descriptor: int, size: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "open", remember)
        monkeypatch.setattr(os, "read", fail)
        assert read(file) == Skipped("a.yaml", "cannot be read: input/output error", True)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(opened[0])

    def test_a_file_that_became_a_link_is_not_followed(self, tmp_path: Path) -> None:
        write(tmp_path, "root/a.yaml", "secret.yaml")
        [file] = search(tmp_path / "root").files
        file.absolute.unlink()
        file.absolute.symlink_to(tmp_path / "secret.yaml")
        answer = read(file)
        assert isinstance(answer, Skipped)
        assert answer.problem

    @needs_pipes
    def test_a_file_that_became_a_named_pipe_is_a_problem(self, tmp_path: Path) -> None:
        [file] = search(write(tmp_path, "a.yaml")).files
        file.absolute.unlink()
        os.mkfifo(file.absolute)
        assert read(file) == Skipped("a.yaml", "a named pipe", True)

    def test_a_file_that_became_a_folder_is_a_problem(self, tmp_path: Path) -> None:
        [file] = search(write(tmp_path, "a.yaml")).files
        file.absolute.unlink()
        file.absolute.mkdir()
        answer = read(file)
        assert isinstance(answer, Skipped)
        assert answer.problem

    def test_a_file_over_the_limit_is_a_problem_wherever_it_is_noticed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "LARGEST_FILE", 8)
        (tmp_path / "a.yaml").write_text("a: 12345")
        [file] = search(tmp_path).files
        assert read(file) == b"a: 12345"
        file.absolute.write_text("a: 123456")
        assert read(file) == Skipped("a.yaml", "larger than 8 bytes", True)
        assert search(tmp_path) == Discovery([], [Skipped("a.yaml", "larger than 8 bytes", True)])

    def test_a_file_that_grows_without_end_is_cut_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "LARGEST_FILE", 1024 * 1024)
        monkeypatch.setattr(os, "read", lambda descriptor, size: b"x" * size)
        [file] = search(write(tmp_path, "a.yaml")).files
        assert read(file) == Skipped("a.yaml", "larger than 1 MiB", True)


class TestSpecialFiles:
    @needs_pipes
    def test_pipes_and_sockets_are_said_and_are_a_problem_if_named(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.yaml")
        os.mkfifo(tmp_path / "pipe")
        with socket.socket(socket.AF_UNIX) as server:
            folder = os.open(tmp_path, os.O_RDONLY)
            try:
                # The path of a socket may be no longer than some hundred bytes.
                server.bind(f"/proc/self/fd/{folder}/socket.json")
            except OSError:
                pytest.skip("the system takes no socket by a path through /proc")
            finally:
                os.close(folder)
        assert search(tmp_path).problems == [
            Skipped("pipe.yaml", "a named pipe", False),
            Skipped("socket.json", "a socket", False),
        ]
        assert search(tmp_path, "pipe").problems == [Skipped("pipe", "a named pipe", True)]

    @pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="the system has no /dev/null")
    def test_devices_are_not_read(self) -> None:
        root = Path("/dev")
        assert discover([root / "null"], root, nothing) == Discovery([], [Skipped("null", "a device", True)])
        assert read(Found("null", root / "null")) == Skipped("null", "a device", True)
