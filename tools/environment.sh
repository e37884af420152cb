# Sourced by scripts/install: the Python environment in .venv, from requirements.lock.

readonly oldest_python=3.11
python=.venv/bin/python

# The environment is as it should be when this equals its stamp.
environment_stamp() {
    echo "$(digest <requirements.lock) $(.venv/bin/python -V 2>&1)"
}

environment_is_ready() {
    [[ -x .venv/bin/python && -f .venv/requirements && $(<.venv/requirements) == "$(environment_stamp)" ]]
}

# Sets `python` to one that can make the environment. Touches nothing.
find_python() {
    local name candidate too_old='' no_venv=''
    for name in python3 python3.{14,13,12,11} python; do
        while read -r candidate; do
            if [[ $candidate == "$PWD/.venv/bin/"* ]]; then
                continue
            elif ! is_new_enough "$candidate"; then
                too_old=${too_old:-$candidate}
            elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
                no_venv=${no_venv:-$candidate}
            else
                python=$candidate
                return
            fi
        done < <(type -ap "$name" || true)
    done
    explain_no_python "$too_old" "$no_venv"
}

is_new_enough() {
    at_least $oldest_python "$("$1" -V 2>/dev/null || true)"
}

explain_no_python() {
    if [[ -n $2 ]]; then
        fail "$2 lacks the venv module: install it (Debian and Ubuntu: apt install python3-venv) $again."
    elif [[ -n $1 ]]; then
        fail "$("$1" -V 2>&1) ($1) is older than $oldest_python: install Python $oldest_python or newer $again."
    fi
    fail "Python is not on PATH: install Python $oldest_python or newer $again."
}

install_environment() {
    if ! is_new_enough .venv/bin/python; then
        "$python" -m venv --clear .venv
    elif ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$python" -m venv .venv
    fi
    progress "Installing the Python packages (about a minute, once)" \
        .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes --requirement requirements.lock
    environment_stamp >.venv/requirements
}
