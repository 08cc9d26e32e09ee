package deploy

import (
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/source"
)

// tunnel starts cloudflared, which listens on nothing but the port of its metrics.
func (r *runner) tunnel(args []source.Text) (stays bool) {
	var values []cloudflared.Value
	for _, a := range args[1:] {
		values = append(values, valueOf(a))
	}
	o := cloudflared.ParseOptions(values, func(name string) (cloudflared.Value, bool) {
		v, set := r.env[name]
		return valueOf(v), set
	})
	if r.quiet = true; o.Runs {
		r.machine.Tunnels = append(r.machine.Tunnels, parser.TunnelStart{Options: o, At: placeOf(args), Home: r.env["HOME"].String})
	}
	return o.Runs
}

// valueOf returns an argument with the place at which it is written.
func valueOf(a source.Text) cloudflared.Value {
	return cloudflared.Value{Text: a.String, At: placeOf([]source.Text{a})}
}
