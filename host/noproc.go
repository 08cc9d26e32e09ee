//go:build !linux

package host

// memoryTotal is unknown without /proc.
func memoryTotal() int64 { return 0 }

// takeWorkers measures no worker without /proc.
func (s *Snapshot) takeWorkers() {}
