package kubernetes

import (
	"fmt"
	"reflect"
	"testing"
)

func TestSelects(t *testing.T) {
	s := &Service{Namespace: "default", Selector: map[string]string{"app": "php"}}
	for _, tt := range []struct {
		pod  Pod
		want bool
	}{
		{Pod{Labels: map[string]string{"app": "php", "tier": "a"}}, true},
		{Pod{Labels: map[string]string{"app": "web"}}, false},
		{Pod{Namespace: "shop", Labels: map[string]string{"app": "php"}}, false},
		{Pod{}, false},
	} {
		if got := s.Selects(&tt.pod); got != tt.want {
			t.Errorf("%v: %t", tt.pod.Labels, got)
		}
	}
	if new(Service).Selects(&Pod{}) {
		t.Error("a Service without a selector selects a pod")
	}
}

func TestPortsOn(t *testing.T) {
	p := &Pod{Containers: []*Container{{Ports: []Port{{Name: "fcgi", Number: 9000}, {Name: "dns", Number: 53, Protocol: "UDP"}}}}}
	s := &Service{Ports: []ServicePort{
		{Port: 80, Target: Value{Text: "fcgi"}}, {Port: 81, Target: Value{Text: "9001"}}, {Port: 82}, {Port: 83, Target: Value{Text: "none"}}, {Port: 84, Protocol: "UDP"}, {Port: 85, Target: Value{Text: "dns"}},
	}}
	for port, want := range map[int][]int{80: {9000}, 81: {9001}, 82: {82}, 83: nil, 84: nil, 85: nil, 86: nil} {
		if got := s.PortsOn(p, port); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: got %v, want %v", port, got, want)
		}
	}
	s.Headless = true
	if got := s.PortsOn(p, 80); !reflect.DeepEqual(got, []int{80}) {
		t.Errorf("headless: got %v, want [80]", got)
	}
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		own, host, from string
		want            bool
	}{
		{"", "php", "", true}, {"", "PHP", "default", true}, {"", "php.any", "", true}, {"", "php.any.svc", "", true}, {"", "php.default.svc.cluster.local", "", true},
		{"", "php.", "", false}, {"", "php.a.svc.", "", false}, {"", "php.a.svc.cluster.local.", "", true}, {"", "php-fpm", "", false}, {"", "php.a.b", "", false},
		{"shop", "php", "", false}, {"shop", "php", "shop", true}, {"shop", "php.shop", "", true}, {"shop", "php.other", "shop", false},
	} {
		s := &Service{Name: "php", Namespace: tt.own}
		if got := s.Answers(tt.host, tt.from); got != tt.want {
			t.Errorf("%s in %q from %q: %t", tt.host, tt.own, tt.from, got)
		}
	}
}

func TestNames(t *testing.T) {
	headless := &Service{Name: "db", Namespace: "shop", Headless: true, Selector: map[string]string{"a": "b"}}
	labels := map[string]string{"a": "b"}
	for _, tt := range []struct{ got, want any }{
		{headless.Names("shop"), []string{"db", "db.shop", "db.shop.svc", "db.shop.svc.cluster.local"}},
		{headless.Names(""), []string{"db.shop", "db.shop.svc", "db.shop.svc.cluster.local"}},
		{(&Service{Name: "a"}).FullName(), "a.default.svc.cluster.local"},
		{fmt.Sprint(headless.PodNames(&Pod{Kind: "StatefulSet", Name: "n", Namespace: "shop", ServiceName: "db", Replicas: 2, Labels: labels}, "shop")),
			"[n-0.db n-0.db.shop n-0.db.shop.svc n-0.db.shop.svc.cluster.local n-1.db n-1.db.shop n-1.db.shop.svc n-1.db.shop.svc.cluster.local]"},
		{headless.PodNames(&Pod{Hostname: "h", Subdomain: "db", Namespace: "shop", Labels: labels}, "")[0], "h.db.shop"},
		{headless.PodNames(&Pod{Namespace: "shop", Labels: labels}, ""), []string(nil)},
		{headless.PodNames(&Pod{Hostname: "h", Subdomain: "db", Namespace: "shop"}, ""), []string(nil)},
	} {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("got  %v\nwant %v", tt.got, tt.want)
		}
	}
}

func TestExpand(t *testing.T) {
	values := map[string]string{"A": "1", "E": ""}
	for text, want := range map[string]string{
		"": "", "a": "a", "$(A)": "1", "x$(A)y$(E)z": "x1yz", "$(B)": "$(B)", "$$(A)": "$(A)", "$$$(A)": "$1", "$A": "$A", "$(A": "$(A", "$": "$", "$$": "$", "$()": "$()", "$($(A)": "$($(A)",
	} {
		if got := Expand(text, func(name string) (string, bool) { v, ok := values[name]; return v, ok }); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
