"""The summary of a job, as the timeline shows it. Releases are in `tests/integration`."""

from commands.rehearsal.release import summary_text

SUMMARY = """\
### A title

**The commit is NOT on the default branch.**

```text
tag             0.2.0
```

http://127.0.0.1:1/encode/httpx/commit/0

### Another title

```text
version 0.2.0
```
"""


def test_a_summary_is_shown_without_titles_code_and_links() -> None:
    assert summary_text(SUMMARY) == "The commit is NOT on the default branch."
