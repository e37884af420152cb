"""Where things are on GitHub's pages, for people who read the outputs of the stack."""

from urllib.parse import urlsplit

API_HOST = "api.github.com"
REST_PREFIX = "/api/v3"


def web_address(base_url: str) -> str:
    """The address of GitHub's pages that belongs to the address of its API, without a trailing slash."""
    parts = urlsplit(base_url)
    host = (
        "github.com"
        if parts.netloc in (API_HOST, "github.com")
        else parts.netloc.removeprefix("api.")
    )
    return f"{parts.scheme}://{host}{parts.path.rstrip('/').removesuffix(REST_PREFIX)}"


def repository_links(web: str, owner: str, repository: str, workflow: str) -> dict[str, str]:
    """The pages of one repository on which what the stack declares can be seen. `workflow` is the path of the file."""
    page = f"{web}/{owner}/{repository}"
    return {
        "repository": page,
        "access": f"{page}/settings/access",
        "environment": f"{page}/settings/environments",
        "rulesets": f"{page}/settings/rules",
        "workflow": f"{page}/blob/HEAD/{workflow}",
        "releases": f"{page}/actions/workflows/{workflow.rsplit('/', 1)[-1]}",
    }
