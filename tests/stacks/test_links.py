"""Where things are on GitHub's pages."""

import pytest

from stacks.links import repository_links, web_address


@pytest.mark.parametrize(
    ("base_url", "web"),
    [
        ("https://api.github.com/", "https://github.com"),
        ("https://api.github.com", "https://github.com"),
        ("https://github.com/", "https://github.com"),
        ("https://api.acme.ghe.com/", "https://acme.ghe.com"),
        ("https://ghe.example/", "https://ghe.example"),
        ("https://ghe.example/api/v3/", "https://ghe.example"),
        ("https://ghe.example/github/api/v3", "https://ghe.example/github"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/api/v3/", "http://127.0.0.1:8080"),
    ],
)
def test_the_pages_that_belong_to_an_api(base_url: str, web: str) -> None:
    assert web_address(base_url) == web


def test_the_pages_of_a_repository() -> None:
    links = repository_links(
        "https://github.com", "encode", "httpx", ".github/workflows/publish.yml"
    )

    assert links == {
        "repository": "https://github.com/encode/httpx",
        "access": "https://github.com/encode/httpx/settings/access",
        "environment": "https://github.com/encode/httpx/settings/environments",
        "rulesets": "https://github.com/encode/httpx/settings/rules",
        "workflow": "https://github.com/encode/httpx/blob/HEAD/.github/workflows/publish.yml",
        "releases": "https://github.com/encode/httpx/actions/workflows/publish.yml",
    }
