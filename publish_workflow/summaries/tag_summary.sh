# No code of the tag ran before. A question mark replaces any character that could end the code block.
escape() { printf '%s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._+/@-' '?'; }
commit=$(git rev-parse HEAD)
branch=refs/remotes/origin/$DEFAULT_BRANCH
if ! git rev-parse --quiet --verify "$branch^{commit}" >/dev/null; then
  review='**Unknown: the default branch was not found, so the commit may not have been reviewed.**'
elif git merge-base --is-ancestor "$commit" "$branch"; then
  review='The commit is on the default branch.'
else
  review='**The commit is NOT on the default branch: it did not need a review.**'
fi
{
  printf '### Tag\n\n%s\n\n```text\n' "$review"
  printf '%-15s %s\n' tag "$(escape "$GITHUB_REF_NAME")" commit "$commit"
  printf '%-15s %s\n' 'default branch' "$(escape "$DEFAULT_BRANCH")" 'pushed by' "$(escape "$GITHUB_ACTOR")"
  printf '```\n\n%s\n\n' "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/commit/$commit"
} >>"$GITHUB_STEP_SUMMARY"
