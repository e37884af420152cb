# Sourced by scripts/install: builds each program from its pinned Go module. A change in this file rebuilds the engine.

version_variable=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version
engine_module=github.com/pulumi/pulumi/pkg/v3
client_module=github.com/cli/cli/v2
language_module=github.com/pulumi/pulumi/sdk/v3
plugin_version=$(<tools/provider/VERSION)
plugin_path=plugins/resource-github-v$plugin_version/pulumi-resource-github

# build_engine DIRECTORY: builds everything that Pulumi and scripts/test need into bin/ and home/.
build_engine() {
    build_pulumi "$1/bin"
    build_language "$1/bin"
    build_provider "$1"
    build_programs "$1"
}

build_pulumi() {
    local version
    version=$(pinned engine $engine_module Version)
    go_build "pulumi $version (about five minutes" engine $engine_module/cmd/pulumi "$1/pulumi" "$version_variable=$version"
}

build_language() {
    local version directory
    version=$(pinned language $language_module Version)
    directory=$(pinned engine $language_module Dir)
    go_build "its language host for Python (half a minute" language $language_module/python/cmd/pulumi-language-python \
        "$1/pulumi-language-python" "$version_variable=$version"
    install -m 755 "$directory/python/cmd/pulumi-language-python-exec" "$1"
}

build_provider() {
    go_build "its GitHub provider (a minute" provider . "$1/provider"
    install_plugin "$1/bin/pulumi" "$1/provider" "$1/home"
    rm "$1/provider"
}

# build_programs DIRECTORY: builds what scripts/rehearse and scripts/test need in addition to Pulumi.
build_programs() {
    go_build "actionlint (a few seconds" actionlint github.com/rhysd/actionlint/cmd/actionlint "$1/bin/actionlint"
    go_build "act (a minute" act github.com/nektos/act "$1/bin/act"
    build_client "$1/bin"
}

# Builds GitHub's own client, which the tests run against the simulated GitHub.
build_client() {
    local version
    version=$(pinned gh $client_module Version)
    go_build "gh $version (a minute" gh $client_module/cmd/gh "$1/gh" "$client_module/internal/build.Version=${version#v}"
}

# go_build TITLE MODULE PACKAGE OUTPUT [VARIABLE=VALUE]: builds from exactly the modules in go.sum.
go_build() {
    progress "Building $1, once)" env CGO_ENABLED=0 GOWORK=off GOOS= GOARCH= \
        go build -C "tools/$2" -mod=readonly -trimpath -buildvcs=false -ldflags "-s -w ${5:+-X $5}" -o "$4" "$3"
}

# pinned PROGRAM MODULE FIELD: prints the Version of a module that the program's go.mod requires, or its Dir.
pinned() {
    GOWORK=off go list -C "tools/$1" -mod=readonly -m -f "{{.$3}}" "$2"
}

# install_plugin PULUMI PROVIDER HOME: installs the provider; from PATH, Pulumi would use it with a warning on each run.
install_plugin() {
    progress "Installing the GitHub provider for Pulumi" env PULUMI_HOME="$3" PULUMI_SKIP_UPDATE_CHECK=true \
        "$1" plugin install resource github "$plugin_version" --file "$2"
}
