# Code of the tag has run in this job before: what is said here is as true as that code is honest.
import hashlib
import os
import re
import sys
from pathlib import Path

# NAME-VERSION-TAGS.whl and NAME-VERSION.tar.gz
VERSION = re.compile(r"[^-]+-([^-]+)-.+\.whl|.+-([^-]+)\.tar\.gz", re.DOTALL)


def shown(name: str) -> str:
    """A question mark stands for whatever might leave the block of code."""
    return re.sub(r"[^A-Za-z0-9._+!/ -]", "?", name)


def add(variable: str, *lines: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


# Hidden files are no part of what is kept: the uploading action leaves them out.
there = sorted(path for path in Path("dist").rglob("*") if path.is_file())
files = [path for path in there if not any(part.startswith(".") for part in path.parts)]
sums = [
    f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {shown(file.as_posix())}" for file in files
]
found = [match for match in (VERSION.fullmatch(file.name) for file in files) if match]
versions = sorted({shown(match[1] or match[2]) for match in found})
version = " and ".join(versions) or "unknown"
named = (
    re.search(rf"(^|[^0-9.]|[^0-9]\.){re.escape(version)}$", os.environ["GITHUB_REF_NAME"])
    is not None
)
doubt = [] if named else ["**The tag does not name the version that was built.**", ""]

add(
    "GITHUB_STEP_SUMMARY",
    "### What was built",
    "",
    *doubt,
    "```text",
    f"version {version}",
    "",
    *sums,
    "```",
    "",
)
if len(versions) != 1:
    sys.exit(f"dist/ has to hold one version, and holds {version}")
add("GITHUB_OUTPUT", f"named={str(named).lower()}")
