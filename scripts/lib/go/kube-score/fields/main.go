// kube-fields FILE...: finds what Kubernetes' own types do not know in manifests, such as a field that is misspelt, which kube-score passes over.
// Prints a line for each finding, and ends with 1 if there are any.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
)

func decoder() (runtime.Decoder, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		apps.AddToScheme, autoscaling.AddToScheme, batch.AddToScheme, core.AddToScheme, networking.AddToScheme, policy.AddToScheme, rbac.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	options := json.SerializerOptions{Yaml: true, Strict: true}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, options), nil
}

// check returns the findings in one file, and how many objects it has.
func check(decode runtime.Decoder, name string) (findings []string, objects int) {
	content, err := os.ReadFile(name)
	if err != nil {
		return []string{err.Error()}, 0
	}
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return findings, objects
		}
		if err != nil {
			return append(findings, fmt.Sprintf("%s: %v", name, err)), objects
		}
		objects++
		if _, _, err := decode.Decode(document, nil, nil); err != nil {
			text := strings.Join(strings.Fields(err.Error()), " ")
			findings = append(findings, fmt.Sprintf("%s: object %d: %s", name, objects, text))
		}
	}
}

func main() {
	decode, err := decoder()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	code := 0
	for _, name := range os.Args[1:] {
		findings, objects := check(decode, name)
		if objects == 0 && len(findings) == 0 {
			findings = []string{name + ": has no object"}
		}
		for _, finding := range findings {
			fmt.Println(finding)
			code = 1
		}
	}
	os.Exit(code)
}
