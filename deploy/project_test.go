package deploy

import "testing"

func TestDockerfileNames(t *testing.T) {
	for name, want := range map[string][2]bool{
		"dockerfile": {true, true}, "php.dockerfile": {true, true}, "containerfile": {true, true},
		"dockerfile.php": {false, true}, "dockerfile-alpine": {false, true}, "nginx-dockerfile": {false, true}, "dockerfile_php": {false, true},
		"dockerfile.dockerignore": {false, false}, "dockerfiles.go": {false, false}, "mydockerfile": {false, false}, "dockerfile.md": {false, false}, "dockerfile.template": {false, true}, "dockerfile-alpine.template": {false, false}, "dockerfile-fpm.conf.twig": {false, false},
	} {
		if got := [2]bool{isDockerfile(name), maybeDockerfile(name)}; got != want {
			t.Errorf("%s: certain and maybe %v, want %v", name, got, want)
		}
	}
	for text, want := range map[string]bool{
		"# syntax=docker/dockerfile:1\n\nFROM php\n": true, "arg V\nFROM php:$V": true, "\uFEFFFROM\tphp": true,
		"<?php\nclass Dockerfile {}": false, "{% if x %}\nFROM php": false, "": false, "FROMAGE": false,
	} {
		if got := begins(text); got != want {
			t.Errorf("%q begins as a Dockerfile: %v", text, got)
		}
	}
}
