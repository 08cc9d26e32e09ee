package rules

// TLSFault and HandshakeFits are for the proof that every fault has one rule.
type TLSFault = tlsFault

const HandshakeFits = handshakeFits

// ApacheTakes is apacheTakes.
var ApacheTakes = apacheTakes
