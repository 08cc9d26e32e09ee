package netaddr

import "testing"

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]Address{
		"127.0.0.1:9000":  {Network: TCP, Host: "127.0.0.1", Port: 9000, Last: 9000},
		"php":             {Network: TCP, Host: "php"},
		"[::1]:9000":      {Network: TCP, Host: "::1", Port: 9000, Last: 9000},
		"[::1]":           {Network: TCP, Host: "::1"},
		"UNIX:/run/a":     {Network: Unix, Path: "/run/a"},
		"unix:":           {Network: Unix, Refusal: NoPath},
		"::1:9000":        {Network: TCP, Refusal: InvalidPort},
		"127.0.0.1:0":     {Network: TCP, Host: "127.0.0.1", Refusal: InvalidPort},
		"127.0.0.1:65536": {Network: TCP, Host: "127.0.0.1", Refusal: InvalidPort},
		"php:9000/x":      {Network: TCP, Host: "php", Refusal: InvalidHost},
		"[::1":            {Network: TCP, Host: "::1", Refusal: InvalidHost},
		"[::1]9000":       {Network: TCP, Host: "::1", Port: 9000, Last: 9000, Refusal: InvalidHost},
		"[php]:9000":      {Network: TCP, Host: "php", Port: 9000, Last: 9000, Refusal: InvalidIPv6},
		"":                {Network: TCP, Refusal: NoHost},
		":9000":           {Network: TCP, Port: 9000, Last: 9000, Refusal: NoHost},
	} {
		want.Text = text
		if got := ParseAddress(text); got != want {
			t.Errorf("ParseAddress(%q)\n got %+v\nwant %+v", text, got, want)
		}
	}
}

func TestParseListen(t *testing.T) {
	for text, want := range map[string]Address{
		"80":             {Network: TCP, Host: "*", Port: 80, Last: 80},
		"8000-8010":      {Network: TCP, Host: "*", Port: 8000, Last: 8010},
		"8010-8000":      {Network: TCP, Host: "*", Port: 8010, Last: 8000, Refusal: InvalidPortRange},
		"0":              {Network: TCP, Host: "*", Refusal: InvalidPort},
		"*:81-82":        {Network: TCP, Host: "*", Port: 81, Last: 82},
		"[::]:443":       {Network: TCP, Host: "::", Port: 443, Last: 443},
		"[::]":           {Network: TCP, Host: "::", Port: 80, Last: 80},
		"localhost":      {Network: TCP, Host: "localhost", Port: 80, Last: 80},
		"localhost:x":    {Network: TCP, Host: "localhost", Refusal: InvalidPort},
		"/run/nginx":     {Network: TCP, Host: "/run/nginx", Port: 80, Last: 80, Refusal: InvalidHost},
		"unix:/run/a":    {Network: Unix, Path: "/run/a"},
		"-80":            {Network: TCP, Host: "-80", Port: 80, Last: 80},
		"127.0.0.1:80-x": {Network: TCP, Host: "127.0.0.1", Port: 80, Refusal: InvalidPort},
	} {
		want.Text = text
		if got := ParseListen(text); got != want {
			t.Errorf("ParseListen(%q)\n got %+v\nwant %+v", text, got, want)
		}
	}
}

func TestParsePool(t *testing.T) {
	for text, want := range map[string]Address{
		"9000":           {Network: TCP, Port: 9000, Last: 9000},
		"70000":          {Network: TCP},
		"127.0.0.1:9000": {Network: TCP, Host: "127.0.0.1", Port: 9000, Last: 9000},
		"h: +9000":       {Network: TCP, Host: "h", Port: 9000, Last: 9000},
		"[::1]:9000":     {Network: TCP, Host: "::1", Port: 9000, Last: 9000},
		"::1":            {Network: TCP, Host: ":", Port: 1, Last: 1},
		"unix:/run/a":    {Network: TCP, Host: "unix"},
		"/run/a":         {Network: Unix, Path: "/run/a"},
		"a.sock":         {Network: Unix, Path: "a.sock"},
	} {
		want.Text = text
		if got := ParsePool(text); got != want {
			t.Errorf("ParsePool(%q)\n got %+v\nwant %+v", text, got, want)
		}
	}
}

func TestSplitURL(t *testing.T) {
	type parts struct {
		scheme, address, uri string
		ok                   bool
	}
	for text, want := range map[string]parts{
		"http://app:8080/x?y":  {"http", "app:8080", "/x?y", true},
		"https://app":          {"https", "app", "", true},
		"http://app?y":         {"http", "app", "?y", true},
		"http://unix:/run/a:/": {"http", "unix:/run/a", "/", true},
		"http://Unix:/run/a":   {"http", "unix:/run/a", "", true},
		"app:8080/x":           {"", "app:8080", "/x", false},
	} {
		var got parts
		if got.scheme, got.address, got.uri, got.ok = SplitURL(text); got != want {
			t.Errorf("SplitURL(%q)\n got %+v\nwant %+v", text, got, want)
		}
	}
}
