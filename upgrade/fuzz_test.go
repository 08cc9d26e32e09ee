package upgrade_test

import (
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

// FuzzMake plans for hosts with any site, pool and php.ini. A plan that may be carried out leaves
// nothing to do: a second one is empty, and finds nothing that the first one did not.
func FuzzMake(f *testing.F) {
	f.Add(site("a.example", "unix:"+on82), pool("a", "/run/php/a.sock"), "memory_limit = 1G\n")
	f.Add("map $host $p { default unix:/run/php/a.sock; }\n"+site("a.example", "$p"), pool("a", "/run/php/$pool.sock")+pool("b", "127.0.0.1:9000"), "x[] = 8.2\n")
	f.Add("upstream u { server 127.0.0.1:9000; server unix:/run/php/a.sock backup; }\n"+site("a.example", "u"), "[a]\r\nlisten = 9000\r\nuser=www-data\r\npm=ondemand\r\npm.max_children=1\r\n[b]\nlisten=\"/run/php/a.sock\"\n", "")
	f.Add("set $v 8.2;\n"+site("a.example", "unix:/run/php/php$v-fpm.sock"), "include = x\n[www]\nlisten = /run/php/php8.2-fpm.sock", "[PATH=/srv]\nextension = redis\n")
	f.Fuzz(func(t *testing.T, block, pools, ini string) {
		host := tree.Memory(with(map[string]string{site82: block, "/etc/php/8.2/fpm/pool.d/a.conf": pools, "/etc/php/8.2/fpm/php.ini": ini}))
		o := upgrade.Options{Engine: engine.Options{Tree: host}, From: "8.2", To: "8.4"}
		p, err := upgrade.Make(o)
		if err != nil || !p.Holds() {
			return
		}
		o.Engine.Tree = tree.Amended(host, p.Files)
		again, err := upgrade.Make(o)
		if err != nil || again.Refused != "" || !again.Empty() {
			t.Errorf("a second plan: %v, refused %q, changes %q\nthe first changed %q", err, again.Refused, changed(again), changed(p))
		}
		if len(again.Before) > len(p.Before)+len(p.Brought) {
			t.Errorf("%d findings afterwards, %d before and %d brought", len(again.Before), len(p.Before), len(p.Brought))
		}
	})
}
