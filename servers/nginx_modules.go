package servers

import (
	_ "embed"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed nginx_modules.txt
var nginxModuleText string

// nginxModule is a dynamic module.
type nginxModule struct {
	file   string   // without its directory and .so
	brings []string // patterns of directives, and of variables after a $
}

var nginxModules = sync.OnceValue(func() (all []nginxModule) {
	for line := range strings.Lines(nginxModuleText) {
		if fields := strings.Fields(line); fields[0] != "#" {
			all = append(all, nginxModule{fields[0], fields[1:]})
		}
	}
	return all
})

// NginxModuleName returns the name of the dynamic module in a file, such as
// ngx_stream_module for modules/ngx_stream_module.so.
func NginxModuleName(file string) string { return strings.TrimSuffix(path.Base(file), ".so") }

// NginxKnowsModule reports whether it is known which directives and variables the
// dynamic module in a file brings.
func NginxKnowsModule(file string) bool {
	name := NginxModuleName(file)
	return slices.ContainsFunc(nginxModules(), func(m nginxModule) bool { return m.file == name })
}

// NginxModuleBrings reports whether a known dynamic module that is not nginx's own has a
// directive, or a variable with a leading $: the module in a file, or any if file is "".
func NginxModuleBrings(file, name string) bool {
	return slices.ContainsFunc(nginxModules(), func(m nginxModule) bool {
		return (file == "" || m.file == NginxModuleName(file)) && slices.ContainsFunc(m.brings, func(pattern string) bool {
			if start, ok := strings.CutSuffix(pattern, "*"); ok {
				return strings.HasPrefix(name, start)
			}
			if end, ok := strings.CutPrefix(pattern, "*"); ok {
				return strings.HasSuffix(name, end)
			}
			return name == pattern
		})
	})
}
