package apachet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// Many virtual hosts have the same few directives, each of which one loaded module brings.
func BenchmarkCheck(b *testing.B) {
	var text strings.Builder
	text.WriteString(heading)
	for i := range 1000 {
		fmt.Fprintf(&text, `<VirtualHost *:80>
	ServerName s%[1]d.test
	DocumentRoot /srv/s%[1]d
	<Directory /srv/s%[1]d>
		Options FollowSymLinks
		AllowOverride None
		Require all granted
	</Directory>
	<FilesMatch "\.php$">
		SetHandler "proxy:unix:/run/s%[1]d.sock|fcgi://localhost"
	</FilesMatch>
</VirtualHost>
`, i)
	}
	c, facts := loaded(b, tree.Memory(map[string]string{main: text.String()}), main)
	b.ReportAllocs()
	for b.Loop() {
		if r := Check(c, facts); r != nil {
			b.Fatalf("%+v", r)
		}
	}
}
