package diagnose

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/logs"
)

// read adds the lines of a log.
func readLog(t testing.TB, v *Evidence, name, text string) {
	t.Helper()
	stats, err := logs.Read(strings.NewReader(text), name, logs.Options{Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}, v.Add)
	if err != nil {
		t.Fatal(err)
	}
	v.Close(name, stats)
}

const cutRequest = ` [error] 7#7: *%d recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.7, server: blog.example, request: "GET /cart.php HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "blog.example"`

func TestKeep(t *testing.T) {
	var v Evidence
	var errors strings.Builder
	for i, at := range []string{"03:12:33", "03:12:34", "03:40:00"} {
		fmt.Fprintf(&errors, "2026/11/26 %s"+cutRequest+"\n", at, i)
	}
	readLog(t, &v, "error.log", errors.String())
	readLog(t, &v, "kern.log", `Nov 26 03:12:33 web kernel: [1234.5] Tasks state (memory values in pages):
Nov 26 03:12:33 web kernel: [1234.5] [   1234]    33  1234   120222    60111   720896        0             0 php-fpm8.3
Nov 26 03:12:33 web kernel: [1234.5] [    800]   110   800   920222   160111  1720896        0             0 mysqld
Nov 26 03:12:33 web kernel: [1234.6] Out of memory: Killed process 1234 (php-fpm8.3) total-vm:512340kB, anon-rss:201344kB, file-rss:20480kB, shmem-rss:30720kB, UID:33 pgtables:640kB oom_score_adj:0
[   99.250000] php-fpm8.3[1300]: segfault at 18 ip 00007f826caa3710 sp 00007ffd17107eb0 error 4 in redis.so[7f826ca81000+8f000]
`)
	readLog(t, &v, "php-fpm.log", `[26-Nov-2026 03:12:33] WARNING: [pool www] child 1234 exited on signal 9 (SIGKILL) after 15.1 seconds from start
[26-Nov-2026 03:13:33] NOTICE: [pool www] child 1235 exited with code 0 after 15.1 seconds from start
`)
	k := v.Keep()
	if len(k.Requests) != 1 || k.Requests[0].Count != 3 || len(k.Requests[0].Lines) != 3 || k.Requests[0].Lines[0].When != "2026-11-26 03:12:33" || k.Requests[0].Last != "2026-11-26 03:40:00" {
		t.Errorf("requests: %+v", k.Requests)
	}
	if len(k.Deaths) != 2 || k.Deaths[0].When != "2026-11-26 03:12:33" || k.Deaths[1].When != "99 s after the start of the machine" {
		t.Errorf("deaths: %+v", k.Deaths)
	}
	if len(k.Signals) != 1 || !strings.Contains(k.Signals[0].Text, "SIGKILL") {
		t.Errorf("signals: %+v", k.Signals)
	}
	if len(k.Processes) != 3 || k.Processes[0].PHP() || k.Processes[1].RSS != 60111*4096 || !k.Processes[1].PHP() || !k.Processes[2].Killed {
		t.Errorf("processes: %+v", k.Processes)
	}
	if len(k.Spells) != 2 || k.Spells[0].Count != 2 || k.Spells[1].First.Format(time.TimeOnly) != "03:40:00" {
		t.Errorf("spells: %+v", k.Spells)
	}
}
