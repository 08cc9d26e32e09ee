package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// onOff says why a value is refused that must be on or off.
func onOff(value, log string) string {
	if isOneOf(value, []string{"on", "off"}) {
		return ""
	}
	return log
}

// between says why an int is refused that has a least and a greatest value.
func between(value string, least, most int, log string) string {
	if n := apache.Int(value); least <= n && n <= most {
		return ""
	}
	return log
}

// shorter says why a text is refused that httpd keeps in some bytes.
func shorter(value string, size int, name string) string {
	if len(value) < size {
		return ""
	}
	return name + " length must be < " + decimal(size) + " characters"
}

// lasting says why a time is refused that has at least a millisecond.
func lasting(value, unit, unreadable, short string) string {
	switch microseconds, ok := apache.Duration(value, unit); {
	case !ok:
		return unreadable
	case microseconds < 1000:
		return short
	}
	return ""
}

const unknownParameter = "unknown Worker parameter"

// workerParameter says why a parameter of a worker is refused; "" if it is not (httpd
// modules/proxy/mod_proxy.c, set_worker_param).
func workerParameter(key, value string) string {
	switch strings.ToLower(key) {
	case "loadfactor":
		if n := hundredths(value); n < 100 || n > 10000 {
			return "LoadFactor must be a number between 1..100"
		}
	case "retry":
		return between(value, 0, most, "Retry must be a positive value")
	case "ttl":
		return between(value, 1, most, "TTL must be at least one second")
	case "min":
		return between(value, 0, most, "Min must be a positive number")
	case "max":
		return between(value, 0, most, "Max must be a positive number")
	case "smax":
		return between(value, 0, most, "Smax must be a positive number")
	case "acquire":
		return lasting(value, "ms", "Acquire timeout has wrong format", "Acquire must be at least one millisecond")
	case "timeout":
		return between(value, 1, most, "Timeout must be at least one second")
	case "iobuffersize":
		if n := apache.Long(value); n < 512 && n != 0 {
			return "IOBufferSize must be >= 512 bytes, or 0 for system default."
		}
	case "receivebuffersize":
		if n := apache.Int(value); n < 512 && n != 0 {
			return "ReceiveBufferSize must be >= 512 bytes, or 0 for system default."
		}
	case "keepalive":
		return onOff(value, "KeepAlive must be On|Off")
	case "disablereuse":
		return onOff(value, "DisableReuse must be On|Off")
	case "enablereuse":
		return onOff(value, "EnableReuse must be On|Off")
	default:
		return otherParameter(key, value)
	}
	return ""
}

// otherParameter is workerParameter for the rest of the parameters.
func otherParameter(key, value string) string {
	switch strings.ToLower(key) {
	case "addressttl":
		return addressTTL(value)
	case "route":
		return shorter(value, 64, "Route")
	case "redirect":
		return shorter(value, 64, "Redirect")
	case "status":
		return workerStatus(value)
	case "flushpackets":
		if !isOneOf(value, []string{"on", "off", "auto"}) {
			return "flushpackets must be on|off|auto"
		}
	case "flushwait":
		return between(value, 0, 1000, "flushwait must be <= 1000, or 0 for system default of 10 millseconds.")
	case "ping":
		return lasting(value, "s", "Ping/Pong timeout has wrong format", "Ping/Pong timeout must be at least one millisecond")
	case "lbset":
		return between(value, 0, 99, "lbset must be between 0 and 99")
	case "connectiontimeout":
		return lasting(value, "s", "Connectiontimeout has wrong format", "Connectiontimeout must be at least one millisecond.")
	case "flusher":
		return shorter(value, 16, "flusher name")
	case "upgrade":
		return shorter(value, 16, "upgrade protocol")
	case "responsefieldsize":
		if apache.Long(value) < 0 {
			return "ResponseFieldSize must be greater than 0 bytes, or 0 for system default."
		}
	case "secret":
		return shorter(value, 64, "Secret")
	default:
		return unknownParameter
	}
	return ""
}

// hundredths reads a number with a point, as atof does, times a hundred. One with an exponent
// is taken for one that is right.
func hundredths(value string) int {
	value = strings.TrimLeft(value, blanks)
	if strings.ContainsAny(value, "eExXnN") {
		return 100
	}
	whole, part, _ := strings.Cut(value, ".")
	n, rest, _, fits := apache.Number(whole)
	if !fits || n > 10000 {
		return 1 << 30
	}
	sum := int(n) * 100
	if rest == "" || whole == "" {
		for i := range 2 {
			if i < len(part) && isDigit(part[i]) {
				sum += int(part[i]-'0') * []int{10, 1}[i]
			} else {
				break
			}
		}
	}
	return sum
}

// addressTTL judges addressttl=.
func addressTTL(value string) string {
	const log = "AddressTTL must be -1 or a number of seconds not exceeding (2147483647)"
	microseconds, ok := apache.Duration(value, "s")
	if value == "-1" || ok && microseconds <= (1<<31-1)*1_000_000 && microseconds%1_000_000 == 0 {
		return ""
	}
	return log
}

// workerStatus judges status=, letters with signs (httpd modules/proxy/proxy_util.c,
// ap_proxy_set_wstatus).
func workerStatus(value string) string {
	for i := 0; i < len(value); i++ {
		if value[i] == '+' || value[i] == '-' {
			i++
		}
		if i >= len(value) || strings.IndexByte("OINGUDSEHFCR", value[i]&^0x20) < 0 {
			return "Unknown status parameter option"
		}
	}
	return ""
}

// balancerParameter says why a parameter of a balancer is refused; "" if it is not (httpd
// modules/proxy/mod_proxy.c, set_balancer_param).
func balancerParameter(key, value string) string {
	switch strings.ToLower(key) {
	case "stickysession":
		return ""
	case "stickysessionsep":
		if len(value) != 1 && !strings.EqualFold(value, "off") {
			return "stickysessionsep must be a single character or Off"
		}
	case "nofailover":
		return onOff(value, "failover must be On|Off")
	case "timeout":
		return between(value, 1, most, "timeout must be at least one second")
	case "maxattempts":
		return between(value, 0, most, "maximum number of attempts must be a positive number")
	case "scolonpathdelim":
		return onOff(value, "scolonpathdelim must be On|Off")
	case "failonstatus":
		for code := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ',' || c == ' ' }) {
			if n := apache.Int(code); n < 100 || n > 599 {
				return "failonstatus must be one or more HTTP response codes"
			}
		}
	case "failontimeout":
		return onOff(value, "failontimeout must be On|Off")
	case "nonce":
		if !strings.EqualFold(value, "none") && len(value) > 36 {
			return "Provided nonce is too large"
		}
	case "growth":
		return between(value, 1, 100, "growth must be between 1 and 100")
	case "forcerecovery":
		return onOff(value, "forcerecovery must be On|Off")
	default:
		return "unknown Balancer parameter"
	}
	return ""
}
