package host

// memoryTotal is the RAM of this machine in bytes; 0 if unknown.
func memoryTotal() int64 { return figures(process("/proc").read("meminfo"))["MemTotal"] }
