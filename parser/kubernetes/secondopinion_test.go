package kubernetes

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"sigs.k8s.io/yaml"
)

// theirs is what kubectl's own module reads of an object.
type theirs struct {
	APIVersion, Kind string
	Metadata         struct{ Name, Namespace string }
	Data, StringData map[string]string
	Items            []json.RawMessage
	Spec             struct {
		theirPod
		ClusterIP, ExternalName, Type string
		Selector                      any
		Ports                         []struct {
			Port       int
			TargetPort any
		}
		Template    struct{ Spec theirPod }
		JobTemplate struct {
			Spec struct{ Template struct{ Spec theirPod } }
		}
	}
}

type theirPod struct {
	Containers []struct {
		Name, Image   string
		Command, Args []string
		Env           []struct{ Name, Value string }
		VolumeMounts  []struct{ Name, MountPath, SubPath string }
	}
	Volumes []struct {
		Name      string
		ConfigMap struct{ Name string }
	}
}

// TestSecondOpinion compares what is read of the manifests in testdata with what kubectl's
// module reads: every value of ConfigMaps and Secrets, and what pods and Services have.
func TestSecondOpinion(t *testing.T) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) < 15 {
		t.Fatalf("%d manifests, %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(file("/"+name, string(text)))
		for _, p := range m.Problems {
			t.Errorf("%s: %s", name, p.Message)
		}
		var theirObjects []string
		for _, document := range divider.Split(string(text), -1) {
			if !strings.HasPrefix(strings.TrimSpace(document), "%") {
				theirObjects = append(theirObjects, opinions(t, []byte(document))...)
			}
		}
		ours := oursOf(t, m)
		slices.Sort(ours)
		slices.Sort(theirObjects)
		if !slices.Equal(ours, theirObjects) {
			t.Errorf("%s:\nours   %s\ntheirs %s", name, strings.Join(ours, "\n       "), strings.Join(theirObjects, "\n       "))
		}
	}
}

var divider = regexp.MustCompile(`(?m)^(---|\.\.\.)([ \t].*)?\r?$`)

// opinions shows the objects of a document as kubectl's module reads them.
func opinions(t *testing.T, document []byte) (all []string) {
	var o theirs
	if err := yaml.Unmarshal(document, &o); err != nil {
		t.Errorf("%s: %v", document, err)
		return nil
	}
	pod := o.Spec.theirPod
	switch o.Kind {
	case "List", "ConfigMapList":
		for _, item := range o.Items {
			all = append(all, opinions(t, item)...)
		}
		return all
	case "Deployment", "StatefulSet", "DaemonSet", "Job", "Rollout":
		pod = o.Spec.Template.Spec
	case "CronJob":
		pod = o.Spec.JobTemplate.Spec.Template.Spec
	}
	switch o.APIVersion + " " + o.Kind {
	case "v1 ConfigMap":
		return []string{data("ConfigMap", o.Metadata.Name, o.Data)}
	case "v1 Secret":
		for k, v := range o.Data {
			plain, err := json.Marshal(strings.ReplaceAll(v, "\n", ""))
			var decoded []byte
			if err == nil {
				err = json.Unmarshal(plain, &decoded)
			}
			if err != nil {
				t.Errorf("%s: %v", k, err)
			}
			o.Data[k] = string(decoded)
		}
		maps.Copy(o.Data, o.StringData)
		return []string{data("Secret", o.Metadata.Name, o.Data)}
	case "v1 Service":
		s := fmt.Sprint("Service ", o.Metadata.Namespace, "/", o.Metadata.Name, " ", o.Spec.ClusterIP == "None", o.Spec.ExternalName, o.Spec.Type, o.Spec.Selector)
		for _, p := range o.Spec.Ports {
			s += fmt.Sprint(" ", p.Port, ">", p.TargetPort)
		}
		return []string{s}
	}
	if len(pod.Containers) == 0 {
		return nil
	}
	return []string{o.Kind + " " + o.Metadata.Name + pod.String()}
}

func (p theirPod) String() (s string) {
	for _, c := range p.Containers {
		s += fmt.Sprintf(" %s %s %q %q", c.Name, c.Image, c.Command, c.Args)
		for _, e := range c.Env {
			s += " " + e.Name + "=" + e.Value
		}
		for _, m := range c.VolumeMounts {
			s += " " + m.Name + ":" + m.MountPath + ":" + m.SubPath
		}
	}
	for _, v := range p.Volumes {
		s += " " + v.Name + "<" + v.ConfigMap.Name
	}
	return s
}

func data(kind, name string, values map[string]string) string {
	s := kind + " " + name
	for _, k := range slices.Sorted(maps.Keys(values)) {
		s += fmt.Sprintf(" %s=%q", k, values[k])
	}
	return s
}

// oursOf shows the objects of a manifest as opinions does.
func oursOf(t *testing.T, m *Manifest) (all []string) {
	for _, c := range slices.Concat(m.ConfigMaps, m.Secrets) {
		kind, values := "ConfigMap", map[string]string{}
		if slices.Contains(m.Secrets, c) {
			kind = "Secret"
		}
		for k, v := range c.Data {
			values[k] = v.String
			pieces.Check(t, v)
		}
		all = append(all, data(kind, c.Name, values))
	}
	for _, service := range m.Services {
		s := fmt.Sprint("Service ", service.Namespace, "/", service.Name, " ", service.Headless, service.ExternalName, service.Type)
		if service.Selector == nil {
			s += "<nil>"
		} else {
			s += fmt.Sprint(service.Selector)
		}
		for _, p := range service.Ports {
			s += fmt.Sprint(" ", p.Port, ">", p.Target.Text)
		}
		all = append(all, s)
	}
	for _, p := range m.Pods {
		s := p.Kind + " " + p.Name
		for _, c := range p.Containers {
			s += fmt.Sprintf(" %s %s %q %q", c.Name, c.Image.Text, words(c.Command), words(c.Args))
			for _, e := range c.Env {
				s += " " + e.Name + "=" + e.Value.Text
			}
			for _, m := range c.Mounts {
				s += " " + m.Volume + ":" + m.Path + ":" + m.SubPath.Text
			}
		}
		for _, v := range p.Volumes {
			if v.Claim == v.Name && p.Kind == "StatefulSet" {
				continue
			}
			s += " " + v.Name + "<"
			if len(v.Sources) == 1 {
				s += v.Sources[0].ConfigMap
			}
		}
		all = append(all, s)
	}
	return all
}

func words(values []Value) (all []string) {
	for _, v := range values {
		all = append(all, v.Text)
	}
	return all
}
