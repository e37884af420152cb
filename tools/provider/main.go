// Command pulumi-resource-github is Pulumi's provider for GitHub, built from the upstream Terraform provider that the
// published one bridges too. It stands in for the published provider where only package registries can be reached.
//
// It serves no schema document: that is read to generate SDKs and to convert programs, never to run one.
package main

import (
	_ "embed"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

//go:embed VERSION
var versionFile string

// version is the release of the published provider that this one equals; go.mod pins the upstream that belongs to it.
var version = strings.TrimSpace(versionFile)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-shapes" {
		printJSON(shapes(provider()))
		return
	}
	document, err := json.Marshal(map[string]string{"name": packageName, "version": version})
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(packageName, version, provider(), document)
}

func printJSON(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		log.Fatal(err)
	}
}
