"""The layout of the repository: the imports between folders, and the modules of a folder."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = (
    "benchmarks",
    "commands",
    "components",
    "publish_workflow",
    "simulated_github",
    "stacks",
    "tests",
)
MAXIMUM_MODULES = 15


@cache
def list_modules() -> dict[str, Path]:
    """Return the file of every module that git tracks, by the module's name."""
    output = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    files = [Path(name) for name in output.splitlines() if (PROJECT / name).exists()]
    return {
        ".".join(file.with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
        if file.parts[0] in PACKAGES
    }


def find_imports(module: str) -> Iterator[str]:
    """Yield the modules of this repository that a module imports, at any level of indentation."""
    modules = list_modules()
    for node in ast.walk(ast.parse((PROJECT / modules[module]).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                name = submodule if submodule in modules else node.module
                if name in modules:
                    yield name


def get_node(module: str) -> str:
    """Return the folder of a module; a module in a package's top folder is a node of its own."""
    file = list_modules()[module]
    return module if len(file.parts) == 2 else ".".join(file.parent.parts)


def build_graph(package: str) -> dict[str, set[str]]:
    """Return the folders that each folder of a package imports from."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module in list_modules():
        if module.split(".")[0] == package:
            nodes = {get_node(name) for name in find_imports(module)}
            graph[get_node(module)] |= nodes - {get_node(module)}
    return graph


@pytest.mark.parametrize("package", PACKAGES)
def test_the_folders_of_a_package_are_acyclic(package: str) -> None:
    try:
        TopologicalSorter(build_graph(package)).prepare()
    except CycleError as error:
        pytest.fail(f"folders import each other: {' <- '.join(error.args[1])}")


def test_a_cycle_is_reported() -> None:
    """The test above can fail."""
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("simulated_github", {"simulated_github"}),
        ("publish_workflow", {"publish_workflow"}),
        ("components", {"components"}),
        ("stacks", {"stacks", "components", "publish_workflow"}),
    ],
)
def test_a_package_imports_only_those_below_it(package: str, allowed: set[str]) -> None:
    imports = {
        f"{module} imports {name}"
        for module in list_modules()
        if module.split(".")[0] == package
        for name in find_imports(module)
        if name.split(".")[0] not in allowed
    }

    assert imports == set()


def test_no_folder_has_too_many_modules() -> None:
    """Folders named `operations` are exempt: they have a module for each noun of GitHub's API."""
    modules_by_folder: dict[Path, list[str]] = defaultdict(list)
    for file in list_modules().values():
        if file.name != "__init__.py" and file.parent.name != "operations":
            modules_by_folder[file.parent].append(file.name)
    crowded = {
        str(folder): len(names)
        for folder, names in modules_by_folder.items()
        if len(names) > MAXIMUM_MODULES
    }

    assert crowded == {}
