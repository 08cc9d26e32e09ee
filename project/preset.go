package project

// Mutes reports whether a preset keeps the findings from being reported that a value of
// fail-on is about: gate reports errors only.
func Mutes(preset, failOn string) bool {
	return preset == Gate && (failOn == "warning" || failOn == "note")
}
