"""The first answer of both services: which refs there are, and what the server can do."""

from simulated_github.git.http.pkt_lines import FLUSH, line
from simulated_github.records.repositories import Repository

UPLOAD, RECEIVE = "git-upload-pack", "git-receive-pack"
NOTHING = "0" * 40
_AGENT = "agent=simulated-github"
_CAPABILITIES = {
    UPLOAD: (
        "multi_ack_detailed thin-pack side-band-64k ofs-delta shallow no-progress include-tag "
        "allow-tip-sha1-in-want allow-reachable-sha1-in-want"
    ),
    RECEIVE: "report-status delete-refs side-band-64k quiet atomic ofs-delta",
}


def advertisement(repository: Repository, service: str) -> bytes:
    """What ``info/refs`` answers for a service."""
    refs = _shown(repository, service) or [(NOTHING, "capabilities^{}")]
    (sha, name), *others = refs
    first = line(f"{sha} {name}\0{_capabilities(repository, service)}\n")
    lines = [first, *(line(f"{sha} {name}\n") for sha, name in others)]
    return line(f"# service={service}\n") + FLUSH + b"".join(lines) + FLUSH


def _capabilities(repository: Repository, service: str) -> str:
    head = (
        f" symref=HEAD:{repository.default_ref}"
        if service == UPLOAD and _has_head(repository)
        else ""
    )
    return f"{_CAPABILITIES[service]} object-format=sha1{head} {_AGENT}"


def _has_head(repository: Repository) -> bool:
    return repository.default_ref in repository.git.refs


def _shown(repository: Repository, service: str) -> list[tuple[str, str]]:
    """Sha and name of every ref; for those who fetch, also HEAD and what a tag stands for."""
    git = repository.git
    found = (
        [(git.refs[repository.default_ref], "HEAD")]
        if service == UPLOAD and _has_head(repository)
        else []
    )
    for name, sha in sorted(git.refs.items()):
        found.append((sha, name))
        peeled = git.peel(sha)
        if service == UPLOAD and peeled is not None and peeled != sha:
            found.append((peeled, f"{name}^{{}}"))
    return found
