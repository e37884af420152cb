"""At no moment is the publish workflow or a secret there while the gate is not."""

from simulated_github import World
from tests.integration.on_github import remove_entry, rename_entry, rename_repository
from tests.integration.rehearsed_stack import OWNER, RehearsedStack

WORKFLOW = ".github/workflows/publish.yml"


class Watch:
    """Looks at every repository after every write, and writes down each moment that must not be."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.looks = 0
        self.complaints: list[str] = []

    def __call__(self, world: World, method: str, path: str, _: int) -> None:
        from simulated_github.control.snapshot import snapshot

        self.looks += 1
        repositories = snapshot(world)["repositories"]
        for name in self.names:
            found = repositories.get(f"{OWNER}/{name}")
            if found:
                self.complaints += [
                    f"{name}: {complaint} after {method} {path}" for complaint in unguarded(found)
                ]


def unguarded(repository: dict) -> list[str]:  # type: ignore[type-arg]
    """What is exposed in a repository right now."""
    deploy = repository["environments"].get("deploy", {})
    gate = bool(
        deploy
        and any(reviewer.startswith("team ") for reviewer in deploy["reviewers"])
        and deploy["prevent_self_review"]
        and not deploy["can_admins_bypass"]
        and deploy["branch_policy"] is not None
    )
    tags = {"Release tags: who may create them", "Release tags: never moved or deleted"} <= set(
        repository["rulesets"]
    )
    managed = "name: deploy" in repository["files"].get(WORKFLOW, "")
    complaints = []
    if managed and not gate:
        complaints.append("the workflow is there without the gate")
    if managed and not tags:
        complaints.append("the workflow is there without the tag rulesets")
    if deploy.get("secrets") and not (gate and deploy["policies"]):
        complaints.append("the secret is there without the gate")
    if deploy.get("secrets") and not tags:
        complaints.append("the secret is there without the tag rulesets")
    return complaints


def test_while_everything_is_set_up(declared: RehearsedStack) -> None:
    watch = Watch("httpx", "databases")
    declared.github.watch(watch)

    declared.up()

    assert watch.looks > 20
    assert watch.complaints == []


def test_while_a_repository_is_removed(applied: RehearsedStack) -> None:
    watch = Watch("httpx", "databases")
    applied.github.watch(watch)
    remove_entry(applied, "httpx")

    applied.up()

    assert watch.looks >= 7
    assert watch.complaints == []


def test_while_a_renamed_repository_is_taken_along(applied: RehearsedStack) -> None:
    rename_repository(applied, "httpx", "httpx2")
    rename_entry(applied, "httpx", "httpx2", formerly="httpx")
    watch = Watch("httpx2")
    applied.github.watch(watch)

    applied.up()

    assert watch.looks >= 7
    assert watch.complaints == []


def test_while_everything_is_destroyed(applied: RehearsedStack) -> None:
    watch = Watch("httpx", "databases")
    applied.github.watch(watch)

    applied.sandbox.pulumi("destroy", "--yes", "--skip-preview")

    assert watch.looks > 10
    assert watch.complaints == []
    assert applied.repository("httpx")["environments"] == {}


def test_the_watch_would_notice(applied: RehearsedStack) -> None:
    from tests.integration.on_github import ask

    watch = Watch("httpx")
    applied.github.watch(watch)

    ask(applied, "PUT", f"/repos/{OWNER}/httpx/environments/deploy", {})

    assert (
        "httpx: the workflow is there without the gate after PUT /repos/encode/httpx/environments/deploy"
        in watch.complaints
    )
