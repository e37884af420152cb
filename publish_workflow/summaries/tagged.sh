# Nothing of the tag has run yet. A question mark stands for whatever might leave the block of code.
shown() { printf '%s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._+/@-' '?'; }
commit=$(git rev-parse HEAD)
branch=refs/remotes/origin/$DEFAULT_BRANCH
if ! git rev-parse --quiet --verify "$branch^{commit}" >/dev/null; then
  ancestry='**Unknown: the default branch was not found, so nothing says that the commit was reviewed.**'
elif git merge-base --is-ancestor "$commit" "$branch"; then
  ancestry='The commit is on the default branch.'
else
  ancestry='**The commit is NOT on the default branch: nobody had to review it.**'
fi
{
  printf '### What was tagged\n\n%s\n\n```text\n' "$ancestry"
  printf '%-15s %s\n' tag "$(shown "$GITHUB_REF_NAME")" commit "$commit"
  printf '%-15s %s\n' 'default branch' "$(shown "$DEFAULT_BRANCH")" 'pushed by' "$(shown "$GITHUB_ACTOR")"
  printf '```\n\n%s\n\n' "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/commit/$commit"
} >>"$GITHUB_STEP_SUMMARY"
