// Prints the OCI provider's field table as JSON, in the form that `refresh.py --table FILE` takes.
//
// It is built inside github.com/pulumi/pulumi-oci, whose go.mod names the Terraform provider:
//
//	cp field_table.go PULUMI_OCI/provider/cmd/field-table/main.go
//	cd PULUMI_OCI/provider
//	go run -ldflags "-X github.com/pulumi/pulumi-oci/provider/v4/pkg/version.Version=5.5.0" ./cmd/field-table
package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	ociShim "github.com/oracle/terraform-provider-oci/shim"
	oci "github.com/pulumi/pulumi-oci/provider/v4"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

var types = map[schema.ValueType]string{
	schema.TypeBool: "bool", schema.TypeInt: "int", schema.TypeFloat: "float", schema.TypeString: "str",
	schema.TypeList: "list", schema.TypeMap: "map", schema.TypeSet: "set",
}

type field struct {
	Is        string   `json:"is"`
	Type      string   `json:"type"`
	Of        any      `json:"of,omitempty"`
	Max       int      `json:"max,omitempty"`
	Min       int      `json:"min,omitempty"`
	Conflicts []string `json:"conflicts,omitempty"`
	Choices   []string `json:"choices,omitempty"`
	Exact     bool     `json:"exact,omitempty"`
	Form      string   `json:"form,omitempty"`
}

func fields(raw map[string]*schema.Schema, named shim.SchemaMap, infos map[string]*tfbridge.SchemaInfo) map[string]field {
	out := map[string]field{}
	for name, property := range raw {
		out[tfbridge.TerraformToPulumiNameV2(name, named, infos)] = describe(property, named.Get(name), infos[name])
	}
	return out
}

func describe(property *schema.Schema, named shim.Schema, info *tfbridge.SchemaInfo) field {
	words := []string{}
	for _, flag := range []struct {
		word string
		on   bool
	}{
		{"computed", property.Computed}, {"optional", property.Optional}, {"replaces", property.ForceNew},
		{"required", property.Required}, {"sensitive", property.Sensitive},
	} {
		if flag.on {
			words = append(words, flag.word)
		}
	}
	made := field{
		Is: strings.Join(words, " "), Type: types[property.Type], Max: property.MaxItems, Min: property.MinItems,
		Conflicts: property.ConflictsWith,
	}
	if property.Type == schema.TypeString && property.ValidateFunc != nil {
		probe(property, &made)
	}
	switch element := property.Elem.(type) {
	case *schema.Schema:
		made.Of = types[element.Type]
	case *schema.Resource:
		var infos map[string]*tfbridge.SchemaInfo
		if info != nil && info.Elem != nil {
			infos = info.Elem.Fields
		}
		made.Of = fields(element.Schema, named.Elem().(shim.Resource).Schema(), infos)
	}
	return made
}

var choices = regexp.MustCompile(`expected it to be one of \[(.*?)\], got`)
var choice = regexp.MustCompile(`"([^"]*)"`)

// A validator tells what it allows only by refusing.
func probe(property *schema.Schema, made *field) {
	said := refusal(property, "no such value")
	if found := choices.FindStringSubmatch(said); found != nil {
		for _, quoted := range choice.FindAllStringSubmatch(found[1], -1) {
			made.Choices = append(made.Choices, quoted[1])
			made.Exact = made.Exact || refusal(property, strings.ToLower(quoted[1])) != ""
		}
		return
	}
	for _, form := range []struct{ name, said string }{
		{"int64", "64-bit integer"}, {"json", "invalid JSON"}, {"bool", "as bool"}, {"fqdn", "must be a valid FQDN"},
	} {
		if strings.Contains(said, form.said) {
			made.Form = form.name
		}
	}
	if strings.Contains(refusal(property, ""), "cannot be an empty string") {
		made.Form = "text"
	}
}

func refusal(property *schema.Schema, value string) string {
	if _, errs := property.ValidateFunc(value, "it"); len(errs) > 0 {
		return errs[0].Error()
	}
	return ""
}

func main() {
	bridged, raw := oci.Provider(), ociShim.NewProvider()
	out := map[string]map[string]any{"resources": {}, "functions": {}}
	for name, info := range bridged.Resources {
		if found := raw.ResourcesMap[name]; found != nil && info.Tok != "" {
			out["resources"][string(info.Tok)] = fields(found.Schema, bridged.P.ResourcesMap().Get(name).Schema(), info.Fields)
		}
	}
	for name, info := range bridged.DataSources {
		if found := raw.DataSourcesMap[name]; found != nil && info.Tok != "" {
			out["functions"][string(info.Tok)] = fields(found.Schema, bridged.P.DataSourcesMap().Get(name).Schema(), info.Fields)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}
