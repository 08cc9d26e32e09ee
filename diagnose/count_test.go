package diagnose

import (
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/logs"
)

// read returns what Run makes of logs, whose names precede them.
func read(t *testing.T, files ...string) *Diagnosis {
	t.Helper()
	v := &Evidence{}
	for i := 0; i < len(files); i += 2 {
		s, err := logs.Read(strings.NewReader(files[i+1]), files[i], logs.Options{Now: time.Now(), Zone: time.UTC}, v.Add)
		if err != nil {
			t.Fatal(err)
		}
		v.Close(files[i], s)
	}
	return Run(v, nil)
}

// failed returns a line of nginx about a request over a connection, which went to a port.
func failed(connection, port string) string {
	return "2026/11/28 10:00:00 [error] 7#7: *" + connection + " connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: blog.example, " +
		"request: \"GET /index.php HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:" + port + "\", host: \"blog.example\"\n"
}

const fatal = "PHP message: PHP Fatal error:  Uncaught Error: Call to undefined function nowhere() in /var/www/blog/index.php:1"

// A request is counted once, however many lines are about it.
func TestCount(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  int
	}{
		{"a client keeps its connection", []string{"error.log", strings.Repeat(failed("1", "9001"), 6)}, 6},
		{"each request has its connection", []string{"error.log", failed("1", "9001") + failed("2", "9001")}, 2},
		{"nginx tries another address", []string{"error.log", failed("1", "9001") + failed("1", "9002")}, 1},
		{"nginx tries two addresses for each request", []string{"error.log", strings.Repeat(failed("1", "9001")+failed("1", "9002"), 3)}, 3},
		{"requests take turns", []string{"error.log", failed("1", "9001") + failed("2", "9001") + failed("1", "9002") + failed("2", "9002")}, 2},
		{"the log was rotated meanwhile", []string{"error.log", failed("1", "9002"), "error.log.1", failed("1", "9001")}, 1},
		{"nginx and PHP-FPM log what a script writes", []string{
			"error.log", `2026/11/28 10:00:00 [error] 7#7: *1 FastCGI sent in stderr: "` + fatal + `" while reading response header from upstream, client: 192.0.2.1` + "\n",
			"fpm.log", `[28-Nov-2026 10:00:00] WARNING: [pool www] child 12 said into stderr: "NOTICE: ` + fatal + `"` + "\n",
		}, 1},
		{"only PHP-FPM logs it", []string{"fpm.log", `[28-Nov-2026 10:00:00] WARNING: [pool www] child 12 said into stderr: "NOTICE: ` + fatal + `"` + "\n"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := 0
			for _, i := range read(t, test.files...).Incidents {
				got += i.Count
			}
			if got != test.want {
				t.Errorf("got %d requests, want %d", got, test.want)
			}
		})
	}
}
