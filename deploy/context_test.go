package deploy

import (
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// A Dockerfile in a folder of its own is often built with the project as its context.
func TestContextOfDockerfile(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		more       []string
		want       string
	}{
		"own folder":      {"/docker/web/Dockerfile", "COPY site.conf /etc/\n", []string{"/docker/web/site.conf", "/site.conf"}, "/docker/web"},
		"project":         {"/docker/web/Dockerfile", "COPY docker/web/site.conf /etc/\nCOPY --from=x a b\n", []string{"/docker/web/site.conf"}, "/"},
		"folder between":  {"/build/docker/web/Dockerfile", "COPY web/site.conf /etc/\n", []string{"/build/docker/web/site.conf"}, "/build/docker"},
		"most of it":      {"/docker/Dockerfile", "COPY site.conf docker/a.conf docker/b.conf /etc/\n", []string{"/docker/site.conf", "/docker/a.conf", "/docker/b.conf"}, "/"},
		"nothing there":   {"/docker/Dockerfile", "COPY site.conf /etc/\n", nil, "/docker"},
		"no more above":   {"/docker/Dockerfile", "COPY . /app\n", []string{"/x"}, "/docker"},
		"a variable":      {"/docker/Dockerfile", "COPY docker/$X /app\nADD https://example.com/x /y\n", []string{"/docker/$X"}, "/docker"},
		"left out":        {"/docker/Dockerfile", "COPY docker/site.conf /etc/\n", []string{"/docker/site.conf", "/.dockerignore"}, "/docker"},
		"several stages":  {"/docker/Dockerfile", "COPY docker/a /a\nFROM y\nCOPY docker/b /b\n", []string{"/docker/a", "/docker/b"}, "/"},
		"a pattern":       {"/docker/Dockerfile", "COPY [\"docker/*.conf\", \"/etc/\"]\n", []string{"/docker/a.conf"}, "/"},
		"heredoc besides": {"/docker/Dockerfile", "COPY <<E /etc/x\ny\nE\n", nil, "/docker"},
	} {
		files := map[string]string{tt.file: "FROM x\n" + tt.text}
		for _, f := range tt.more {
			files[f] = "docker\n"
		}
		project := tree.Memory(files)
		f, err := project.File(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		r := newRepository(project)
		if got := r.contextOf(r.dockerfile(f), tt.file).dir; got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}
