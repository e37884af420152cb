# Sourced by scripts/install: which Pulumi is used here. One on PATH that is new enough is; otherwise it is built.
# What is built is kept outside the checkout, in a directory for each state of tools/ and each version of Go, so that
# checkouts share it. A directory of that name is complete: it gets its name when all is in it.

readonly oldest_pulumi=3.200
readonly oldest_go=1.26
readonly cache=${RELEASES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/releases}
unfinished=

# Sets `pulumi` (as found, or empty), `go_version` (or empty) and `engine` (the directory of what is built, or empty).
# Touches nothing.
find_engine() {
    find_go
    find_pulumi
    if [[ -z $pulumi ]]; then
        engine=$(kept engine)
    else
        engine=$(kept linter)
    fi
    if [[ -z $pulumi && -z $engine ]]; then
        explain_no_engine
    fi
}

# Sets `pulumi` to the first on PATH that is new enough and was not built here.
find_pulumi() {
    local candidate version
    pulumi='' old_pulumi=''
    while read -r candidate; do
        version=$(version_of "$candidate")
        if was_built_here "$candidate" || [[ "$candidate $version" == "$(passed_over)" ]]; then
            continue
        elif at_least $oldest_pulumi "$version"; then
            pulumi=$candidate
            return
        fi
        old_pulumi="Pulumi $version ($candidate) is older than $oldest_pulumi.0"
    done < <(type -ap pulumi || true)
}

version_of() {
    PULUMI_SKIP_UPDATE_CHECK=true "$1" version 2>/dev/null || true
}

was_built_here() {
    local real
    real=$(readlink -f "$1" 2>/dev/null || echo "$1")
    [[ $real == */engine-*-go*/bin/pulumi ]]
}

# A Pulumi that could not fetch its GitHub provider, so that one was built instead: not tried at every installation.
passed_over() {
    sed -n 2p .venv/engine 2>/dev/null || true
}

# Sets `go_version`, also of a toolchain that Go would fetch by itself; empty when there is none that is new enough.
find_go() {
    old_go=''
    go_version=$(cd tools/provider && go env GOVERSION 2>/dev/null || true)
    if [[ -n $go_version ]] && ! at_least $oldest_go "$go_version"; then
        old_go="$go_version is older than $oldest_go"
        go_version=''
    fi
}

# kept KIND: where the engine (or the linter alone) is kept; without Go only if it is there already.
kept() {
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
    local either="install Pulumi $oldest_pulumi.0 or newer, or Go $oldest_go or newer (which builds Pulumi here), $again."
    if [[ -n $old_pulumi || -n $old_go ]]; then
        fail "$old_pulumi${old_pulumi:+${old_go:+, and }}$old_go: $either"
    fi
    fail "Neither Pulumi nor Go is on PATH: $either"
}

install_engine() {
    local over=''
    if [[ -n $pulumi ]] && ! fetch_plugin; then
        pass_over
    fi
    if [[ -n $engine && ! -d $engine ]]; then
        build
    fi
    if [[ -z $pulumi && -n ${PULUMI_HOME:-} ]] && ! plugin_is_in "$PULUMI_HOME"; then
        install_plugin "$engine/bin/pulumi" "$engine/home/$plugin_path" "$PULUMI_HOME"
    fi
    printf '%s\n' "$engine" "$over" >.venv/engine
}

plugin_is_in() {
    [[ -x $1/$plugin_path ]]
}

fetch_plugin() {
    plugin_is_in "${PULUMI_HOME:-$HOME/.pulumi}" || "$pulumi" plugin install resource github "$plugin_version"
}

pass_over() {
    over="$pulumi $(version_of "$pulumi")"
    pulumi=''
    engine=$(kept engine)
    if [[ -z $engine ]]; then
        fail "$over could not fetch its GitHub provider $plugin_version (its messages are above)," \
            "and without Go that cannot be built either."
    fi
    echo "$over could not fetch its GitHub provider $plugin_version: building both instead."
}

# Builds in a directory of another name, so that an interrupted build leaves nothing that looks finished.
build() {
    mkdir -p "$cache"
    exec 9<"$cache"
    alone 9
    if [[ ! -d $engine ]]; then
        rm -rf "$cache"/unfinished.*
        unfinished=$(mktemp -d "$cache/unfinished.XXXXXX")
        chmod 755 "$unfinished"
        mkdir "$unfinished/bin"
        case $engine in
            */engine-*) build_engine "$unfinished" ;;
            */linter-*) build_linter "$unfinished" ;;
        esac
        mv "$unfinished" "$engine"
    fi
    exec 9<&-
}

discard_unfinished() {
    rm -rf ${unfinished:+"$unfinished"}
}
