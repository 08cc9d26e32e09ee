package logs

import (
	"encoding/json"
	"strings"
)

// entry is the fields of an object of JSON in a log, as texts.
type entry map[string]string

// get returns the first of the fields that is set.
func (e entry) get(names ...string) string {
	for _, name := range names {
		if v := e[name]; v != "" {
			return v
		}
	}
	return ""
}

// object reads a line that is an object of JSON: of Docker, the journal, cloudflared, an access
// log, or what somebody put into one.
func (h *head) object(o *Options) {
	h.quoted = true
	e := entry{}
	if !e.read(h.text, 0) {
		e.readCut(h.text)
		if _, ok := e.access(); !ok {
			h.text = inString(h.text)
			return
		}
	}
	e.stamp(h, o)
	if name := e.get("CONTAINER_NAME", "_SYSTEMD_UNIT"); h.writer == "" && name != "init.scope" {
		h.writer = name
	}
	if tag := e.get("SYSLOG_IDENTIFIER", "_COMM"); tag != "" {
		h.tagged(tag, programTagged(tag))
	}
	switch text := e.get("log", "MESSAGE", "line"); {
	case text != "":
		h.text = strings.TrimRight(text, "\r\n")
	case e.cloudflared():
		h.by = byCloudflared
		h.text = e.cloudflaredText()
	default:
		h.entry = &e
		if _, ok := e.access(); !ok {
			h.text, h.entry = e.longest(), nil
		}
	}
}

// read reads the fields of an object, and those of the objects that it has, as Caddy writes.
func (e entry) read(text string, depth int) bool {
	if e.quick(text) {
		return true
	}
	clear(e)
	return e.thorough(text, depth)
}

// thorough is read for any object.
func (e entry) thorough(text string, depth int) bool {
	var raw map[string]json.RawMessage
	if json.NewDecoder(strings.NewReader(text)).Decode(&raw) != nil {
		return false
	}
	for name, value := range raw {
		switch value[0] {
		case '"':
			var s string
			if json.Unmarshal(value, &s) == nil {
				e[name] = s
			}
		case '{':
			if depth == 0 {
				inner := entry{}
				inner.thorough(string(value), 1)
				for name, s := range inner {
					if e[name] == "" {
						e[name] = s
					}
				}
			}
		case '[':
			var bytes []byte // the journal writes a text that is not UTF-8 so
			var numbers []int
			if name == "MESSAGE" && json.Unmarshal(value, &numbers) == nil {
				for _, n := range numbers {
					bytes = append(bytes, byte(n))
				}
				e[name] = string(bytes)
			}
		case 'n':
		default:
			e[name] = string(value)
		}
	}
	return true
}

// readCut reads the members of an object that was cut, but for the last one.
func (e entry) readCut(text string) {
	if i := strings.LastIndex(text, `,"`); i > 0 {
		e.read(text[:i]+"}", 0)
	}
}

// stamp takes the time of an entry.
func (e entry) stamp(h *head, o *Options) {
	if v := e.get("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"); len(v) > 6 {
		if whole, ns, n := seconds(v[:len(v)-6] + "." + v[len(v)-6:]); n > 0 {
			h.take(sinceEpoch(whole, ns))
			return
		}
	}
	for _, name := range [...]string{"time", "ts", "timestamp", "@timestamp", "time_iso8601", "date", "datetime", "time_local", "msec", "StartUTC", "EdgeStartTimestamp"} {
		v := e[name]
		if s, n := o.isoTime(v); n > 0 {
			h.take(s)
			return
		}
		if s, n := o.dayTime(strings.TrimPrefix(v, "[")); n > 0 {
			h.take(s)
			return
		}
		if digitsOnly(v) && len(v) >= 9 { // maybe with milliseconds or nanoseconds
			v = v[:min(len(v), 10)] + "." + v[min(len(v), 10):] + "0"
		}
		if whole, ns, n := seconds(v); n == len(v) && n > 0 && whole > 1e8 {
			h.take(sinceEpoch(whole, ns))
			return
		}
	}
}

// cloudflared reports whether cloudflared wrote the entry.
func (e entry) cloudflared() bool {
	if e["message"] == "" && e["error"] == "" || e["level"] == "" {
		return false
	}
	return e.get("originService", "connIndex", "tunnelID", "ingressRule") != "" || strings.Contains(e["error"]+e["message"], "origin service") ||
		strings.Contains(e["message"], "tunnel") || strings.Contains(e["error"]+e["message"], "edge")
}

// cloudflaredText returns an entry in the form that cloudflared writes without JSON.
func (e entry) cloudflaredText() string {
	level := "INF"
	switch e["level"] {
	case "error", "fatal", "panic":
		level = "ERR"
	case "warn":
		level = "WRN"
	case "debug":
		level = "DBG"
	}
	text := level + " " + e["message"]
	if e["error"] != "" {
		text += ` error="` + e["error"] + `"`
	}
	for _, name := range [...]string{"connIndex", "dest", "event", "ingressRule", "ip", "originService", "type"} {
		if e[name] != "" {
			text += " " + name + "=" + e[name]
		}
	}
	return text
}

// longest returns the longest field.
func (e entry) longest() string {
	best := ""
	for name, s := range e {
		if name != "" && (len(s) > len(best) || len(s) == len(best) && s < best) {
			best = s
		}
	}
	return best
}

// member reads a line that is one member of an object, as in an object that is spread over
// lines: "MESSAGE" : "text",.
func (h *head) member() {
	n := span(h.text[1:], "_-.@") + 1
	rest, ok := strings.CutPrefix(h.text[n:], `"`)
	if !ok || n == 1 {
		return
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), ":")
	if !ok {
		return
	}
	if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), `"`); ok {
		rest = strings.TrimSuffix(strings.TrimRight(rest, " ,\r"), `"`)
		h.text, h.quoted = unquoted.Replace(rest), true
	}
}

// inString returns the text of a line in an object of JSON that was cut.
func inString(text string) string {
	for _, name := range [...]string{`"log"`, `"MESSAGE"`, `"message"`, `"line"`, `"msg"`, `"text"`} {
		if _, rest, ok := strings.Cut(text, name); ok {
			rest = strings.TrimLeft(rest, " :")
			return unquoted.Replace(strings.TrimPrefix(rest, `"`))
		}
	}
	return strings.TrimLeft(text, "{ ")
}

// edgeStatus is the status of the client in a log of Cloudflare (the field of its dataset of HTTP
// requests). OriginResponseStatus is 0 if the origin gave no answer.
const edgeStatus = "EdgeResponseStatus"

// OfCloudflare reports whether a line is one of Cloudflare's log of requests.
func (e *Event) OfCloudflare() bool {
	return e.Row == nil && strings.Contains(e.Text, `"`+edgeStatus+`"`)
}

// access reads an entry of an access log.
func (e entry) access() (r Request, ok bool) {
	r.Status = number(e.get("status", "status_code", "response_code", "response_status", "DownstreamStatus", edgeStatus))
	if r.Status < 100 || r.Status > 599 {
		return r, false
	}
	r.Client = e.get("remote_addr", "client", "client_ip", "remote_ip", "clientip", "ip", "ClientHost", "ClientIP")
	r.Host = e.get("http_host", "host", "vhost", "server_name", "RequestHost", "ClientRequestHost")
	r.Server = e.get("server_name", "vhost", "host", "http_host", "RequestHost", "ClientRequestHost")
	r.Method = e.get("method", "request_method", "verb", "RequestMethod", "ClientRequestMethod")
	r.URI = e.get("request_uri", "uri", "url", "path", "RequestPath", "ClientRequestURI", "ClientRequestPath")
	if line := e.get("request", "req"); line != "" {
		method, uri := requestLine(line)
		if r.Method == "" {
			r.Method = method
		}
		if r.URI == "" {
			r.URI = uri
		}
	}
	r.Upstream = e.get("upstream_addr", "upstream")
	r.UpstreamStatus = e.get("upstream_status", "OriginStatus", "OriginResponseStatus")
	return r, r.Method != "" || r.URI != "" || r.Client != ""
}
