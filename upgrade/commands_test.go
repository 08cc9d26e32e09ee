package upgrade_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

// does returns what the commands of a plan do.
func does(p *upgrade.Plan) []string { return words(p.Commands) }

func words(commands []upgrade.Command) (list []string) {
	for _, c := range commands {
		list = append(list, strings.TrimSpace(c.Do+" "+c.What))
	}
	return list
}

// TestCommands compares the order of the commands.
func TestCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		host map[string]string
		o    upgrade.Options
		want []string
	}{
		"nothing new for PHP-FPM": {want: []string{"test php8.4-fpm", "enable php8.4-fpm", "start php8.4-fpm", "test nginx", "reload nginx", "wait nginx", "check"}},
		"a new pool, and the old service goes": {
			host: map[string]string{"/etc/php/8.2/fpm/pool.d/b.conf": pool("b", "/run/php/b.sock")}, o: upgrade.Options{DropOld: true},
			want: []string{"test php8.4-fpm", "enable php8.4-fpm", "restart php8.4-fpm", "test nginx", "reload nginx", "wait nginx", "check", "stop php8.2-fpm", "disable php8.2-fpm"},
		},
		"a new pool, and a site that uses the new version": {
			host: map[string]string{"/etc/php/8.2/fpm/pool.d/b.conf": pool("b", "/run/php/b.sock"), "/etc/nginx/sites-enabled/c": site("c.example", "unix:/run/php/php8.4-fpm.sock")},
			want: []string{"test php8.4-fpm", "enable php8.4-fpm", "reload-or-restart php8.4-fpm", "wait php8.4-fpm", "test nginx", "reload nginx", "wait nginx", "check"},
		},
		"nothing passes to it": {host: map[string]string{"/etc/nginx/sites-enabled/a.example": site("a.example", "unix:/run/php/php8.4-fpm.sock")}},
	} {
		if got := does(plan(t, tree.Memory(with(tt.host)), tt.o)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// What undoes the commands reads the units again if a drop-in of one goes with the files.
func TestBack(t *testing.T) {
	host := tree.Memory(with(map[string]string{"/etc/systemd/system/php8.2-fpm.service.d/a.conf": "[Service]\nLimitNOFILE=65536\n"}))
	want := []string{"daemon-reload", "enable php8.2-fpm", "start php8.2-fpm", "test nginx", "reload nginx", "wait nginx", "restart php8.4-fpm"}
	if got := words(plan(t, host, upgrade.Options{DropOld: true}).Back); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := words(plan(t, tree.Memory(debian()), upgrade.Options{}).Back); slices.Contains(got, "daemon-reload") {
		t.Errorf("got %q without a drop-in", got)
	}
}
