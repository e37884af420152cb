# Code of the tag ran in this job before, so this summary is only as honest as that code.
import hashlib
import os
import re
import sys
from pathlib import Path

# NAME-VERSION-TAGS.whl and NAME-VERSION.tar.gz
VERSION = re.compile(r"[^-]+-([^-]+)-.+\.whl|.+-([^-]+)\.tar\.gz", re.DOTALL)


def escape(name: str) -> str:
    """Replace any character that could end the code block by a question mark."""
    return re.sub(r"[^A-Za-z0-9._+!/ -]", "?", name)


def append(variable: str, *lines: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


# The upload action leaves out hidden files.
paths = sorted(path for path in Path("dist").rglob("*") if path.is_file())
files = [path for path in paths if not any(part.startswith(".") for part in path.parts)]
sums = [
    f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {escape(file.as_posix())}" for file in files
]
matches = [match for match in (VERSION.fullmatch(file.name) for file in files) if match]
versions = sorted({escape(match[1] or match[2]) for match in matches})
version = " and ".join(versions) or "unknown"
pattern = rf"(^|[^0-9.]|[^0-9]\.){re.escape(version)}$"
named = re.search(pattern, os.environ["GITHUB_REF_NAME"]) is not None
warning = [] if named else ["**The tag does not name the built version.**", ""]

append(
    "GITHUB_STEP_SUMMARY",
    "### Build",
    "",
    *warning,
    "```text",
    f"version {version}",
    "",
    *sums,
    "```",
    "",
)
if len(versions) != 1:
    sys.exit(f"dist/ must contain one version, but contains {version}")
append("GITHUB_OUTPUT", f"named={str(named).lower()}")
