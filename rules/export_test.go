package rules

// The tests are outside of the package, for the engine that they run imports it.
var (
	Claimed        = claimed
	ClaimedEntries = claimedEntries
)
