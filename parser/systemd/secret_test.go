package systemd

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func TestSecrets(t *testing.T) {
	f := file("a", `[Service]
Environment=DB_PASSWORD=a "A_KEY=b c" X=d Y_KEY=$aB Z_KEY=$A
Environment='API_TOKEN=e'
PassEnvironment=HOME
SetCredential=db:f g
ExecStart=/usr/sbin/php-fpm -d mysqli.default_pw=h \
  --token=i --api-key j --pass-through -k
KeyringMode=private
`)
	Load("a.service", []*source.File{f})
	want := `[Service]
Environment=DB_PASSWORD=… "A_KEY=…" X=d Y_KEY=… Z_KEY=$A
Environment='API_TOKEN=…'
PassEnvironment=HOME
SetCredential=db:…
ExecStart=/usr/sbin/php-fpm -d mysqli.default_pw=… \
  --token=… --api-key … --pass-through -k
KeyringMode=private
`
	if got := f.Span(0, len(f.Text)).Masked(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
