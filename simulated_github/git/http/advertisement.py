"""The first response of both services: the refs and the server's capabilities."""

from simulated_github.git.http.pkt_lines import FLUSH, line
from simulated_github.records.repositories import Repository

UPLOAD = "git-upload-pack"
RECEIVE = "git-receive-pack"
ZERO_SHA = "0" * 40
_AGENT = "agent=simulated-github"
_CAPABILITIES = {
    UPLOAD: (
        "multi_ack_detailed thin-pack side-band-64k ofs-delta shallow no-progress include-tag "
        "allow-tip-sha1-in-want allow-reachable-sha1-in-want"
    ),
    RECEIVE: "report-status delete-refs side-band-64k quiet atomic ofs-delta",
}


def advertisement(repository: Repository, service: str) -> bytes:
    """Return the body of `info/refs` for a service."""
    refs = _advertised_refs(repository, service) or [(ZERO_SHA, "capabilities^{}")]
    (sha, name), *remaining = refs
    first = line(f"{sha} {name}\0{_capabilities(repository, service)}\n")
    lines = [first, *(line(f"{sha} {name}\n") for sha, name in remaining)]
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


def _advertised_refs(repository: Repository, service: str) -> list[tuple[str, str]]:
    """Return sha and name of every ref; for a fetch, also HEAD and the commits of tag objects."""
    git = repository.git
    refs: list[tuple[str, str]] = []
    if service == UPLOAD and _has_head(repository):
        refs.append((git.refs[repository.default_ref], "HEAD"))
    for name, sha in sorted(git.refs.items()):
        refs.append((sha, name))
        commit = git.peel(sha)
        if service == UPLOAD and commit is not None and commit != sha:
            refs.append((commit, f"{name}^{{}}"))
    return refs
