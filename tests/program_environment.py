"""A virtual environment with only what operators install, made of links to the installed packages.

Before every preview and `up`, the engine runs `pip list -v --format json` in the environment of the
program, to find plugins. That takes about as much processor time as the engine itself, so a
stand-in for pip prints what the real one listed once. tests/distribution previews in an environment
that the real pip made. The pages' commands run in such an environment too, with all the packages.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.distribution.environments import link_distribution, pins

PACKAGES = Path("lib") / f"python3.{sys.version_info.minor}" / "site-packages"
REQUIREMENTS = "requirements.txt"
LIST = ("list", "-v", "--format", "json")
STAND_IN = f"""\
import pathlib, sys
if sys.argv[1:] != {list(LIST)!r}:
    sys.exit(f"the stand-in for pip only lists packages, and was asked to {{sys.argv[1:]}}")
print(pathlib.Path(__file__).with_name("list.json").read_text(encoding="utf-8"))
"""


def create_program_environment(directory: Path) -> Path:
    """Create the environment in `directory`, and return it."""
    python = Path(sys.executable).resolve()
    packages = directory / PACKAGES
    packages.mkdir(parents=True)
    programs = directory / "bin"
    programs.mkdir()
    for name in ("python", "python3"):
        (programs / name).symlink_to(python)
    (directory / "pyvenv.cfg").write_text(f"home = {python.parent}\n", encoding="utf-8")
    for name in pins(REQUIREMENTS):
        link_distribution(name, packages)
    link_distribution("pip", packages)
    replace_pip(programs / "python", packages)
    return directory


def replace_pip(python: Path, packages: Path) -> None:
    """Replace the linked pip in `packages` by a stand-in that prints what pip lists now."""
    listed = subprocess.run(
        [python, "-m", "pip", *LIST], check=True, capture_output=True, text=True
    )
    (packages / "pip").unlink()
    (packages / "pip").mkdir()
    (packages / "pip" / "__init__.py").touch()
    (packages / "pip" / "__main__.py").write_text(STAND_IN, encoding="utf-8")
    (packages / "pip" / "list.json").write_text(listed.stdout, encoding="utf-8")


def link_environment(original: Path, directory: Path) -> Path:
    """Create an environment with all that `original` has, but for pip, and return it."""
    packages = directory / PACKAGES
    packages.mkdir(parents=True)
    (directory / "bin").mkdir()
    for file in (path for path in original.iterdir() if path.is_file()):
        shutil.copy2(file, directory)
    for entry in [*(original / "bin").iterdir(), *(original / PACKAGES).iterdir()]:
        (directory / entry.relative_to(original)).symlink_to(entry)
    replace_pip(directory / "bin" / "python", packages)
    return directory
