package kubernetes

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/source"
)

const deployment = `# The shop.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: other}}
spec:
  replicas: 2
  template:
    metadata:
      labels: &labels
        app: web
    spec:
      hostNetwork: true
      hostAliases:
      - ip: 10.0.0.1
        hostnames: [db, "cache"]
      securityContext: {runAsUser: 33, fsGroup: 0}
      initContainers:
      - name: copy
        image: busybox
      containers:
      - name: php
        image: php:8.3-fpm # "not # a comment"
        command: [php-fpm]
        args: ["-F", -R]
        workingDir: /srv
        securityContext: {runAsUser: 82}
        resources: {limits: {memory: 512Mi}}
        readinessProbe: {tcpSocket: {port: 9000}}
        lifecycle: {postStart: {exec: {command: [sh, -c, chmod 666 /run/php.sock]}}}
        env:
        - name: DB_PASSWORD
          value: hunter2
        - {name: HOST, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        - {name: A, valueFrom: {configMapKeyRef: {name: conf, key: a, optional: true}}}
        envFrom:
        - prefix: X_
          secretRef: {name: keys}
        ports: [{name: fcgi, containerPort: 9000}]
        volumeMounts:
        - {name: conf, mountPath: /etc/x.conf, subPath: x.conf, readOnly: true}
      volumes:
      - name: conf
        configMap: {name: conf, defaultMode: 0640, items: [{key: a, path: b/a, mode: 256}]}
      - {name: run, emptyDir: {}}
      - {name: data, persistentVolumeClaim: {claimName: data}}
      - {name: host, hostPath: {path: /srv}}
      - {name: nfs, nfs: {server: a, path: /}}
      - name: all
        projected:
          sources: [{configMap: {name: conf}}, {secret: {name: keys}}, {downwardAPI: {}}]
`

func TestPod(t *testing.T) {
	f := file("/web.yaml", deployment)
	m := Parse(f)
	if len(m.Problems) != 0 || len(m.Pods) != 1 {
		t.Fatalf("problems %v, %d pods", m.Problems, len(m.Pods))
	}
	p := m.Pods[0]
	c := p.Containers[0]
	for _, tt := range []struct{ what, got, want any }{
		{"pod", fmt.Sprint(p.Kind, " ", p.Name, " ", p.Namespace, " ", p.Replicas, " ", p.Labels, " ", p.HostNetwork, " ", *p.RunAsUser, " ", p.RunAsGroup == nil, " ", *p.FSGroup), "Deployment web shop 2 map[app:web] true 33 true 0"},
		{"place", p.At.Begin(), source.Position{Line: 4, Column: 18}},
		{"aliases", fmt.Sprint(p.HostAliases[0].IP, " ", p.HostAliases[0].Names[1].At.Text()), "10.0.0.1 cache"},
		{"init", p.Init[0].Image.Text + fmt.Sprint(*p.Init[0].RunAsUser), "busybox33"},
		{"container", fmt.Sprint(c.Name, " ", c.Image.At.Text(), " ", c.WorkingDir.Text, " ", *c.RunAsUser, " ", c.MemoryLimit, " ", c.Readiness, " ", c.Liveness, " ", c.PostStart[2].Text), "php php:8.3-fpm /srv 82 536870912 true false chmod 666 /run/php.sock"},
		{"command", c.Command[0].Text + c.Args[0].At.Text() + c.Args[1].Text, "php-fpm-F-R"},
		{"env", fmt.Sprint(c.Env[0].Value.Text, " ", c.Env[1].Field, " ", c.Env[2].From.ConfigMap, " ", c.Env[2].From.Key, " ", c.Env[2].From.Optional, " ", c.EnvFrom[0].Prefix, " ", c.EnvFrom[0].Secret), "hunter2 status.podIP conf a true X_ keys"},
		{"port", fmt.Sprint(c.Ports[0].Name, " ", c.Ports[0].Number), "fcgi 9000"},
		{"mount", fmt.Sprint(c.Mounts[0].Volume, " ", c.Mounts[0].At.Text(), " ", c.Mounts[0].SubPath.Text, " ", c.Mounts[0].ReadOnly), "conf /etc/x.conf x.conf true"},
		{"volume", fmt.Sprintf("%s %o %s %s %o", p.Volumes[0].Sources[0].ConfigMap, *p.Volumes[0].Mode, p.Volumes[0].Sources[0].Items[0].Key, p.Volumes[0].Sources[0].Items[0].Path, *p.Volumes[0].Sources[0].Items[0].Mode), "conf 640 a b/a 400"},
		{"other volumes", fmt.Sprint(p.Volumes[1].EmptyDir, " ", p.Volumes[2].Claim, " ", p.Volumes[3].HostPath, " ", p.Volumes[4].Other, " ", p.Volumes[5].Sources[1].Secret, " ", p.Volumes[5].EmptyDir), "true data /srv true keys false"},
	} {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: got  %v\nwant %v", tt.what, tt.got, tt.want)
		}
	}
	if got := texts(f.Comments); !reflect.DeepEqual(got, []string{"# The shop.", `# "not # a comment"`}) {
		t.Errorf("comments %q", got)
	}
	if got := f.Span(0, len(f.Text)).Masked(); strings.Contains(got, "hunter2") || !strings.Contains(got, "value: "+source.Mask) {
		t.Errorf("a secret shows:\n%s", got)
	}
}

func texts(spans []source.Span) (all []string) {
	for _, s := range spans {
		all = append(all, s.Text())
	}
	return all
}

func TestKinds(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"each kind of pod", `
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {x: y}}
spec: {containers: [{image: a}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: b}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {x: z}}, spec: {containers: [{image: b}]}}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: c}
spec: {serviceName: s, template: {spec: {containers: [{image: c}]}}, volumeClaimTemplates: [{metadata: {name: data}}]}
`, "Pod a map[x:y] a; CronJob b map[x:z] b; StatefulSet c map[] c claim data; "},
		{"list", `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"clusterIP":"None","ports":[{"port":80}]}},{"apiVersion":"v1","kind":"PodList","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}]}]}`, "Pod p map[]; Service a headless 80>; "},
		{"other groups", "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n", ""},
		{"kinds that are not read, invalid", "apiVersion: v1\nkind: Namespace\n  a: [\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n", "Service a; "},
		{"invalid document among others", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: [\n---\napiVersion: v1\nkind: Service\nmetadata: {name: c}\n", "Service a; Service c; 7:1 invalid YAML, so this document is not read: did not find expected node content; "},
		{"no name", "apiVersion: v1\nkind: Service\nmetadata: {}\n", "2:7 this object has no metadata.name; "},
		{"duplicate key", "apiVersion: v1\nkind: Service\nmetadata: {name: a, name: b}\n", `Service b; 3:21 duplicate key "name"; only the last one takes effect; `},
		{"merge key", "apiVersion: v1\nkind: Service\nx: &m {ports: [{port: 1}], type: NodePort}\nmetadata: {name: a}\nspec:\n  <<: *m\n  ports: [{port: 2, targetPort: web}]\n", "Service a 2>web; "},
		{"wrong types", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: {a: b}, volumes: [1], hostname: [a]}\n", "Pod a map[]; 4:52 hostname is not a text; 4:38 an element of volumes is not a mapping; 4:20 containers is not a list; "},
		{"numbers", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: x}, {port: 70000}]}\n", "Service a 0> 0>; 4:23 port is not a whole number; "},
		{"template", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.a }}\n", "4:9 " + rendering + "; "},
		{"template, invalid YAML", "apiVersion: v1\nkind: Service\nmetadata:\n{{- if a }}\n  name: a\n", "4:1 " + rendering + "; "},
		{"another template, invalid YAML", "apiVersion: v1\nkind: Service\nmetadata:\n  name: @NAME@\n", "4:1 " + rendering + "; "},
		{"mark for a number", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: <PORT>}]}\n", "Service a 0>; "},
		{"mark in a name", "apiVersion: v1\nkind: Service\nmetadata: {name: \"{{ a }}\"}\n", "3:19 " + rendering + "; "},
		{"mark in a text", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    {{ b }}\n", "ConfigMap a a=[{{ b }}\n]; "},
		{"Secret", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: YWI=, b: '*'}\nstringData: {c: d}\n", "Secret a a={ab = YWI=} b={ = *} c=[d]; 4:21 the value of \"b\" is not Base64; "},
		{"not texts", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 1, b: yes, c: \"1\", d: !!str 1, e: 1.5.0, f: 'no', g: 0.5}\n",
			"ConfigMap a a=[1] b=[yes] c=[1]; 4:11 the value of \"a\" is a number where Kubernetes takes only text: put it in quotes; " +
				"4:17 the value of \"b\" is a boolean where Kubernetes takes only text: put it in quotes; 4:64 the value of \"g\" is a number where Kubernetes takes only text: put it in quotes; "},
		{"no object", "just text\n---\n- a\n---\n", ""},
		{"directive", "%YAML 1.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n...\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n", "Service a; Service b; "},
		{"divider in a text", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    x\n    ---\n    y\n", "ConfigMap a a=[x\n][---\n][y\n]; "},
		{"not UTF-8", "apiVersion: v1\nkind: Service\nmetadata: {name: \xff}\n", "1:1 not UTF-8, so this document is not read; "},
	} {
		f := file("/a.yaml", tt.text)
		if got := show(Parse(f)); got != tt.want {
			t.Errorf("%s: got  %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// show is the parts of a manifest that the tests compare.
func show(m *Manifest) string {
	var b strings.Builder
	for _, p := range m.Pods {
		fmt.Fprintf(&b, "%s %s %v", p.Kind, p.Name, p.Labels)
		for _, c := range p.Containers {
			b.WriteString(" " + c.Image.Text)
		}
		for _, v := range p.Volumes {
			if v.Claim != "" {
				b.WriteString(" claim " + v.Claim)
			}
		}
		b.WriteString("; ")
	}
	for _, s := range m.Services {
		b.WriteString("Service " + s.Name)
		if s.Headless {
			b.WriteString(" headless")
		}
		for _, p := range s.Ports {
			fmt.Fprintf(&b, " %d>%s", p.Port, p.Target.Text)
		}
		b.WriteString("; ")
	}
	for kind, all := range map[string][]*ConfigMap{"ConfigMap": m.ConfigMaps, "Secret": m.Secrets} {
		for _, c := range all {
			b.WriteString(kind + " " + c.Name)
			for _, key := range []string{"a", "b", "c"} {
				if value, ok := c.Data[key]; ok {
					fmt.Fprintf(&b, " %s=%s", c.Keys[key].Text(), pieces.Show(value))
				}
			}
			b.WriteString("; ")
		}
	}
	for _, p := range m.Problems {
		at := p.At.Begin()
		fmt.Fprintf(&b, "%d:%d %s; ", at.Line, at.Column, p.Message)
	}
	return b.String()
}

func TestIs(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"/a.yaml", "kind: Pod\napiVersion: v1\n", true},
		{"/a.yaml", "\ufeffapiVersion : v1\r\nkind: Pod\r\n", true},
		{"/a.json", "{\n \"kind\" : \"Pod\", \"apiVersion\":\"v1\"}", true},
		{"/kustomization.yaml", "resources: []\n", true},
		{"/Chart.yaml", "apiVersion: v2\nname: a\n", false},
		{"/compose.yaml", "services:\n  kind: a\n  apiVersion: b\n", false},
		{"/a.yaml", "", false},
	} {
		if got := Is(file(tt.name, tt.text)); got != tt.want {
			t.Errorf("%s %q: %t", tt.name, tt.text, got)
		}
	}
}

func TestQuantity(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"512Mi", 512 << 20, true}, {"1G", 1e9, true}, {"0.5Gi", 1 << 29, true}, {"1e3", 1000, true}, {"100m", 1, true}, {"128974848", 128974848, true}, {"1E", 1e18, true},
		{"", 0, false}, {"a", 0, false}, {"-1", 0, false}, {"1e400", 0, false}, {"0x10", 0, false}, {"1 Mi", 0, false}, {"NaN", 0, false},
	} {
		if got, ok := Quantity(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("%s: got %d, %t, want %d, %t", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}
