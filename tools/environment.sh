# Sourced by scripts/install: the Python environment in .venv, from requirements.txt or requirements-dev.txt.

readonly oldest_python=3.11
python=.venv/bin/python

# The stamp of an environment that is up to date.
environment_stamp() {
    echo "$requirements $(digest <"$requirements") $(.venv/bin/python -V 2>&1)"
}

environment_is_ready() {
    [[ -x .venv/bin/python && -f .venv/requirements && $(<.venv/requirements) == "$(environment_stamp)" ]]
}

# Sets `python` to an interpreter that can create the environment. Changes nothing.
find_python() {
    local candidate version old_python='' no_venv=''
    while read -r candidate; do
        version=$("$candidate" -V 2>/dev/null) || continue
        if ! at_least $oldest_python "$version"; then
            old_python=${old_python:-$candidate is $version, older than $oldest_python}
        elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            no_venv=${no_venv:-$candidate}
        else
            python=$candidate
            return
        fi
    done < <(pythons)
    explain_no_python "$old_python" "$no_venv"
}

# Lists the interpreters on PATH except the environment's own, the usual name first.
pythons() {
    local name
    for name in python3 python3.{14,13,12,11} python; do
        type -ap "$name" || true
    done | grep -vF "$PWD/.venv/bin/" || true
}

explain_no_python() {
    if [[ -n $2 ]]; then
        fail "$2 lacks the venv module: install it (Debian and Ubuntu: apt install python3-venv) $again."
    fi
    fail "${1:-Python is not on PATH}: install Python $oldest_python or newer $again."
}

install_environment() {
    if ! at_least $oldest_python "$(.venv/bin/python -V 2>/dev/null || true)" || has_other_packages; then
        find_python
        "$python" -m venv --clear .venv
    elif ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$python" -m venv .venv
    fi
    progress "Installing the Python packages (about a minute, once)" \
        .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes --requirement "$requirements"
    environment_stamp >.venv/requirements
}

# Whether packages for tests are installed that an environment for operators must not have.
has_other_packages() {
    [[ $requirements == requirements.txt && -f .venv/requirements && $(<.venv/requirements) != "$requirements "* ]]
}
