package kubernetes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const mounted = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - image: a
    envFrom:
    - {prefix: X_, configMapRef: {name: c}}
    - {configMapRef: {name: absent, optional: true}}
    - {secretRef: {name: absent}}
    env:
    - {name: A, value: one}
    - {name: B, value: "$(A) two $(NONE) $(X_k)"}
    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
    - {name: K, valueFrom: {configMapKeyRef: {name: c, key: k}}}
    - {name: S, valueFrom: {secretKeyRef: {name: s, key: no, optional: true}}}
    - {name: T, valueFrom: {secretKeyRef: {name: s, key: no}}}
  volumes:
  - {name: all, configMap: {name: c}}
  - {name: some, configMap: {name: c, defaultMode: 0400, items: [{key: k, path: d/k, mode: 0600}, {key: l, path: l}, {key: no, path: no}]}}
  - {name: absent, secret: {secretName: absent}}
  - {name: optional, secret: {secretName: absent, optional: true}}
  - {name: projected, projected: {sources: [{configMap: {name: c}}, {secret: {name: s}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: default}
data: {k: v, l: w}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: secret}
`

func refs(missing []KeyRef) (s string) {
	for _, m := range missing {
		s += fmt.Sprintf(" missing %s%s %s at %s", m.ConfigMap, m.Secret, m.Key, m.At.Text())
	}
	return s
}

func load(t *testing.T, text string) *Deployment {
	t.Helper()
	open, names := project(map[string]string{"/a.yaml": text})
	all := Load(open, names)
	if len(all) != 1 || len(all[0].Pods) == 0 {
		t.Fatalf("%d deployments", len(all))
	}
	return all[0]
}

func TestVolumeFiles(t *testing.T) {
	d := load(t, mounted)
	want := []string{
		"all k=v 644 l=w 644",
		"some d/k=v 600 l=w 400 missing c no at no",
		"absent missing absent  at absent",
		"optional",
		"projected k=secret 644 l=w 644",
	}
	var got []string
	for _, v := range d.Pods[0].Volumes {
		files, missing := d.VolumeFiles(d.Pods[0], v)
		s := v.Name
		for _, f := range files {
			s += fmt.Sprintf(" %s=%s %o", f.Path, f.Text.String, f.Mode)
			if key := f.At.Text(); !strings.HasSuffix(f.Path, key) {
				t.Errorf("%s is made from %s", f.Path, key)
			}
		}
		got = append(got, s+refs(missing))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestVariables(t *testing.T) {
	d := load(t, mounted)
	all, missing := d.Variables(d.Pods[0], d.Pods[0].Containers[0])
	got := ""
	for _, v := range all {
		got += fmt.Sprintf("%s=%s %t at %s; ", v.Name, v.Value.String, v.Known, v.At.Text())
	}
	got += refs(missing)
	want := "A=one true at one; B=one two $(NONE) v true at $(A) two $(NONE) $(X_k); IP= false at IP; K=v true at k; X_k=v true at k; X_l=w true at l; " +
		" missing absent  at absent missing s no at s"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
