# Sourced by scripts/install: shows the progress of long commands, and errors as one sentence.

readonly again="and run scripts/install again"
job=

fail() {
    echo "scripts/install: $*" >&2
    exit 1
}

# progress TITLE COMMAND...: runs the command and shows its output only if it fails.
progress() {
    local title=$1 started=$SECONDS log
    shift
    log=$(mktemp)
    echo "$title ..."
    "$@" >"$log" 2>&1 &
    job=$!
    show_progress
    if ! wait "$job"; then
        cat "$log" >&2
        rm -f "$log"
        fail "'$title' failed after $((SECONDS - started)) s; its messages are above."
    fi
    job=
    rm -f "$log"
    echo "  done in $((SECONDS - started)) s"
}

show_progress() {
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

# lock FD: waits until no other installation holds the directory that FD was opened on; the lock ends with the process.
# Python takes the lock, because not every system has a flock command.
lock() {
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

# digest: prints the first digits of the hash of standard input.
digest() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16
}

# at_least MAJOR.MINOR TEXT: succeeds if the first version number in the text is that or newer.
at_least() {
    [[ $2 =~ ([0-9]+)\.([0-9]+) ]] || return 1
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    ((major > ${1%.*} || (major == ${1%.*} && minor >= ${1#*.})))
}
