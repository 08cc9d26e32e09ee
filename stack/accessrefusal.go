package stack

import (
	"path"

	"github.com/wp502lint/wp502lint/apachet"
)

// AccessRefusal returns why Apache refuses a line of a .htaccess file, for a gateway whose Cause is
// NotAllowed. It returns nil if that is not known.
func (s *Stack) AccessRefusal(g *Gateway) *apachet.Refusal {
	if s.configs == nil || g.Front == nil {
		return nil
	}
	for _, a := range s.configs.Apaches {
		access := a.Access[path.Dir(g.At.File.Name)]
		if a.Main == g.Front.At.File && access != nil && access.File == g.At.File {
			return apachet.RefusedLine(a.Config, access, g.At, s.Facts)
		}
	}
	return nil
}
