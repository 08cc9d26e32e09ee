package dockerfile

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func TestSecrets(t *testing.T) {
	f := &source.File{Name: "/Dockerfile", Text: `ARG API_KEY=a
FROM a
ENV DB_PASSWORD b c
ENV A=b DB_PASSWORD="b c" \
    TOKEN=$TOKEN
ONBUILD ENV APP_SECRET d
RUN curl --password e https://f:g@h.example/
`}
	Parse(f)
	want := `ARG API_KEY=…
FROM a
ENV DB_PASSWORD …
ENV A=b DB_PASSWORD=… \
    TOKEN=$TOKEN
ONBUILD ENV APP_SECRET …
RUN curl --password … https://…@h.example/
`
	if got := f.Span(0, len(f.Text)).Masked(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
