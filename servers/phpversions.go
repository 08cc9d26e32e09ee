package servers

import "time"

// EndOfLife is the last day on which a version of PHP gets security fixes
// (php.net/supported-versions, as of August 2026).
var EndOfLife = map[string]time.Time{
	"5.6": day(2018, 12, 31),
	"7.0": day(2019, 1, 10),
	"7.1": day(2019, 12, 1),
	"7.2": day(2020, 11, 30),
	"7.3": day(2021, 12, 6),
	"7.4": day(2022, 11, 28),
	"8.0": day(2023, 11, 26),
	"8.1": day(2025, 12, 31),
	"8.2": day(2026, 12, 31),
	"8.3": day(2027, 12, 31),
	"8.4": day(2028, 12, 31),
	"8.5": day(2029, 12, 31),
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// EnvDefaultSince is the first PHP whose ini files, and so those of PHP-FPM, have defaults
// in ${NAME:-default} (UPGRADING of PHP 8.3).
const EnvDefaultSince = "8.3"
