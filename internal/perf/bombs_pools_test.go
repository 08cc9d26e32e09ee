package perf

import (
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// poolBombs are in the text of a pool.
var poolBombs = []bomb{
	{"pools", func(n int) *tree.Tree {
		return inPools(numbered(n, "[p#]\nuser = www-data\nlisten = /run/php/p#.sock\npm = ondemand\npm.max_children = 5\n"))
	}},
	{"pools of one socket", func(n int) *tree.Tree {
		return inPools(numbered(n, "[p#]\nuser = www-data\nlisten = /run/php/p.sock\npm = ondemand\npm.max_children = 5\n"))
	}},
	{"equal pools", func(n int) *tree.Tree {
		return inPools(strings.Repeat("[p]\nuser = www-data\nlisten = /run/php/p.sock\npm = ondemand\npm.max_children = 5\n", n))
	}},
	{"empty pools", func(n int) *tree.Tree { return inPools(numbered(10*n, "[#]\n")) }},
	{"equal keys", func(n int) *tree.Tree { return inPools(fill(n, "pm.max_children = 5\n")) }},
	{"environments", func(n int) *tree.Tree { return inPools(numbered(n, "env[A#] = x\n")) }},
	{"equal environments", func(n int) *tree.Tree { return inPools(strings.Repeat("env[A] = x\n", n)) }},
	{"open environments", func(n int) *tree.Tree { return inPools(fill(n, "env[")) }},
	{"environments without a value", func(n int) *tree.Tree { return inPools(numbered(n, "env[A#]\n")) }},
	{"long environment", func(n int) *tree.Tree { return inPools(strings.Repeat("env["+fill(300, "A")+"] = x\n", n/300)) }},
	{"values of PHP", func(n int) *tree.Tree { return inPools(numbered(n, "php_admin_value[a#] = x\n")) }},
	{"unknown keys", func(n int) *tree.Tree { return inPools(numbered(n, "a# = x\n")) }},
	{"sections", func(n int) *tree.Tree { return inPools(fill(n, "[x]\n")) }},
	{"sections in a line", func(n int) *tree.Tree { return inPools(fill(n, "[x]")) }},
	{"open sections", func(n int) *tree.Tree { return inPools(fill(n, "[")) }},
	{"quotes of pools", func(n int) *tree.Tree { return inPools(fill(n, "\"")) }},
	{"quoted values", func(n int) *tree.Tree { return inPools("a = " + fill(n, "\"x\"")) }},
	{"references", func(n int) *tree.Tree { return inPools("a = " + fill(n, "${x}")) }},
	{"expressions", func(n int) *tree.Tree { return inPools("a = " + fill(n, "(1|")) }},
	{"not", func(n int) *tree.Tree { return inPools("a = " + fill(n, "!")) }},
	{"ini comments", func(n int) *tree.Tree { return inPools(fill(n, ";\n")) }},
	{"ini ignores", func(n int) *tree.Tree { return inPools(strings.Repeat("; wp502lint:ignore WP301 -- x\n", n)) }},
	{"ini lines", func(n int) *tree.Tree { return inPools(fill(n, "\n")) }},
	{"ini returns", func(n int) *tree.Tree { return inPools(fill(n, "a=b\r")) }},
	{"allowed clients", func(n int) *tree.Tree {
		return inPools("listen = 127.0.0.1:9000\nlisten.allowed_clients = " + numbered(n, "10.0.#.1,") + "\n")
	}},
	{"acl users", func(n int) *tree.Tree { return inPools("listen.acl_users = " + numbered(n, "u#,") + "\n") }},
	{"ini numbers", func(n int) *tree.Tree {
		return inPools("pm.max_children = 99999999999999999999\nrlimit_files = " + strings.Repeat("9", 10*n) + "\nrequest_terminate_timeout = 999999999999999999999d\nphp_admin_value[memory_limit] = 9223372036854775807G\nlisten.backlog = " + strings.Repeat("9", 10*n) + "\n")
	}},
}
