# Sourced by scripts/install: long work with a title and signs of life, and problems in one sentence.

readonly again="and run scripts/install again"
job=

fail() {
    echo "scripts/install: $*" >&2
    exit 1
}

# progress TITLE COMMAND...: what the command says is shown only if it fails.
progress() {
    local title=$1 started=$SECONDS log
    shift
    log=$(mktemp)
    echo "$title ..."
    "$@" >"$log" 2>&1 &
    job=$!
    show_life
    if ! wait "$job"; then
        cat "$log" >&2
        rm -f "$log"
        fail "'$title' failed after $((SECONDS - started)) s; its messages are above."
    fi
    job=
    rm -f "$log"
    echo "  done in $((SECONDS - started)) s"
}

show_life() {
    local next=$((SECONDS + 15))
    while kill -0 "$job" 2>/dev/null; do
        sleep 0.05
        if ((SECONDS >= next)); then
            echo "  $((SECONDS - started)) s so far ..."
            next=$((SECONDS + 15))
        fi
    done
}

stop_job() {
    if [[ -n $job ]]; then
        kill "$job" 2>/dev/null || true
    fi
}

# alone FD: waits until no other installation holds the directory that FD was opened on; the lock ends with the process.
# Python holds the lock on our behalf, because not every system has a flock command.
alone() {
    "$python" - "$1" <<'PYTHON'
import fcntl, sys
descriptor = int(sys.argv[1])
try:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Waiting for another scripts/install to finish ...", flush=True)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
PYTHON
}

# digest: the first digits of the hash of what is read from standard input.
digest() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16
}

# at_least MAJOR.MINOR TEXT: whether the first version number in the text is that or newer.
at_least() {
    [[ $2 =~ ([0-9]+)\.([0-9]+) ]] || return 1
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    ((major > ${1%.*} || (major == ${1%.*} && minor >= ${1#*.})))
}
