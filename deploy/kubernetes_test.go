package deploy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// object returns a manifest of an object with more fields at the top level.
func object(kind, name, more string) string {
	return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n" + more + "\n---\n"
}

// pod returns a manifest of a pod with the label app, given the rest of its spec.
func pod(name, spec string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", labels: {app: " + name + "}}\nspec: {" + spec + "}\n---\n"
}

const (
	nginxContainer = "{name: nginx, image: 'nginx:1.27'}"
	fpmContainer   = "{name: fpm, image: 'php:8.3-fpm', ports: [{name: fcgi, containerPort: 9000}]}"
)

// find returns what a project of one file of manifests describes.
func find(manifests ...string) *Project {
	return Find(tree.Memory(map[string]string{"/k8s/all.yaml": strings.Join(manifests, "")}))
}

func TestPods(t *testing.T) {
	for _, tt := range []struct{ name, spec, want string }{
		{"two containers", "containers: [" + nginxContainer + ", " + fpmContainer + "]", "web/nginx nginx with web/fpm; web/fpm fpm with web/nginx"},
		{"init containers end", "initContainers: [{name: i, image: 'php:8.3-fpm'}], containers: [" + nginxContainer + "]", "web/nginx nginx"},
		{"a sidecar stays", "initContainers: [{name: i, image: 'php:8.3-fpm', restartPolicy: Always}], containers: [" + nginxContainer + "]", "web/nginx nginx with web/i; web/i fpm with web/nginx"},
		{"command drops CMD", "containers: [{name: a, image: 'nginx:1.27', command: [/docker-entrypoint.sh]}]", "web/a"},
		{"args take its place", "containers: [{name: a, image: 'nginx:1.27', args: [nginx, -g, daemon off;]}]", "web/a nginx"},
		{"command with args", "containers: [{name: a, image: 'php:8.3-fpm', command: [sh, -c], args: [php-fpm -R]}]", "web/a fpm"},
		{"a variable in args", "containers: [{name: a, image: 'php:8.3-fpm', env: [{name: P, value: php-fpm}], args: [$(P)]}]", "web/a fpm"},
		{"an unknown image", "containers: [{name: a, image: example.com/php}]", "web/a unknown: the image example.com/php is not known"},
		{"unknown storage", "containers: [{name: a, image: 'php:8.3-fpm', volumeMounts: [{name: v, mountPath: /usr/local/etc/php-fpm.d}]}], volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]",
			"web/a fpm unknown: what is in /usr/local/etc/php-fpm.d is not in the project"},
		{"limit", "containers: [{name: a, image: 'nginx:1.27', resources: {limits: {memory: 1Gi}}}]", "web/a nginx 1073741824"},
	} {
		var got []string
		for _, m := range find(pod("web", tt.spec)).Machines() {
			s := m.Name + strings.Repeat(" nginx", len(m.Nginx)) + strings.Repeat(" fpm", len(m.FPM))
			if m.Unknown != "" {
				s += " unknown: " + m.Unknown
			}
			if m.Memory != 0 {
				s += fmt.Sprint(" ", m.Memory)
			}
			for _, mate := range m.Mates() {
				if mate != m {
					s += " with " + mate.Name
				}
			}
			if at := m.At.Text(); !strings.HasSuffix(m.Name, "/"+at) {
				t.Errorf("%s: %s is at %q", tt.name, m.Name, at)
			}
			got = append(got, s)
		}
		if got := strings.Join(got, "; "); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if all := find(strings.Replace(pod("job", "template: {spec: {containers: ["+fpmContainer+"]}}"), "v1\nkind: Pod", "batch/v1\nkind: Job", 1)).Machines(); all != nil {
		t.Errorf("a Job is %d machines", len(all))
	}
}

// clusterObjects are the objects of TestClusterNames, besides the pods web and php.
var clusterObjects = []string{
	object("Service", "app", "spec: {selector: {app: php}, ports: [{port: 80, targetPort: fcgi}, {port: 81, targetPort: none}, {port: 9001}]}"),
	object("Service", "bare", "spec: {clusterIP: None, selector: {app: php}, ports: [{port: 80, targetPort: 9000}]}"),
	object("Service", "empty", "spec: {selector: {app: phpp}, ports: [{port: 9000}]}"),
	object("Service", "empty-bare", "spec: {clusterIP: None, selector: {app: phpp}}"),
	object("Service", "outside", "spec: {type: ExternalName, externalName: example.com}"),
	object("Service", "manual", "spec: {ports: [{port: 9000}]}"),
	object("Service", "idle", "spec: {selector: {app: idle}, ports: [{port: 9000}]}"),
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: idle}\nspec: {replicas: 0, template: {metadata: {labels: {app: idle}}, spec: {containers: [" + fpmContainer + "]}}}\n---\n",
}

func TestClusterNames(t *testing.T) {
	pods := []string{pod("web", "containers: ["+nginxContainer+"]"), pod("php", "hostname: h, subdomain: bare, containers: ["+fpmContainer+"]")}
	p := find(slices.Concat(pods, clusterObjects)...)
	web := p.Machines()[0]
	for _, tt := range []struct {
		host string
		port uint16
		want string
	}{
		{"app", 80, "php/fpm:9000"},
		{"APP.any.svc.cluster.local.", 80, "php/fpm:9000"},
		{"app.default", 9001, "php/fpm:9001"},
		{"app", 81, "refused: no pod has the port that port 81 of Service app leads to"},
		{"app", 9000, "refused: Service app has no port 9000"},
		{"bare", 80, "php/fpm:80"},
		{"h.bare", 9000, "php/fpm:9000"},
		{"empty", 9000, "refused: no pod has the labels that Service empty selects"},
		{"empty-bare", 9000, "missing"},
		{"outside", 9000, "Service outside is an ExternalName for example.com, which is not in this project"},
		{"manual", 9000, "Service manual has no selector, so its endpoints are not known"},
		{"idle", 9000, "cannot tell whether pods of Deployment idle run"},
		{"php", 9000, "missing"},
		{"fpm", 9000, "missing"},
		{"none.default.svc.cluster.local", 9000, "missing"},
		{"kubernetes.default.svc", 443, "the host kubernetes.default.svc is not in this project"},
		{"none.shop.svc", 9000, "the host none.shop.svc is not in this project"},
		{"example.com", 9000, "the host example.com is not in this project"},
	} {
		if got := route(web.Route(tt.host, tt.port)); got != tt.want {
			t.Errorf("%s:%d:\ngot  %s\nwant %s", tt.host, tt.port, got, tt.want)
		}
	}
	if got, want := fmt.Sprint(p.Machines()[1].Names), "[app bare]"; got != want {
		t.Errorf("names: got %s, want %s", got, want)
	}
	if got := web.Known(); len(got) != 3 || got[0].Name != "app" || got[0].Machine.Name != "php/fpm" {
		t.Errorf("known: %v", got)
	}
}

// route is a Route in words.
func route(r Route) string {
	switch {
	case r.Missing:
		return "missing"
	case r.Refused != "":
		return "refused: " + r.Refused
	case r.Why != "":
		return r.Why
	}
	var all []string
	for _, to := range r.Targets {
		all = append(all, fmt.Sprintf("%s:%d", to.Machine.Name, to.Port))
	}
	return strings.Join(all, " ")
}

// Only the names of its own namespace are short for a pod, and where its resolver is that of
// the node, none is.
func TestClusterNamesElsewhere(t *testing.T) {
	for _, tt := range []struct{ spec, host, want string }{
		{"", "app", "missing"},
		{"", "app.shop", "php/fpm:9000"},
		{"hostNetwork: true, ", "app.shop", "the names that the node of pod web knows are not known"},
		{"hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, ", "app.shop", "php/fpm:9000"},
		{"dnsPolicy: None, ", "app", "the resolver of pod web is not known"},
	} {
		in := func(namespace, text string) string {
			return strings.Replace(text, "metadata: {", "metadata: {namespace: "+namespace+", ", 1)
		}
		p := find(in("front", pod("web", tt.spec+"containers: ["+nginxContainer+"]")), in("shop", pod("php", "containers: ["+fpmContainer+"]")), in("shop", object("Service", "app", "spec: {selector: {app: php}, ports: [{port: 9000}]}")))
		if got := route(p.Machines()[0].Route(tt.host, 9000)); got != tt.want {
			t.Errorf("%s%s:\ngot  %s\nwant %s", tt.spec, tt.host, got, tt.want)
		}
	}
}

// A Service leads to the ports of all containers of a pod, which share its network.
func TestNameFor(t *testing.T) {
	for _, containers := range []string{fpmContainer, nginxContainer + ", " + fpmContainer} {
		p := find(pod("web", "containers: ["+nginxContainer+"]"), pod("php", "containers: ["+containers+"]"),
			object("Service", "late", "spec: {selector: {app: php}}"), object("Service", "early", "spec: {selector: {app: php}}"))
		all := p.Machines()
		if got := all[0].NameFor(all[len(all)-1]); got != "early" {
			t.Errorf("%s: got %q", containers, got)
		}
		if got := all[1].NameFor(all[0]); got != "" {
			t.Errorf("a pod without a Service: got %q", got)
		}
	}
}

func TestVolumes(t *testing.T) {
	conf := object("ConfigMap", "conf", "data: {a.conf: A, b.conf: B}")
	for _, tt := range []struct{ name, mounts, volume, want string }{
		{"all keys", "{name: v, mountPath: /etc/nginx/conf.d}", "configMap: {name: conf}", "a.conf=A 0644, b.conf=B 0644"},
		{"items", "{name: v, mountPath: /etc/nginx/conf.d}", "configMap: {name: conf, defaultMode: 0400, items: [{key: a.conf, path: x.conf}]}", "x.conf=A 0400"},
		{"one key beside the image's", "{name: v, mountPath: /etc/nginx/conf.d/z.conf, subPath: b.conf}", "configMap: {name: conf}", "default.conf=image 0644, z.conf=B 0644"},
		{"a key that is missing", "{name: v, mountPath: /etc/nginx/conf.d/default.conf, subPath: none}", "configMap: {name: conf}", "default.conf/"},
		{"a folder of the volume", "{name: v, mountPath: /etc/nginx/conf.d, subPath: d}", "configMap: {name: conf, items: [{key: a.conf, path: d/x.conf}, {key: b.conf, path: b}]}", "x.conf=A 0644"},
		{"another object", "{name: v, mountPath: /etc/nginx/conf.d/default.conf, subPath: a}", "configMap: {name: none}", "default.conf unknown"},
		{"projected", "{name: v, mountPath: /etc/nginx/conf.d}", "projected: {sources: [{configMap: {name: conf}}]}", "a.conf=A 0644, b.conf=B 0644"},
		{"empty", "{name: v, mountPath: /etc/nginx/conf.d}", "emptyDir: {}", ""},
	} {
		m := find(conf, pod("web", "containers: [{name: nginx, image: 'nginx:1.27', volumeMounts: ["+tt.mounts+"]}], volumes: [{name: v, "+tt.volume+"}]")).Machines()[0]
		var got []string
		list, err := m.Tree.List("/etc/nginx/conf.d")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			info, _ := m.Tree.Stat("/etc/nginx/conf.d/" + e.Name)
			text, err := m.Tree.Open("/etc/nginx/conf.d/" + e.Name)
			switch {
			case e.Type == tree.Dir:
				got = append(got, e.Name+"/")
			case err != nil:
				got = append(got, e.Name+" unknown")
			case text.Image != "":
				got = append(got, fmt.Sprintf("%s=image %04o", e.Name, info.Mode))
			default:
				got = append(got, fmt.Sprintf("%s=%s %04o", e.Name, text.Content, info.Mode))
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// Containers of a pod share what is in an emptyDir, wherever it is mounted.
func TestEmptyDir(t *testing.T) {
	p := find(pod("web", "containers: [{name: a, image: 'nginx:1.27', volumeMounts: [{name: v, mountPath: /run/php}]}, {name: b, image: 'php:8.3-fpm', volumeMounts: [{name: v, mountPath: /sockets, subPath: s}]}], volumes: [{name: v, emptyDir: {}}]"))
	a, b := p.Machines()[0], p.Machines()[1]
	keyA, restA, _ := a.Tree.Shared("/run/php/s/fpm.sock")
	keyB, restB, ok := b.Tree.Shared("/sockets/fpm.sock")
	if !ok || keyA != keyB || restA != restB {
		t.Errorf("%s %s is not %s %s", keyA, restA, keyB, restB)
	}
	if a.Tree.Missing("/run/php/s") {
		t.Error("what another container makes in an emptyDir is missing")
	}
}

// Variables come from ConfigMaps, from other variables and from the Services of the namespace.
func TestClusterVariables(t *testing.T) {
	template := "server { listen ${PORT}; server_name ${NAME}; }\n# ${APP_SERVICE_HOST}\n"
	p := find(
		object("ConfigMap", "t", "data: {site.conf.template: '"+strings.ReplaceAll(template, "\n", "\n\n  ")+"'}"), object("ConfigMap", "vars", "data: {PORT: '8080'}"), object("Service", "app", "spec: {selector: {app: php}}"),
		pod("web", "containers: [{name: nginx, image: 'nginx:1.27', envFrom: [{configMapRef: {name: vars}}], env: [{name: NAME, value: $(PORT).example}], volumeMounts: [{name: v, mountPath: /etc/nginx/templates}]}], volumes: [{name: v, configMap: {name: t}}]"))
	text, err := p.Machines()[0].Tree.Open("/etc/nginx/conf.d/site.conf")
	if want := "server { listen 8080; server_name 8080.example; }\n# \n"; err != nil || text.Content != want {
		t.Errorf("got %q, %v, want %q", text.Content, err, want)
	}
}

// What is not about nginx or PHP is left out.
func TestOtherPods(t *testing.T) {
	if p := find(pod("db", "containers: [{name: db, image: 'mysql:8'}]")); p.Machines() != nil || p.Files != nil {
		t.Errorf("got %v", p)
	}
}

// A chart is not checked before it is rendered.
func TestChart(t *testing.T) {
	p := Find(tree.Memory(map[string]string{"/c/Chart.yaml": "name: c\n", "/c/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.name }}}\ndata: {nginx.conf: ''}\n"}))
	if len(p.Unknown) != 1 || !strings.Contains(p.Unknown[0].Why, "helm template") || p.Unseen != 1 || p.Machines() != nil {
		t.Errorf("unknown: %v", p.Unknown)
	}
}
