"""How a job is told. Releases as a whole are in `tests/integration/test_rehearsal.py`."""

import pytest

from commands.rehearsal.release import handed, headline
from commands.rehearsal.runner import Job

SUMMARY = """\
### What was tagged

**The commit is NOT on the default branch: nobody had to review it.**

```text
tag             0.2.0
```

http://127.0.0.1:1/encode/httpx/commit/0

### What was built

```text
version 0.2.0
```
"""


def test_the_sentences_of_a_summary_are_told_without_titles_code_and_links() -> None:
    assert headline(SUMMARY) == "The commit is NOT on the default branch: nobody had to review it."


@pytest.mark.parametrize(
    ("secrets", "has_identity", "words"),
    [
        ((), False, "no secret"),
        (("A", "B"), False, "A, B"),
        ((), True, "no secret, and an identity"),
    ],
)
def test_what_a_job_was_given_is_told_by_name(
    secrets: tuple[str, ...], has_identity: bool, words: str
) -> None:
    assert handed(Job("publish", "deploy", "success", secrets, has_identity)) == words
