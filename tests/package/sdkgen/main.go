// Sdkgen writes a package's SDK with the engine's own code generator.
//
// The release of the engine brings it as three programs, pulumi-language-python, -nodejs and -go, which `pulumi package
// add` calls; an engine that is built from its module has none of them, and the generator is in the module.
//
//	sdkgen python|nodejs|go SCHEMA FOLDER
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The schema refers to no other package: whatever it would load one with ends the program.
type alone struct{ schema.ReferenceLoader }

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "python":
		return python.GeneratePackage("sdkgen", pkg, nil, alone{})
	case "nodejs":
		return nodejs.GeneratePackage("sdkgen", pkg, nil, nil, true, alone{})
	case "go":
		return gogen.GeneratePackage("sdkgen", pkg, nil)
	}
	return nil, fmt.Errorf("%s: must be python, nodejs or go", language)
}

func run(language, file, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, alone{}, schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if diagnostics.HasErrors() {
		return diagnostics
	}
	files, err := generate(language, pkg)
	if err != nil {
		return err
	}
	for name, content := range files {
		target := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "sdkgen LANGUAGE SCHEMA FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
