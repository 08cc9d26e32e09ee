package source

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// words are the secrets of a file: every place of some words.
type words struct {
	f    *File
	list []string
}

func (w words) Secrets() (all []Span) {
	for _, word := range w.list {
		if i := strings.Index(w.f.Text, word); i >= 0 {
			all = append(all, w.f.Span(i, i+len(word)))
		}
	}
	return all
}

// A secret in a text is one in what the text was made from.
func TestSecretsOfDerived(t *testing.T) {
	conf := &File{Name: "/conf", Text: "key = hunter2\nuser = www\n"}
	env := &File{Name: "/.env", Text: "PASS=aGFsbG8=\nHOST=php\n"}
	value := env.Span(5, 13)
	middle := Join(Whole(conf), Text{"pass = ", nil}, Made("hallo", value), Text{"\n", nil}).File("/middle")
	stage := Whole(middle).File("/stage")
	again := Whole(conf).File("/again")
	var group sync.WaitGroup
	for _, f := range []*File{stage, again} {
		group.Go(func() { f.Parsed = words{f, []string{"hunter2", "hallo"}} })
	}
	for range 10 {
		group.Go(func() { Whole(conf).File("/more") })
	}
	group.Wait()
	conf = &File{Name: conf.Name, Text: conf.Text, Parsed: nil}
	conf.Adopt(again.Pieces[0].From.File)
	for _, test := range []struct {
		f    *File
		want string
	}{{middle, "[6:13 32:37]"}, {conf, "[6:13]"}, {env, "[5:13]"}} {
		var got []string
		for _, s := range test.f.Secrets() {
			if s.File != test.f {
				t.Errorf("%s: a secret of %s", test.f.Name, s.File.Name)
			}
			got = append(got, fmt.Sprintf("%d:%d", s.Start, s.End))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: secrets %v, want %s", test.f.Name, got, test.want)
		}
	}
	if got := conf.Span(0, 14).Masked(); got != "key = …\n" {
		t.Errorf("masked: %q", got)
	}
}
