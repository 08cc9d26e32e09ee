package ini

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// poolText is a typical pool: some comments, 12 settings.
const poolText = `; The pool of the shop.
[shop]
user = shop
group = shop
listen = /run/php/shop.sock
listen.owner = www-data
listen.mode = 0660
; Children.
pm = dynamic
pm.max_children = 20
pm.start_servers = 4
pm.min_spare_servers = 2 ; not less
pm.max_spare_servers = 6
catch_workers_output = yes
php_admin_value[memory_limit] = 256M
env[PATH] = "/usr/local/bin:/usr/bin:/bin"
`

func BenchmarkParse(b *testing.B) {
	for _, bb := range []struct {
		name string
		mode Mode
		text string
	}{
		{"pool", LineMode, poolText},
		{"1MB", LineMode, strings.Repeat(poolText, 1<<20/len(poolText))},
		{"1MB-whole", FileMode, strings.Repeat(poolText, 1<<20/len(poolText))},
		{"1MB-comments", FileMode, strings.Repeat("; "+strings.Repeat("word ", 14)+"\n", 1<<20/73)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			src := &source.File{Name: "/f", Text: bb.text}
			for b.Loop() {
				Parse(src, bb.mode)
			}
		})
	}
}
