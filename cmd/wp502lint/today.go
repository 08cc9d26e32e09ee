package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// today returns the date of the run: SOURCE_DATE_EPOCH, so that a run can be
// repeated, else the clock's.
func today() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now().UTC(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH takes seconds since 1970, not %q", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
