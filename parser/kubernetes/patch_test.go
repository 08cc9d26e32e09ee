package kubernetes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

const patchedBase = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsUser: 1}
      containers:
      - name: php
        image: php:8.2-fpm
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
        volumeMounts: [{name: conf, mountPath: /a}]
      - {name: nginx, image: nginx, securityContext: {runAsUser: 2}}
      volumes:
      - {name: conf, configMap: {name: conf}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {a: one, b: two}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 80}]}
`

// What patches make of patchedBase.
func TestPatch(t *testing.T) {
	const same = "x1 {php php:8.2-fpm [] A=1 B=2 conf:/a u1} {nginx nginx [] u2} conf<conf; web 80>80; a=one b=two"
	for _, tt := range []struct{ name, kustomization, patch, want string }{
		{"none", "", "", same},
		{"containers", "patchesStrategicMerge: [p.yaml]", `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template:
    spec:
      securityContext: {runAsUser: 5}
      containers:
      - {name: php, image: "php:8.3-fpm", args: [-R], env: [{name: B, value: "3"}, {name: C, value: "4"}], volumeMounts: [{name: run, mountPath: /run}]}
      - {name: more, image: more}
      volumes:
      - {name: run, emptyDir: {}}
`, "x3 {php php:8.3-fpm [-R] A=1 B=3 C=4 conf:/a run:/run u5} {nginx nginx [] u2} {more more [] u5} conf<conf run<; web 80>80; a=one b=two"},
		{"target", "patches: [{path: p.yaml, target: {kind: Deploy.*}}]", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\nspec: {replicas: 0}\n", strings.Replace(same, "x1", "x0", 1)},
		{"another object", "patches: [{path: p.yaml}]", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\nspec: {replicas: 0}\n", same},
		{"values and ports", "patches: [{path: p.yaml}]", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  b: |-\n    three\n  c: x\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80, targetPort: 8080}]}\n",
			strings.Replace(strings.Replace(same, "80>80", "80>8080", 1), "b=two", "b=three c=x", 1)},
		{"removal", "patches: [{path: p.yaml}]", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {b: null}\n", same + "; ConfigMap is patched at p.yaml"},
		{"JSON patch", "patches: [{target: {kind: Deployment, name: web}, patch: '[{op: remove, path: /spec/replicas}]'}]", "", same + "; pod is patched at [{op: remove, path: /spec/replicas}]"},
		{"JSON patch of replicas and image", "patches: [{target: {kind: Deployment}, path: p.yaml}]",
			"- {op: replace, path: /spec/replicas, value: 4}\n- {op: add, path: /metadata/annotations/a, value: b}\n- {op: replace, path: /spec/template/spec/containers/1/image, value: nginx:1.29}\n",
			strings.Replace(strings.Replace(same, "x1", "x4", 1), "nginx nginx", "nginx nginx:1.29", 1)},
		{"JSON patch of a value", "patchesJson6902: [{target: {kind: ConfigMap, name: conf, version: v1}, path: p.yaml}]", `[{"op":"replace","path":"/data/a","value":"1"},{"op":"add","path":"/data/b","value":"2"}]`,
			strings.Replace(same, "a=one b=two", "a=1 b=2", 1)},
		{"JSON patch of a port", "patches: [{target: {kind: Service}, path: p.yaml}]", "- {op: replace, path: /spec/ports/0/port, value: 4}\n", same + "; Service is patched at p.yaml"},
		{"inline", "patches:\n- patch: |-\n    apiVersion: v1\n    kind: Service\n    metadata: {name: web}\n    spec: {ports: [{port: 80, targetPort: fcgi}]}\n", "", strings.Replace(same, "80>80", "80>fcgi", 1)},
		{"no file", "patches: [{path: absent.yaml}]", "", same + "; /absent.yaml is not a file of the project"},
	} {
		files := map[string]string{"/kustomization.yaml": "resources: [base.yaml]\n" + tt.kustomization, "/base.yaml": patchedBase}
		if tt.patch != "" {
			files["/p.yaml"] = tt.patch
		}
		open, names := project(files)
		all := Load(open, names)
		if len(all) != 1 {
			t.Errorf("%s: %d deployments", tt.name, len(all))
			continue
		}
		if got := patchedOf(all[0]); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func patchedOf(d *Deployment) string {
	p, s := d.Pods[0], d.Services[0]
	out := fmt.Sprintf("x%d", p.Replicas)
	for _, c := range p.Containers {
		out += fmt.Sprintf(" {%s %s %s", c.Name, c.Image.Text, words(c.Args))
		for _, e := range c.Env {
			out += " " + e.Name + "=" + e.Value.Text
		}
		for _, m := range c.Mounts {
			out += " " + m.Volume + ":" + m.Path
		}
		out += fmt.Sprintf(" u%d}", *c.RunAsUser)
	}
	for _, v := range p.Volumes {
		out += " " + v.Name + "<"
		for _, from := range v.Sources {
			out += from.ConfigMap
		}
	}
	out += fmt.Sprintf("; %s %d>%s;", s.Name, s.Ports[0].Port, s.Ports[0].Target.Text)
	for _, key := range []string{"a", "b", "c"} {
		if value, ok := d.ConfigMaps[0].Data[key]; ok {
			out += " " + key + "=" + value.String
		}
	}
	for kind, at := range map[string]source.Span{"pod": p.Patched, "ConfigMap": d.ConfigMaps[0].Patched, "Service": s.Patched} {
		if !at.IsZero() {
			out += "; " + kind + " is patched at " + at.Text()
		}
	}
	for _, problem := range d.Problems {
		out += "; " + problem.Message
	}
	return out
}
