package kubernetes

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func BenchmarkParse(b *testing.B) {
	pod := deployment + "---\n"
	conf := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n" + strings.Repeat("    fastcgi_param A b; # c\n", 40) + "---\n"
	crd := "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n" + strings.Repeat("  - a: b\n", 100) + "---\n"
	for _, bb := range []struct{ name, text string }{
		{"pod", pod},
		{"configmap", conf},
		{"1MB-pods", strings.Repeat(pod, 1<<20/len(pod))},
		{"1MB-configmaps", strings.Repeat(conf, 1<<20/len(conf))},
		{"1MB-others", strings.Repeat(crd, 1<<20/len(crd))},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(file("/a.yaml", bb.text))
			}
		})
	}
}

func file(name, text string) *source.File { return &source.File{Name: name, Real: name, Text: text} }
