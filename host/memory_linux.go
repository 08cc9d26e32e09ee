package host

import (
	"math"

	"github.com/prometheus/procfs"
)

// memoryTotal is the RAM of this machine in bytes; 0 if unknown.
func memoryTotal() int64 {
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return 0
	}
	info, err := proc.Meminfo()
	if err != nil || info.MemTotalBytes == nil || *info.MemTotalBytes > math.MaxInt64 {
		return 0
	}
	return int64(*info.MemTotalBytes)
}
