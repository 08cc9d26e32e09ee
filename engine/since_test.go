package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/tree"
)

// since lints texts compared with others.
func since(t *testing.T, texts, before map[string]string) (*engine.Engine, *engine.Result) {
	t.Helper()
	e := open(t, engine.Options{Tree: tree.Memory(texts), Base: tree.Memory(before)})
	return e, e.Lint(nil)
}

// What a change does not touch is older, and what it breaks elsewhere is not.
func TestSince(t *testing.T) {
	same := shop()
	if _, r := since(t, same, shop()); len(r.Findings) > 0 || r.Older == 0 || r.Verdict != 0 && r.Verdict != lint.Unknown {
		t.Errorf("without a change: %q, %d older, %v", said(r), r.Older, r.Verdict)
	}
	fixed := with(shop(), siteFile, strings.ReplaceAll(site, "8.1", "8.3"))
	broken := with(shop(), siteFile, strings.ReplaceAll(site, "8.1", "8.3"), fpmFile, strings.ReplaceAll(shop()[fpmFile], "8.3", "8.1"))
	if _, r := since(t, broken, fixed); len(r.Findings) != 1 || r.Findings[0].Rule.ID != "WP201" || r.Findings[0].At.File.Name != fpmFile {
		t.Errorf("a pool that listens elsewhere: %q", said(r))
	}
	added := with(shop(), "/etc/nginx/sites/new.conf", strings.Replace(site, "{ ", "{ server_name new; ", 1))
	if _, r := since(t, added, shop()); len(r.Findings) != 1 || r.Findings[0].At.File.Name != "/etc/nginx/sites/new.conf" {
		t.Errorf("a new site: %q", said(r))
	}
	moved := with(shop(), siteFile, "", "/etc/nginx/sites/renamed.conf", site)
	if _, r := since(t, moved, shop()); len(r.Findings) > 0 || r.Older == 0 {
		t.Errorf("a renamed site: %q", said(r))
	}
	copied := with(shop(), "/etc/nginx/sites/renamed.conf", site)
	if _, r := since(t, copied, shop()); len(r.Findings) == 0 {
		t.Error("a copied site is older")
	}
}

// Without a finding the base is not read.
func TestSinceLazy(t *testing.T) {
	base := tree.Memory(shop())
	e := open(t, engine.Options{Base: base})
	if r := e.Lint(nil); len(r.Findings) > 0 || base.Opened() > 0 {
		t.Errorf("%q, %d files opened", said(r), base.Opened())
	}
	if r := e.Lint(shop()); len(r.Findings) > 0 || base.Opened() == 0 {
		t.Errorf("with texts that are those of the base: %q", said(r))
	}
}

// Fixes are made for what is reported, and what is older stays left out after them.
func TestSinceMend(t *testing.T) {
	second := strings.Replace(site, "{ ", "{ server_name second; ", 1)
	texts := with(shop(), "/etc/nginx/sites/second.conf", second)
	e, r := since(t, texts, shop())
	m := e.Mend(r)
	if len(r.Findings) != 1 || len(m.Changes) != 1 || m.Changes[0].Before.Name != "/etc/nginx/sites/second.conf" || len(m.Refused) > 0 {
		t.Errorf("%q: %d changes, refused %v", said(r), len(m.Changes), m.Refused)
	}
	if len(m.After.Findings) > 0 || m.After.Older != r.Older {
		t.Errorf("afterwards %q, %d older, before %d", said(m.After), m.After.Older, r.Older)
	}
}

// A baseline leaves out as well.
func TestSinceBaseline(t *testing.T) {
	added := with(shop(), "/etc/nginx/sites/new.conf", strings.Replace(site, "{ ", "{ server_name new; ", 1))
	all := open(t, engine.Options{Tree: tree.Memory(added)}).Lint(nil)
	_, some := since(t, added, shop())
	e := open(t, engine.Options{Tree: tree.Memory(added), Base: tree.Memory(shop()), Baseline: project.NewBaseline(some.Findings)})
	if r := e.Lint(nil); len(r.Findings) > 0 || r.Accepted != 1 || r.Older != len(all.Findings)-1 {
		t.Errorf("%q, %d accepted, %d older of %d", said(r), r.Accepted, r.Older, len(all.Findings))
	}
}

// Whatever changes: a finding is reported, or the base has it too and nothing about it changed;
// and nothing is reported that is not found without a base.
func TestSinceOfAnyChange(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2))
	reported, older := 0, 0
	for range 400 {
		recipe := make([]byte, 3+random.IntN(12))
		for i := range recipe {
			recipe[i] = byte(random.Uint32())
		}
		more := make([]byte, random.IntN(20))
		for i := range more {
			more[i] = byte(random.Uint32())
		}
		before, now := compose(recipe), compose(append(recipe, more...))
		if before.size()+now.size() > maxTree {
			continue
		}
		options := engine.Options{Tree: now.tree(), Paths: now.paths, Project: now.config()}
		all := open(t, options).Lint(nil)
		options.Tree = before.tree()
		was := open(t, options).Lint(nil)
		options.Tree, options.Base = now.tree(), before.tree()
		got := open(t, options).Lint(nil)
		left := maps.Clone(counts(all))
		for id, n := range counts(got) {
			if left[id] -= n; left[id] < 0 {
				t.Errorf("%s is reported too often", id)
			}
		}
		for _, f := range all.Findings {
			if left[f.Fingerprint] > 0 && !known(was, &f) {
				t.Errorf("left out, though new: %s %s in %s", f.Rule.ID, f.Message, f.At.File.Name)
			}
		}
		if got.Older+len(got.Findings) != len(all.Findings) {
			t.Errorf("%d and %d of %d findings", len(got.Findings), got.Older, len(all.Findings))
		}
		if len(more) == 0 && len(got.Findings) > 0 {
			t.Errorf("without a change: %q", said(got))
		}
		if t.Failed() {
			t.Fatal(fmt.Sprint(before, "\n==== now\n", now))
		}
		reported, older = reported+len(got.Findings), older+got.Older
	}
	if reported < 100 || older < 100 {
		t.Errorf("only %d findings are reported and %d older", reported, older)
	}
}

func counts(r *engine.Result) map[string]int {
	all := map[string]int{}
	for _, f := range r.Findings {
		all[f.Fingerprint]++
	}
	return all
}

// known reports whether r has a finding that is at least as bad, in a file with the same text if
// not with the same name.
func known(r *engine.Result, f *lint.Finding) bool {
	for _, g := range r.Findings {
		if g.Outcome > f.Outcome {
			continue
		}
		if g.Fingerprint == f.Fingerprint || g.Rule == f.Rule && !g.At.IsZero() && !f.At.IsZero() && g.At.Start == f.At.Start && g.At.File.Text == f.At.File.Text {
			return true
		}
	}
	return false
}
