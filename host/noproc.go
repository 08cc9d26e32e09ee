//go:build !linux

package host

// memoryTotal is unknown where there is no /proc.
func memoryTotal() int64 { return 0 }

// takeWorkers measures no worker where there is no /proc.
func (s *Snapshot) takeWorkers() {}
