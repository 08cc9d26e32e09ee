package main

const topHelp = `wp502lint reads nginx or Apache configurations together with PHP-FPM pools and
says what will answer 502 Bad Gateway, or 503 with Apache.

  wp502lint                            lint the files of this project
  wp502lint check /                    lint this host
  wp502lint check --root rootfs /etc   lint a copy of another host's files
  wp502lint diagnose                   find what causes 502s on this host now
  wp502lint explain WP201              show what a rule is about

Commands:
  check [PATH...]         lint; the default command
  diagnose [LOG...]       find what caused the 502s in logs, or a pasted line
  machines                print what was understood: hosts, containers, pods
  upgrade --from --to     plan or write the change to another PHP version
  explain RULE...         show the pages of rules, or what a line of a log means
  rules [RULE...]         list the rules
  baseline write|check    accept the current findings
  config init|verify|schema   create or check the project file; its schema
  facts                   print the facts of this host, for linting elsewhere
  completion SHELL        print a completion script for a shell
  help [COMMAND]          print this help, or the flags of a command (also -h)
  version                 print the version

Exit status: 0 no findings, 1 findings, 2 usage error or unreadable path.
`

const checkHelp = `Lint files and folders; without a PATH, the project.

Flags, each also as WP502LINT_... in the environment:
  --root DIR               the folder that is / for absolute paths
  --format F[=FILE]        text, json, sarif, github, gitlab, junit; repeatable
  --output FILE            the file to write the report to
  --preset NAME            gate: errors only; recommended; audit: hidden too
  --fail-on SEVERITY       lowest with exit 1: error, warning, note; or never
  --rule, --disable RULES  run only these; skip these: WP201,WP3*; repeatable
  --fix[=all]              make the safe fixes; =all in more than 50 files too
  --diff                   print what --fix would change, and write nothing
  --overlay REAL=TEMP      read TEMP in place of REAL; repeatable
  --stdin-filename NAME    read standard input in place of NAME
  --facts FILE             facts of the host, from wp502lint facts
  --memory, --reserve, --worker-memory SIZE of this host: 4GiB
  --baseline FILE, --no-ignore leave out what FILE accepts; show ignored ones
  --new-from REV           report only what is new since git merge-base REV HEAD
  --config FILE            the project file; else .wp502lint.yaml, upwards
  --strict                 exit 1 when something was not checked
  --output-format F        text: grouped, full, concise; --statistics: a table
  --color WHEN             auto (default), always or never
  -q, --quiet; -v, --verbose   one line a finding; or files and gaps as well
  -h, --help; --version    show this; print the version`
