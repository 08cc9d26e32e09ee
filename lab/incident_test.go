//go:build linux

package lab

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
)

// incident is a failure of a host that the lab stages from its beginning, for the logs that the
// servers write meanwhile, and what diagnose has to make of them.
type incident struct {
	name string

	// The configuration is that of the frame with these changes.
	swap  []string          // texts and their replacements, in pairs
	files map[string]string // by name
	// later are further replacements, with which the host is left: scene.change makes them while
	// the servers run.
	later []string

	// run lets it happen. The servers of the host have started, or have refused to.
	run func(s *scene) error

	// hidden are the names of logs that are not given.
	hidden []string
	// rows are the names of the signatures that the logs have to hold.
	rows []string
	// status is one that a client got; 0 if no request is sent. Without 502 it is a control.
	status int

	// cause is the ID of the cause that the first answer has to name, and or are others that are
	// as true.
	cause string
	or    []string
	// also is another cause that has to be in the list.
	also string
	// says is a word that the first answer has to hold, such as the name of an extension.
	says string
	// pids is set if the answer has to name the workers that died.
	pids bool
	// place is a text of the line of the configuration that has to be among the places of the
	// answer; "" for none.
	place string
}

// incidents are all incidents.
func incidents() []*incident {
	return slices.Concat(deaths(), restarts(), connections(), refusals(), origins(), controls(), partial(), rare())
}

// stageIncidents adds the incidents to the stages of the lab.
func stageIncidents() {
	for _, i := range incidents() {
		Stages[i.stage()] = &Stage{Condition: i.name, Run: i.play}
	}
}

func (i *incident) stage() string { return "incident " + i.name }

// control reports whether no client gets a 502.
func (i *incident) control() bool { return i.status != 502 }

// changed returns a text of the configuration with replacements. The error names one that
// replaces nothing.
func changed(texts map[string]string, swap []string) error {
	for n := 0; n < len(swap); n += 2 {
		found := false
		for name, text := range texts {
			if strings.Contains(text, swap[n]) {
				texts[name], found = strings.ReplaceAll(text, swap[n], swap[n+1]), true
			}
		}
		if !found {
			return fmt.Errorf("no file holds %q", swap[n])
		}
	}
	return nil
}

// texts returns the files of the host, by name: those with which it starts, or those that the
// incident leaves.
func (i *incident) texts(left bool) (map[string]string, error) {
	texts := cases.Frame().Texts()
	for name, text := range i.files {
		texts[name] = text
	}
	swap := i.swap
	if left {
		swap = slices.Concat(swap, i.later)
	}
	return texts, changed(texts, swap)
}

// host returns the host before the incident. Its servers write to the logs that its files name,
// as they do when systemd starts them.
func (i *incident) host(p Programs) (*Host, error) {
	texts, err := i.texts(false)
	if err != nil {
		return nil, err
	}
	c := &cases.Case{}
	c.NoFrame = true
	for name, text := range texts {
		c.Files = append(c.Files, cases.File{Name: name, Text: text})
	}
	h, err := NewHost(c, p)
	if err != nil {
		return nil, err
	}
	for n := range h.Masters {
		h.Masters[n].Args = slices.DeleteFunc(h.Masters[n].Args, func(arg string) bool { return arg == "--force-stderr" })
	}
	h.Stage, h.Patience = i.stage(), 3*patience // on a busy machine too
	return h, nil
}

// located returns the line of the configuration that is left which holds the text of i.place.
func (i *incident) located() (file string, line int, err error) {
	texts, err := i.texts(true)
	if err != nil || i.place == "" {
		return "", 0, err
	}
	found := 0
	for name, text := range texts {
		for n, one := range strings.Split(text, "\n") {
			if strings.Contains(one, i.place) {
				file, line = name, n+1
				found++
			}
		}
	}
	if found != 1 {
		err = fmt.Errorf("%d lines hold %q", found, i.place)
	}
	return file, line, err
}

// rowOf returns the row of the table that a line of a server is; nil for none.
func rowOf(by servers.Server, line string) *servers.Signature {
	for _, row := range servers.Signatures() {
		if row.By == by && row.Matches(line) {
			return row
		}
	}
	return nil
}

// The logs that the lab captures.
const (
	nginxErrors = "/var/log/nginx/error.log"
	nginxAccess = "/var/log/nginx/access.log"
	fpmLog      = "/var/log/php8.3-fpm.log"
	phpErrors   = "/var/log/php/errors.log"
	journalLog  = "/var/log/journal.txt" // what PHP-FPM wrote to standard error
	kernelLog   = "/var/log/kern.log"
)

// writers are the servers whose lines the logs hold. An access log has no rows.
var writers = map[string]servers.Server{nginxErrors: servers.Nginx, fpmLog: servers.FPM, journalLog: servers.FPM, kernelLog: servers.Kernel}

// rowsIn returns the names of the rows that logs hold, and one line of each.
func rowsIn(logs map[string]string) map[string]string {
	rows := map[string]string{}
	for name, text := range logs {
		by, ok := writers[name]
		if !ok {
			continue
		}
		for _, line := range linesOf(text) {
			if row := rowOf(by, line); row != nil {
				rows[row.Name] = line
			}
		}
	}
	return rows
}

// lacks returns the names of the rows that an incident is to write and logs do not hold.
func (i *incident) lacks(logs map[string]string) (missing []string) {
	rows := rowsIn(logs)
	for _, name := range i.rows {
		if _, ok := rows[name]; !ok {
			missing = append(missing, name)
		}
	}
	return missing
}
