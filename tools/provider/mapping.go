package main

import (
	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

const (
	packageName       = "github"
	terraformPrefix   = "github_"
	module            = "index"
	longestName       = 255
	nameSuffixDivider = "-"
)

// provider maps the upstream provider's resources and data sources to Pulumi's, with the tokens, names, shapes and
// behavior of the published provider. What the bridge would decide differently by itself is listed in the tables below.
func provider() tfbridge.ProviderInfo {
	mapping := tfbridge.ProviderInfo{
		P:           shimv2.NewProvider(github.NewProvider(version, "")()),
		Name:        packageName,
		Version:     version,
		Config:      config(),
		Resources:   resources(),
		DataSources: dataSources(),

		EnableZeroDefaultSchemaVersion: true,
		EnableAccurateBridgePreview:    true,
		EnableRawStateDelta:            true,
	}
	mapping.MustComputeTokens(tokens.SingleModule(terraformPrefix, module, tokens.MakeStandard(packageName)))
	mapping.SetAutonaming(longestName, nameSuffixDivider)
	return mapping
}

// config has defaults from the environment; a token stays a secret wherever it comes from.
func config() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{
		"base_url": {
			Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_BASE_URL"}, Value: "https://api.github.com/"},
		},
		"token": {
			Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_TOKEN"}},
			Secret:  tfbridge.True(),
		},
	}
}

func resources() map[string]*tfbridge.ResourceInfo {
	return map[string]*tfbridge.ResourceInfo{
		// GitHub knows these by a name that two of them cannot share, not even while one replaces the other.
		"github_actions_environment_secret":    {DeleteBeforeReplace: true},
		"github_repository_autolink_reference": {DeleteBeforeReplace: true},
		"github_repository_collaborator":       {DeleteBeforeReplace: true},
		"github_repository_deploy_key":         {DeleteBeforeReplace: true},

		// Upstream cannot update the repositories that an organization's secret is for.
		"github_actions_organization_secret":    replacedWhenRepositoriesChange(),
		"github_codespaces_organization_secret": replacedWhenRepositoriesChange(),
		"github_dependabot_organization_secret": replacedWhenRepositoriesChange(),

		// A list from the time before upstream limited it to one item; the SDK has kept the shape.
		"github_repository_environment": {
			Fields: map[string]*tfbridge.SchemaInfo{"reviewers": {MaxItemsOne: tfbridge.False()}},
		},
	}
}

func replacedWhenRepositoriesChange() *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{
		Fields: map[string]*tfbridge.SchemaInfo{"selected_repository_ids": {ForceNew: tfbridge.True()}},
	}
}

func dataSources() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"github_app": {Tok: "github:index/getGithubApp:getGithubApp"},
	}
}
