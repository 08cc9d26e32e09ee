package report

import (
	"strings"
	"testing"
)

const markdownPage = "# WP201: socket-mismatch\n\nnginx passes `PHP` to a socket.\n\n## What you see\n\nnginx writes one of:\n\n```text\nconnect() failed\n\tand more\n```\n\nand 2 others, see [Log lines](#log-lines).\n\n" +
	"## Severity\n\n- Error, `502`, if every pool of the machine is known: the next PHP request is answered 502.\n- Note\n\n10. A point of the list that is quite wide\n\n## Sources\n\n- <https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_pass>\n"

const wantPageText = `WP201: socket-mismatch
  nginx passes 'PHP' to a socket.

What you see
  nginx writes one of:
    connect() failed
        and more

  and 2 others, see Log lines.

Severity
  - Error, '502', if every pool of the
    machine is known: the next PHP
    request is answered 502.
  - Note

  10. A point of the list that is quite
      wide

Sources
  - https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_pass
`

func TestPageText(t *testing.T) {
	var b strings.Builder
	if err := Page(&b, markdownPage, Options{Width: 40}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), strings.ReplaceAll(wantPageText, "'", "`"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b.Reset()
	if err := Page(&b, "# T\n\nuse `a b` now\x1b[2J\n", Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "\x1b[1mT\x1b[0m\n  use \x1b[1;36ma\x1b[0m \x1b[1;36mb\x1b[0m now\\x1b[2J\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
