# Sourced by scripts/install: finds or builds Pulumi. A Pulumi on PATH that is new enough is used; otherwise one is built.
# Builds are stored outside the checkout, in one directory for each state of tools/ and each version of Go, so that
# checkouts share them. A directory gets its final name when its build is complete.

readonly oldest_pulumi=3.200
readonly oldest_go=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' tools/provider/go.mod)
cache=${RELEASES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/releases}
unfinished=

# Sets `pulumi` (the path of a usable one, or empty), `go_version` (or empty) and `engine` (the directory of the build, or
# empty). Changes nothing.
find_engine() {
    [[ $cache == /* ]] || cache=$OLDPWD/$cache
    find_go
    find_pulumi
    if [[ -z $pulumi ]]; then
        engine=$(build_directory engine)
    elif [[ $requirements == requirements-dev.txt ]]; then
        engine=$(build_directory programs)
    else
        engine=''
    fi
    if [[ -z $pulumi && -z $engine ]]; then
        explain_no_engine
    fi
}

# Sets `pulumi` to the first one on PATH that is new enough and was not built by this script.
find_pulumi() {
    local candidate version
    pulumi='' old_pulumi=''
    while read -r candidate; do
        is_own_build "$candidate" && continue
        version=$(version_of "$candidate")
        if ! at_least "$oldest_pulumi" "$version"; then
            old_pulumi="$candidate is Pulumi $version, older than $oldest_pulumi.0"
        elif [[ "$candidate $version" != "$(skipped_pulumi)" ]]; then
            pulumi=$candidate
            return
        fi
    done < <(type -ap pulumi || true)
}

version_of() {
    PULUMI_SKIP_UPDATE_CHECK=true "$1" version 2>/dev/null || true
}

is_own_build() {
    local real
    real=$(readlink -f "$1" || echo "$1")
    [[ $real == */engine-*-go*/bin/pulumi ]]
}

# Prints the Pulumi that could not download its GitHub provider, so that it is not tried at each installation.
skipped_pulumi() {
    sed -n 2p .venv/engine 2>/dev/null || true
}

# Sets `go_version`, including that of a toolchain that Go downloads itself; empty when none is new enough.
find_go() {
    old_go=''
    go_version=$(cd tools/provider && go env GOVERSION 2>/dev/null || true)
    if [[ -n $go_version ]] && ! at_least "$oldest_go" "$go_version"; then
        old_go="Go is $go_version, older than $oldest_go"
        go_version=''
    fi
}

# build_directory KIND: the directory of the engine (or of the other programs alone); without Go only if it exists.
build_directory() {
    local name
    name=$cache/$1-$(sources | digest)
    if [[ -n $go_version ]]; then
        echo "$name-$go_version"
    else
        compgen -G "$name-go*" | head -1 || true
    fi
}

sources() {
    uname -sm
    cat tools/build.sh tools/*/go.mod tools/*/go.sum tools/*/*.go tools/provider/VERSION
}

explain_no_engine() {
    local why=$old_pulumi${old_pulumi:+${old_go:+, and }}$old_go
    fail "${why:-Neither Pulumi nor Go is on PATH}: install Pulumi $oldest_pulumi.0 or newer," \
        "or Go $oldest_go or newer (which then builds Pulumi), $again."
}

install_engine() {
    local skipped
    skipped=$(skipped_pulumi)
    if [[ -n $pulumi ]]; then
        skipped=''
        download_plugin || skip_pulumi
    fi
    if [[ -n $engine && ! -d $engine ]]; then
        build
    fi
    if [[ -z $pulumi && -n ${PULUMI_HOME:-} ]] && ! plugin_is_in "$PULUMI_HOME"; then
        install_plugin "$engine/bin/pulumi" "$engine/home/$plugin_path" "$PULUMI_HOME"
    fi
    printf '%s\n' "$engine" "$skipped" >.venv/engine
}

plugin_is_in() {
    [[ -x $1/$plugin_path ]]
}

download_plugin() {
    plugin_is_in "${PULUMI_HOME:-$HOME/.pulumi}" || "$pulumi" plugin install resource github "$plugin_version"
}

skip_pulumi() {
    skipped="$pulumi $(version_of "$pulumi")"
    pulumi=''
    engine=$(build_directory engine)
    if [[ -z $engine ]]; then
        fail "$skipped could not download its GitHub provider $plugin_version (its messages are above)," \
            "and there is no Go that would build both: install Go $oldest_go or newer $again."
    fi
    echo "$skipped could not download its GitHub provider $plugin_version, so both are built."
}

build() {
    mkdir -p "$cache"
    exec 9<"$cache"
    lock 9
    if [[ ! -d $engine ]]; then
        rm -rf "$cache"/unfinished.*
        unfinished=$(mktemp -d "$cache/unfinished.XXXXXX")
        chmod 755 "$unfinished"
        mkdir "$unfinished/bin"
        case $engine in
            */engine-*) build_engine "$unfinished" ;;
            */programs-*) build_programs "$unfinished" ;;
        esac
        mv "$unfinished" "$engine"
    fi
    exec 9<&-
}

clean_up() {
    stop_job
    rm -rf ${unfinished:+"$unfinished"}
}
