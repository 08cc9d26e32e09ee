package deploy

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/kubernetes"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// volumes puts the volumes of a container in their places.
type volumes struct {
	*cluster
	pod       *kubernetes.Pod
	container *kubernetes.Container
	image     *image
	unknown   []kubernetes.Mount // those of which it is not known what is in them
}

// mount mounts all, outer ones first.
func (v *volumes) mount() {
	mounts := slices.Clone(v.container.Mounts)
	slices.SortStableFunc(mounts, func(a, b kubernetes.Mount) int {
		return strings.Count(path.Clean(a.Path), "/") - strings.Count(path.Clean(b.Path), "/")
	})
	for _, m := range mounts {
		i := slices.IndexFunc(v.pod.Volumes, func(vol *kubernetes.Volume) bool { return vol.Name == m.Volume })
		switch {
		case m.Path == "":
		case i < 0:
			v.unknownMount(m, "", "a volume that the pod does not have")
		default:
			v.mountOne(m, v.pod.Volumes[i])
		}
	}
}

func (v *volumes) mountOne(m kubernetes.Mount, vol *kubernetes.Volume) {
	own := "/" + v.pod.Namespace + "/" + v.pod.Name + "/" + vol.Name
	switch {
	case vol.Sources != nil:
		v.projected(m, vol)
	case vol.EmptyDir:
		if v.filled(vol) {
			v.unknownMount(m, "emptyDir:"+own, "volume "+vol.Name)
		} else {
			v.image.files.Mount(m.Path, nil, m.SubPath.Text, "emptyDir:"+own)
		}
		if m.SubPath.Text == "" {
			v.open(m.Path)
		}
	case vol.Claim != "":
		v.unknownMount(m, "claim:"+v.pod.Namespace+"/"+vol.Claim, "volume "+vol.Name)
	case vol.HostPath != "":
		v.unknownMount(m, "hostPath:"+vol.HostPath, "volume "+vol.Name)
	default:
		v.unknownMount(m, "other:"+own, "volume "+vol.Name)
	}
}

// open sets who owns an emptyDir: anyone may write it, and what is created in it has the group
// fsGroup (k8s.io/kubernetes/pkg/volume, emptydir and SetVolumeOwnership).
func (v *volumes) open(name string) {
	mode, group := fs.ModePerm, int64(0)
	if g := v.pod.FSGroup; g != nil {
		mode, group = mode|fs.ModeSetgid, *g
	}
	v.image.files.Chown(name, 0, group, false)
	v.image.files.Chmod(name, mode, false)
}

// filled reports whether another container may put files into a volume that is empty at
// first.
func (v *volumes) filled(vol *kubernetes.Volume) bool {
	return slices.ContainsFunc(slices.Concat(v.pod.Init, v.pod.Containers), func(c *kubernetes.Container) bool {
		return c != v.container && slices.ContainsFunc(c.Mounts, func(m kubernetes.Mount) bool { return m.Volume == vol.Name && !m.ReadOnly })
	})
}

// unknownMount mounts storage of which the project does not say what is in it.
func (v *volumes) unknownMount(m kubernetes.Mount, key, words string) {
	v.image.files.Mount(m.Path, nil, m.SubPath.Text, key)
	v.image.files.Doubt(m.Path, m.At, words)
	v.unknown = append(v.unknown, m)
}

// hides returns where storage of which nothing is known is mounted over the configuration of
// a server.
func (v *volumes) hides(m *Machine, servers []Server) (at source.Span, hidden bool) {
	for _, s := range servers {
		text, _ := m.Tree.Open(s.Main)
		for _, u := range v.unknown {
			dir := path.Clean(u.Path)
			if strings.HasPrefix(s.Main, strings.TrimSuffix(dir, "/")+"/") || s.Main == dir {
				return u.At, true
			}
			for _, found := range included.FindAllStringSubmatch(text.Content, -1) {
				if strings.Contains(found[1], path.Base(dir)+"/") {
					return u.At, true
				}
			}
		}
	}
	return at, false
}

// included finds what the main file of nginx or PHP-FPM includes.
var included = lazyregexp.New(`(?m)^\s*include[ \t=]+(\S+)`)

// projected mounts the files of ConfigMaps and Secrets.
func (v *volumes) projected(m kubernetes.Mount, vol *kubernetes.Volume) {
	files, missing := v.objects.VolumeFiles(v.pod, vol)
	sub := strings.Trim(path.Clean("/"+m.SubPath.Text), "/")
	if i := slices.IndexFunc(files, func(f kubernetes.VolumeFile) bool { return path.Clean(f.Path) == sub }); i >= 0 && sub != "" {
		v.put(m.Path, files[i])
		return
	}
	whole := slices.IndexFunc(missing, func(r kubernetes.KeyRef) bool { return r.Key == "" })
	if whole >= 0 && sub != "" {
		v.image.files.PutUnknown(m.Path, "what is in "+missing[whole].ConfigMap+missing[whole].Secret+" is not in the project", v.owner(0o644))
		return
	}
	below := slices.ContainsFunc(files, func(f kubernetes.VolumeFile) bool { return strings.HasPrefix(path.Clean(f.Path), sub+"/") })
	open := slices.ContainsFunc(vol.Sources, func(p kubernetes.Projection) bool { return p.Optional })
	if sub != "" && len(missing) == 0 && !open && !below && !v.patched(vol) {
		v.image.fits(m.Path, tree.Dir, "volume "+vol.Name+" has no "+sub+", so a directory", m.SubPath.At)
	}
	// A key that does not exist leaves an empty directory too.
	v.image.files.Mount(m.Path, nil, "", "")
	if whole >= 0 || v.patched(vol) {
		v.unknownMount(m, "", "volume "+vol.Name)
	}
	for _, f := range files {
		if rel, ok := strings.CutPrefix(path.Clean(f.Path), sub); ok && (sub == "" || rel != "" && rel[0] == '/') {
			v.put(path.Join(m.Path, rel), f)
		}
	}
}

// patched reports whether a patch of Kustomize changes an object of which vol has files.
func (v *volumes) patched(vol *kubernetes.Volume) bool {
	return slices.ContainsFunc(vol.Sources, func(p kubernetes.Projection) bool {
		object := v.objects.ConfigMap(v.pod.Namespace, p.ConfigMap)
		if p.Secret != "" {
			object = v.objects.Secret(v.pod.Namespace, p.Secret)
		}
		return object != nil && !object.Patched.IsZero()
	})
}

// owner is who owns a file of a volume (k8s.io/kubernetes/pkg/volume, SetVolumeOwnership).
func (v *volumes) owner(mode fs.FileMode) tree.Owner {
	own := tree.Owner{Mode: mode, Known: true}
	if g := v.pod.FSGroup; g != nil {
		own.GID, own.Mode = *g, mode|0o440
	}
	return own
}

func (v *volumes) put(name string, f kubernetes.VolumeFile) {
	v.image.files.Put(name, f.Text, "", v.owner(fs.FileMode(f.Mode&0o777)))
	for _, p := range f.Text.Pieces {
		if p.From.File != nil && !kubernetes.Is(p.From.File) {
			v.hold(p.From.File.Name)
		}
	}
}
