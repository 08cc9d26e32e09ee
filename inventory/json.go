package inventory

import (
	"io"

	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// version is that of the format. It changes only when a field is removed or changes its
// meaning.
const version = 1

type (
	jsonInventory struct {
		Version  int           `json:"version"`
		Tool     jsonTool      `json:"tool"`
		Machines []jsonMachine `json:"machines"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonMachine struct {
		Name       string        `json:"name,omitempty"`
		Deployment string        `json:"deployment,omitempty"`
		Env        string        `json:"env,omitempty"` // the sample of a missing .env
		Place      *jsonPlace    `json:"place,omitempty"`
		Image      *jsonNamed    `json:"image,omitempty"`
		Servers    []jsonServer  `json:"servers"`
		Unknown    string        `json:"unknown,omitempty"`
		Others     bool          `json:"others"`
		Files      []jsonFile    `json:"files"`
		Unused     []string      `json:"unused"`
		Pools      []jsonPool    `json:"pools"`
		Names      []string      `json:"names"`
		Networks   []string      `json:"networks"`
		Shares     []string      `json:"shares"`
		OnHost     bool          `json:"onHost"`
		Gateways   []jsonGateway `json:"gateways"`
		Memory     *jsonMemory   `json:"memory,omitempty"`
		Doubts     []string      `json:"doubts"`
	}
	// jsonPlace is a place in the project, or in what Image brings.
	jsonPlace struct {
		File   string `json:"file,omitempty"` // relative to the current directory
		At     string `json:"at"`             // inside the root, or inside the image
		Image  string `json:"image,omitempty"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	jsonNamed struct {
		Name  string     `json:"name"`
		Place *jsonPlace `json:"place,omitempty"`
	}
	jsonServer struct {
		Program string     `json:"program"`
		Version string     `json:"version,omitempty"`
		Main    string     `json:"main"`
		ModPHP  bool       `json:"modPHP,omitempty"` // PHP runs inside it
		Place   *jsonPlace `json:"place,omitempty"`  // the command
	}
	jsonFile struct {
		Path  string      `json:"path"` // on the machine
		Role  source.Role `json:"role"`
		Place *jsonPlace  `json:"place,omitempty"` // what makes it
		Whole bool        `json:"whole"`           // it is that file
		Image string      `json:"image,omitempty"` // which brings it
	}
	jsonPool struct {
		Name   string     `json:"name"`
		Listen string     `json:"listen"`
		Place  *jsonPlace `json:"place,omitempty"`
	}
	jsonGateway struct {
		Pass    string     `json:"pass"`
		Address string     `json:"address"`
		Place   *jsonPlace `json:"place,omitempty"`
		Peers   []jsonPeer `json:"peers"`
		Why     string     `json:"why,omitempty"`
	}
	jsonPeer struct {
		Address string `json:"address"`
		State   State  `json:"state"`
		Machine string `json:"machine,omitempty"`
		Port    uint16 `json:"port,omitempty"`
		Pool    string `json:"pool,omitempty"`
		Rule    string `json:"rule,omitempty"`
		Why     string `json:"why,omitempty"`
	}
	jsonMemory struct {
		Bytes int64      `json:"bytes"`
		Place *jsonPlace `json:"place,omitempty"`
	}
)

// JSON writes the machines for programs.
func JSON(w io.Writer, machines []*Machine, o Options) error {
	p := &printer{Options: o}
	return report.WriteJSON(w, jsonInventory{version, jsonTool{"wp502lint", o.Version}, list(machines, p.object)})
}

// list converts all; an empty list is [] and not null.
func list[A, B any](all []A, convert func(A) B) []B {
	out := make([]B, 0, len(all))
	for _, one := range all {
		out = append(out, convert(one))
	}
	return out
}

func same(text string) string { return text }

func (p *printer) object(m *Machine) jsonMachine {
	out := jsonMachine{
		Name: m.Name, Deployment: m.Deployment, Place: p.at(m.At), Unknown: m.Unknown, Others: m.Others,
		Servers: list(m.Servers, func(s Server) jsonServer { return jsonServer{s.Program, s.Version, s.Main, s.ModPHP, p.at(s.At)} }),
		Files:   list(m.Files, func(f File) jsonFile { return jsonFile{f.Path, f.Role, p.at(f.Origin), f.Whole, f.Image} }),
		Unused:  p.unused(m),
		Pools:   list(m.Pools, func(l Pool) jsonPool { return jsonPool{l.Name, l.Listen, p.at(l.At)} }),
		Names:   list(m.Names, same), Networks: list(m.Networks, same), Shares: list(m.Shares, same), OnHost: m.OnHost, Doubts: list(m.Doubts, same),
		Gateways: list(m.Gateways, func(g Gateway) jsonGateway {
			return jsonGateway{g.Pass, g.Address, p.at(g.At), list(g.Peers, peer), g.Why}
		}),
	}
	if m.Sample != nil {
		out.Env = p.path(m.Sample)
	}
	if m.Image != "" {
		out.Image = &jsonNamed{m.Image, p.at(m.ImageAt)}
	}
	if m.Memory > 0 {
		out.Memory = &jsonMemory{m.Memory, p.at(m.MemoryAt)}
	}
	return out
}

func peer(one Peer) jsonPeer {
	out := jsonPeer{Address: one.Address, State: one.State, Machine: one.Machine, Port: one.Port, Pool: one.Pool, Why: one.Why}
	if one.Rule != nil {
		out.Rule = one.Rule.ID
	}
	return out
}

// at returns a place; nil for none.
func (p *printer) at(at source.Span) *jsonPlace {
	if at.IsZero() {
		return nil
	}
	place := origin(at)
	if place.IsZero() {
		begin := at.Begin()
		return &jsonPlace{At: at.File.Name, Image: at.File.Image, Line: begin.Line, Column: begin.Column}
	}
	begin := place.Begin()
	return &jsonPlace{File: p.path(place.File), At: place.File.Real, Line: begin.Line, Column: begin.Column}
}
