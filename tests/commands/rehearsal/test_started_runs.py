"""Which jobs were handed a secret."""

from commands.rehearsal.started_runs import holders


def test_a_job_that_was_handed_any_secret_is_named_with_its_run() -> None:
    secret = {"name": "PYPI_TOKEN", "value": "s3cret", "source": "environment"}
    jobs = [
        {"name": "Build release", "secrets": []},
        {"name": "Publish release", "secrets": [secret]},
    ]

    assert holders([{"id": 7, "jobs": jobs}, {"id": 8, "jobs": jobs[:1]}]) == [
        "Publish release of run 7"
    ]
