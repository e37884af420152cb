package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// A shape is what a value looks like to a Pulumi program: the name of a primitive type, or an object whose single key
// "list", "map" or "object" holds the shapes within.
type shape any

// A signature is a resource's inputs and outputs, or a function's arguments and results, by their Pulumi names.
type signature struct {
	Inputs  map[string]shape `json:"inputs"`
	Outputs map[string]shape `json:"outputs"`
}

type signatures struct {
	Version   string               `json:"version"`
	Settings  map[string]shape     `json:"settings"`
	Resources map[string]signature `json:"resources"`
	Functions map[string]signature `json:"functions"`
}

type infos = map[string]*tfbridge.SchemaInfo

// shapes describes all that a program can ask of the provider, for a test to compare with the SDK.
func shapes(mapping tfbridge.ProviderInfo) signatures {
	result := signatures{
		Version:   version,
		Settings:  properties(mapping.P.Schema(), mapping.Config, isAny),
		Resources: map[string]signature{},
		Functions: map[string]signature{},
	}
	for name, resource := range mapping.Resources {
		result.Resources[string(resource.Tok)] = signatureOf(mapping.P.ResourcesMap().Get(name), resource.Fields)
	}
	for name, source := range mapping.DataSources {
		result.Functions[string(source.Tok)] = signatureOf(mapping.P.DataSourcesMap().Get(name), source.Fields)
	}
	return result
}

func signatureOf(resource shim.Resource, fields infos) signature {
	outputs := properties(resource.Schema(), fields, isAny)
	outputs["id"] = "string" // which upstream's schemas leave unsaid
	return signature{Inputs: properties(resource.Schema(), fields, isInput), Outputs: outputs}
}

func isInput(property shim.Schema) bool { return property.Optional() || property.Required() }

func isAny(shim.Schema) bool { return true }

func properties(schema shim.SchemaMap, fields infos, wanted func(shim.Schema) bool) map[string]shape {
	result := map[string]shape{}
	for name, property := range schema.Range {
		if property.Removed() == "" && wanted(property) {
			result[tfbridge.TerraformToPulumiNameV2(name, schema, fields)] = shapeOf(property, fields[name])
		}
	}
	return result
}

func shapeOf(property shim.Schema, info *tfbridge.SchemaInfo) shape {
	switch property.Type() {
	case shim.TypeBool:
		return "boolean"
	case shim.TypeInt:
		return "integer"
	case shim.TypeFloat:
		return "number"
	case shim.TypeMap:
		return map[string]shape{"map": elementShape(property, info)}
	case shim.TypeList, shim.TypeSet:
		if tfbridge.IsMaxItemsOne(property, info) {
			return elementShape(property, info)
		}
		return map[string]shape{"list": elementShape(property, info)}
	default:
		return "string"
	}
}

func elementShape(property shim.Schema, info *tfbridge.SchemaInfo) shape {
	element := &tfbridge.SchemaInfo{}
	if info != nil && info.Elem != nil {
		element = info.Elem
	}
	switch inner := property.Elem().(type) {
	case shim.Resource:
		return map[string]shape{"object": properties(inner.Schema(), element.Fields, isAny)}
	case shim.Schema:
		return shapeOf(inner, element)
	default:
		return "string"
	}
}
