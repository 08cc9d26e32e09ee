package apache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/source"
)

// host is a virtual host as control panels write it, of 30 lines.
func host(i int) string {
	return fmt.Sprintf(`# site %[1]d
<VirtualHost *:80>
    ServerName site%[1]d.example.org
    ServerAlias www.site%[1]d.example.org
    ServerAdmin webmaster@site%[1]d.example.org
    DocumentRoot "/var/www/site%[1]d/public"
    DirectoryIndex index.php index.html
    ErrorLog ${APACHE_LOG_DIR}/site%[1]d.error.log
    CustomLog ${APACHE_LOG_DIR}/site%[1]d.access.log combined

    <Directory "/var/www/site%[1]d/public">
        Options -Indexes +FollowSymLinks
        AllowOverride All
        Require all granted
    </Directory>

    <IfModule mod_rewrite.c>
        RewriteEngine On
        RewriteCond %%{HTTPS} off
        RewriteRule ^ https://%%{HTTP_HOST}%%{REQUEST_URI} [R=301,L]
    </IfModule>

    <FilesMatch "\.(?:php|phtml)$">
        SetHandler "proxy:unix:/run/php/site%[1]d.sock|fcgi://localhost"
    </FilesMatch>

    Header always set X-Content-Type-Options "nosniff"
    SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1
</VirtualHost>
`, i)
}

func hosting(n int) (main string, d *disk) {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("/etc/apache2/sites-enabled/site%d.conf", i)] = host(i)
	}
	d = newDisk(files)
	d.env = map[string]string{"APACHE_LOG_DIR": "/var/log/apache2"}
	return "LoadModule rewrite_module mod_rewrite.so\nIncludeOptional sites-enabled/*.conf\n", d
}

func BenchmarkLoad(b *testing.B) {
	text, d := hosting(1000)
	size := int64(len(text))
	for _, text := range d.files {
		size += int64(len(text))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if c := Load(&source.File{Name: main, Text: text}, d); len(c.Problems) > 0 || len(c.Directives) < 1000 {
			b.Fatal(dumpProblems(c.Problems))
		}
	}
}

func BenchmarkSecrets(b *testing.B) {
	src := &source.File{Name: main, Text: strings.Repeat(host(1), 1000)}
	c := Load(src, newDisk(nil))
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		c.Main.Parsed.Secrets()
	}
}

func TestAllocations(t *testing.T) {
	text, d := hosting(50)
	Load(&source.File{Name: main, Text: text}, d) // opens the files
	n := 0
	allocations := testing.AllocsPerRun(5, func() { n = count(Load(&source.File{Name: main, Text: text}, d).Directives) })
	if each := allocations / float64(n); each > 0.8 {
		t.Errorf("%.2f allocations a directive, want at most 0.8", each)
	}
}

func count(list []*Directive) (n int) {
	for _, d := range list {
		n += 1 + count(d.Children)
	}
	return n
}

// hostile are texts that would take much time or memory.
var hostile = map[string]string{
	"sections":   strings.Repeat("<A b>\n", 200_000),
	"conditions": strings.Repeat("<IfModule mod_so.c>\n", 200_000),
	"skipped":    strings.Repeat("<IfModule x>\n", 200_000),
	"ends":       strings.Repeat("<A b>\n</B>\n", 100_000),
	"line":       "A " + strings.Repeat("b ", 9<<20),
	"joined":     "A " + strings.Repeat("b\\\n", 1<<20),
	"quotes":     "A " + strings.Repeat(`"\"`, 1<<20),
	"variables":  "Define A aaaaaaaaaa\n" + strings.Repeat("Define A ${A}${A}\n", 64) + "B ${A}\n",
	"open":       strings.Repeat("A ${", 1<<20),
	"uses":       macroModule + bomb(40),
	"macro":      macroModule + "<Macro m $a>\n" + strings.Repeat("A $a $a $a\n", 10_000) + "</Macro>\n" + strings.Repeat("Use m x\n", 10_000),
	"includes":   strings.Repeat("Include "+main+"\n", 100),
	"bombs":      strings.Repeat("Include bomb1.conf\n", 8),
	"directives": strings.Repeat("a\n", 600_000),
	"comments":   strings.Repeat("#\n", 1<<20),
	"marks":      strings.Repeat("{{ a }} <% b\n", 200_000),
	"names":      strings.Repeat("{{", 1<<20),
}

// bomb returns macros each of which uses the one before twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("<Macro m0>\nA\n</Macro>\n")
	for i := range n {
		fmt.Fprintf(&b, "<Macro m%d>\nUse m%d\nUse m%[2]d\n</Macro>\n", i+1, i)
	}
	fmt.Fprintf(&b, "Use m%d\n", n)
	return b.String()
}

func TestHostile(t *testing.T) {
	files := map[string]string{}
	for i := range 40 {
		files[fmt.Sprintf("/etc/apache2/bomb%d.conf", i+1)] = strings.Repeat(fmt.Sprintf("Include bomb%d.conf\n", i+2), 8)
	}
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			d := newDisk(files)
			d.files[main] = text
			start := time.Now()
			c := Load(&source.File{Name: main, Text: text}, d)
			c.Main.Secrets()
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%v", took)
			}
			t.Logf("%v, %d directives, %d problems, %d unread", time.Since(start), count(c.Directives), len(c.Problems), len(c.Unread))
			if len(c.Problems) > maxProblems*len(c.Files)+1 {
				t.Errorf("%d problems", len(c.Problems))
			}
		})
	}
}
