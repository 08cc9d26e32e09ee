package logs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
)

// benchSize is the size of the logs of the benchmarks.
const benchSize = 32 << 20

// repeated returns lines of a form with numbers in it, up to a size.
func repeated(size int, forms ...string) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		form := forms[i%len(forms)]
		line := strings.ReplaceAll(form, "NN", fmt.Sprintf("%02d", i%60))
		b.WriteString(strings.ReplaceAll(line, "NUM", fmt.Sprint(i%7919)))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

const (
	accessForm = `203.0.113.9 - - [26/Nov/2026:13:19:NN +0000] "GET /shop/item-NUM/ HTTP/1.1" 200 5512 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"`
	jsonForm   = `{"time":"2026-11-26T13:42:NN+00:00","remote_addr":"203.0.113.20","host":"blog.example","method":"GET","uri":"/item-NUM.php","status":200,"bytes":111,"upstream_status":"200","ua":"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"}`
	quietForm  = `2026/11/26 02:00:NN [error] 1234#1234: *NUM open() "/var/www/blog.example/img/NUM.png" failed (2: No such file or directory), client: 203.0.113.9, server: blog.example, request: "GET /img/NUM.png HTTP/1.1", host: "blog.example"`
	phpForm    = `2026/11/26 02:00:NN [error] 1234#1234: *NUM FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $x in /var/www/blog.example/wp-content/plugins/a/a.php on line NUM" while reading response header from upstream, client: 203.0.113.9, server: blog.example, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "blog.example"`
	eventForm  = `2026/11/26 02:00:NN [error] 1234#1234: *NUM recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.9, server: blog.example, request: "GET /item-NUM.php HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "blog.example"`
	kernelForm = `Nov 26 13:20:NN web1 kernel: [463201.383105] eth0: link up, NUM Mbps, full duplex, flow control rx and tx, port NUM`
	dockerForm = `{"log":"203.0.113.25 - - [26/Nov/2026:13:30:NN +0000] \"GET /item-NUM HTTP/1.1\" 200 14 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Firefox/144.0\"\n","stream":"stdout","time":"2026-11-26T13:30:NN.100000644Z"}`
	fpmForm    = `[26-Nov-2026 13:19:NN] NOTICE: [pool www] child NUM exited with code 0 after 15.112240 seconds from start`
)

func BenchmarkRead(b *testing.B) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(repeated(benchSize, accessForm))
	z.Close()
	for _, of := range []struct {
		name string
		log  []byte
	}{
		{"access", repeated(benchSize, accessForm)},
		{"json", repeated(benchSize, jsonForm)},
		{"docker", repeated(benchSize, dockerForm)},
		{"errors", repeated(benchSize, quietForm)},
		{"php", repeated(benchSize, phpForm)},
		{"kernel", repeated(benchSize, kernelForm)},
		{"fpm", repeated(benchSize/4, fpmForm)},
		{"events", repeated(benchSize/4, eventForm)},
		{"gzip", packed.Bytes()},
	} {
		b.Run(of.name, func(b *testing.B) {
			size := len(of.log)
			if of.name == "gzip" {
				size = benchSize
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(bytes.NewReader(of.log), "log", Options{Now: now}, func(*Event) {}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	line := strings.ReplaceAll(strings.ReplaceAll(eventForm, "NN", "00"), "NUM", "7")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Parse(line, Options{Now: now}); !ok {
			b.Fatal("no event")
		}
	}
}
