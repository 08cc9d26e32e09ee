package bundle

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/wp502lint/wp502lint/diagnose"
)

// diagnosis returns d with the parts of logs masked.
func (m *masker) diagnosis(d *diagnose.Diagnosis) *diagnose.Diagnosis {
	if d == nil {
		return &diagnose.Diagnosis{}
	}
	masked := *d
	masked.Incidents = nil
	for _, i := range d.Incidents {
		i := *i
		i.Lines, i.URLs = slices.Clone(i.Lines), slices.Clone(i.URLs)
		for n := range i.Lines {
			i.Lines[n].Text = m.line(i.Lines[n])
		}
		for n := range i.URLs {
			i.URLs[n].Path = m.path(i.URLs[n].Path)
		}
		masked.Incidents = append(masked.Incidents, &i)
	}
	return &masked
}

// json masks each string of a text in JSON by mask.
func (m *masker) json(text []byte, mask func(string) string) []byte {
	if m.off {
		return text
	}
	var b bytes.Buffer
	for {
		start := bytes.IndexByte(text, '"')
		if start < 0 {
			b.Write(text)
			return b.Bytes()
		}
		end := start + 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(text))
		b.Write(text[:start])
		b.Write(literal(text[start:end], mask))
		text = text[end:]
	}
}

// literal masks one string of JSON. One that has nothing to mask stays as it is written.
func literal(written []byte, mask func(string) string) []byte {
	var s string
	if json.Unmarshal(written, &s) != nil {
		return written
	}
	masked := mask(s)
	if masked == s {
		return written
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(masked) != nil {
		return written
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
