#!/usr/bin/python
# Copyright (c) the wp502lint authors
# MIT License (see LICENSE or https://opensource.org/license/mit)
"""Runs wp502lint check on a host and returns its findings to a playbook."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: check
short_description: Find what will answer 502 in the configurations of nginx and PHP-FPM
version_added: "1.0.0"
author: The wp502lint authors (@wp502lint)
description:
  - Reads the configurations of nginx and PHP-FPM together with C(wp502lint check), and fails when it finds that they do
    not fit each other or that a server will refuse to start.
  - Neither server is needed, no connection is opened and nothing is changed.
  - Only the task says what is checked. Variables named C(WP502LINT_...) in the host's environment and project files
    that it does not name are ignored.
  - All paths are absolute.
requirements:
  - wp502lint on the host
attributes:
  check_mode:
    description: Does the same with and without C(--check), as it only reads.
    support: full
  diff_mode:
    description: Changes nothing and so shows no difference.
    support: none
  platform:
    description: Where it runs.
    platforms: posix
    support: full
options:
  paths:
    description:
      - The files and folders to lint, such as C(/etc/nginx). They are looked up in I(root).
      - C(/) means all that nginx and PHP-FPM load on the host.
      - One of I(paths), I(root) and I(config) is needed. Without I(paths), all in I(root) or in the project of I(config)
        is linted.
      - A PHP-FPM whose folder is left out may run all the same, so that a socket of its is a warning and no error. See the
        example for a PHP-FPM that will not run any more.
    type: list
    elements: str
    default: []
  root:
    description:
      - The folder that is C(/) for I(paths) and for every path in a configuration, such as the file system of a container.
      - The accounts and the memory of the host are used only when this is C(/).
      - By default C(/) with I(paths), else the project of I(config).
    type: path
  executable:
    description: The program, by its name or its absolute path.
    type: path
    default: wp502lint
  fail_on:
    description: The lowest severity of a finding that makes the task fail.
    type: str
    choices: [error, warning, note, never]
    default: error
  rules:
    description: Run only these rules, by ID or by name.
    type: list
    elements: str
    default: []
  disable:
    description: Do not run these rules, by ID or by name.
    type: list
    elements: str
    default: []
  memory:
    description: The memory of the host that the configuration is for, such as C(4GiB).
    type: str
  reserve:
    description: The part of the memory that is not for PHP-FPM, such as C(1GiB).
    type: str
  worker_memory:
    description: The measured memory of one PHP-FPM worker, such as C(80MiB).
    type: str
  facts:
    description: A file on the host with what C(wp502lint facts) printed on the host that the configuration is for.
    type: path
  strict:
    description: Fail as well when something could not be checked.
    type: bool
    default: false
  overlay:
    description:
      - Files on the host to read in place of others, C(REAL) as the key and C(TEMP) as the value. The configuration
        is linted as if C(REAL) had the text of C(TEMP).
      - C(REAL) does not have to exist. It is a path in I(root), or the path of the same file on the host.
    type: dict
    default: {}
  baseline:
    description: A file on the host, written by C(wp502lint baseline write), whose findings are accepted.
    type: path
  severities:
    description:
      - How severe the findings of a rule are, as a dictionary of rules, by ID or by name, to C(off), C(note), C(warning) or
        C(error). It changes the effect of I(fail_on), not the verdict.
      - Not together with I(config), as a project file says the same by C(rules).
    type: dict
    default: {}
  config:
    description: The project file on the host, such as C(/srv/site/.wp502lint.yaml). By default none is read.
    type: path
seealso:
  - name: The rules
    description: What each rule is about.
    link: https://github.com/wp502lint/wp502lint#what-it-checks-and-what-it-does-not
"""

EXAMPLES = r"""
- name: Fail when this host will answer 502
  wp502lint.wp502lint.check:
    paths: [/]

- name: Lint what will be on another host before it is copied there
  wp502lint.wp502lint.check:
    root: "{{ playbook_dir }}/rootfs"
    memory: 4GiB
    fail_on: warning
  delegate_to: localhost
  run_once: true

- name: Lint the host as if the new site were in its place
  wp502lint.wp502lint.check:
    paths: [/]
    overlay:
      /etc/nginx/sites-enabled/shop.conf: /root/new/shop.conf

- name: Lint with the memory that Ansible found, and accept what is known
  wp502lint.wp502lint.check:
    paths: [/etc/nginx, /etc/php/8.4]
    memory: "{{ ansible_facts.memtotal_mb }}MiB"
    baseline: /etc/wp502lint/baseline.json

- name: Judge the host as it will be without PHP 8.2, whose files are still there
  wp502lint.wp502lint.check:
    paths: [/etc/nginx, /etc/php/8.4]
    severities:
      socket-mismatch: error

- name: Look, but do not fail
  wp502lint.wp502lint.check:
    paths: [/]
    fail_on: never
  register: lint

- name: Say what was found
  ansible.builtin.debug:
    var: lint.report
"""

RETURN = r"""
msg:
  description: The closing line of the report. When the task fails, why, with the report as text.
  returned: always
  type: str
  sample: "no problems found in 3 PHP locations, 9 files read"
report:
  description: The report as text, line by line.
  returned: when wp502lint ran to its end
  type: list
  elements: str
  sample:
    - "/etc/nginx/sites-enabled/shop.conf:12:22: error: no pool listens on /run/php/shop.sock [WP201 socket-mismatch]"
verdict:
  description:
    - What will happen, C(nginx-refuses), C(fpm-refuses), C(502), C(502-sometimes), C(healthy) or C(unknown).
    - The worst finding, regardless of I(fail_on). Without one it is C(healthy) when every place that passes PHP requests
      on was judged, else C(unknown), and the task warns. With I(strict) it fails.
  returned: when wp502lint could read the report's files
  type: str
  sample: "502"
gateways:
  description: How many of the places that pass PHP requests on were judged.
  returned: when wp502lint could read the report's files
  type: dict
  contains:
    php:
      description: The places that pass PHP requests on, or may.
      type: int
    judged:
      description: Those of them that were judged.
      type: int
    reasons:
      description: Why the others were not, the most frequent first, each with C(why), C(count), and C(next), what to do.
      type: list
      elements: dict
  sample: {"php": 46, "judged": 12, "reasons": [{"why": "no pool given", "count": 34, "next": "add /etc/php, or run wp502lint check /"}]}
rc:
  description:
    - The exit status of wp502lint. 0 when there is nothing from I(fail_on) on, 1 when there is, 2 when a path could not be
      read, an option is wrong or there is nothing to lint. Negative when a signal ended it.
  returned: when wp502lint was started
  type: int
  sample: 1
findings:
  description: The findings as in the program's JSON report.
  returned: when wp502lint could read the report's files
  type: list
  elements: dict
  contains:
    rule:
      description: The ID of the rule.
      type: str
      sample: WP201
    name:
      description: The name of the rule.
      type: str
      sample: socket-mismatch
    severity:
      description: C(error), C(warning) or C(note).
      type: str
      sample: error
    outcome:
      description: What will happen. As C(verdict), or C(other) or C(none).
      type: str
      sample: "502"
    file:
      description: The file on the host. Missing when nobody wrote what the finding is about.
      type: str
      sample: /etc/nginx/sites-enabled/shop.conf
    at:
      description: The same file in I(root).
      type: str
      sample: /etc/nginx/sites-enabled/shop.conf
    line:
      description: The line, from 1.
      type: int
      sample: 12
    column:
      description: The column, from 1.
      type: int
      sample: 22
    message:
      description: What is wrong.
      type: str
      sample: no pool listens on /run/php/shop.sock
    notes:
      description: The other side, each with C(file), C(line), C(column) and C(message).
      type: list
      elements: dict
    log:
      description: The lines that the servers will write.
      type: list
      elements: str
    fixes:
      description: What can be done, each with C(title), C(safe) and C(edits).
      type: list
      elements: dict
    url:
      description: The page about the rule.
      type: str
    fingerprint:
      description: What stays the same when lines move.
      type: str
      sample: 183fea70d27971ed
not_checked:
  description: What could not be checked, each with C(rule) and C(missing), or C(file) and C(why).
  returned: when wp502lint could read the report's files
  type: list
  elements: dict
  sample: [{"rule": "WP106", "missing": ["memory"], "why": "memory unknown"}]
version:
  description: The version of wp502lint.
  returned: when wp502lint could read the report's files
  type: str
"""

import json
import os
import re
import signal
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.process import get_bin_path
from ansible.module_utils.common.text.converters import to_native, to_text

# The version of the JSON report that this module reads.
REPORT = 1

INSTALL = "https://github.com/wp502lint/wp502lint#install"


class Trouble(Exception):
    """The reason of a failure, and what else the task returns."""

    def __init__(self, msg, **result):
        super(Trouble, self).__init__(msg)
        self.result = result


def require_sense(params):
    """There is something to lint, by absolute paths, as the folder that a task runs in is chance; and severities are some."""
    if not (params["paths"] or params["root"] or params["config"]):
        raise Trouble("nothing to lint: give paths, such as /, or root, or config")
    for rule, severity in sorted(params["severities"].items()):
        if severity is False:
            # What YAML takes a bare off for.
            params["severities"][rule] = "off"
        elif severity not in ("off", "note", "warning", "error"):
            raise Trouble("severities: %s is off, note, warning or error, not %s" % (rule, severity))
    if params["severities"] and params["config"]:
        raise Trouble("severities: write them into the project file %s, as rules" % params["config"])
    given = [("paths", path) for path in params["paths"]]
    given += [(name, params[name]) for name in ("root", "facts", "baseline", "config") if params[name]]
    for real, temp in sorted(params["overlay"].items()):
        if "=" in real:
            raise Trouble("overlay: %s has an equals sign, and wp502lint takes what is behind it for the other file" % real)
        given += [("overlay", real), ("overlay of %s" % real, temp)]
    for name, path in given:
        if not isinstance(path, str) or not os.path.isabs(path):
            raise Trouble("%s: %s is not an absolute path" % (name, path))


def find(executable):
    """Returns the absolute path of the program."""
    if os.sep in executable:
        if not os.path.isabs(executable):
            raise Trouble("executable: %s is neither a name nor an absolute path" % executable)
        if not os.path.isfile(executable):
            raise Trouble("there is no %s on this host; install wp502lint there (%s), or change executable" % (executable, INSTALL))
        if not os.access(executable, os.X_OK):
            raise Trouble("%s may not be executed; give it mode 0755, or change executable" % executable)
        return executable
    try:
        return get_bin_path(executable)
    except ValueError:
        raise Trouble(
            "there is no program %s on this host, in none of %s; install wp502lint (%s), or give its absolute path as executable"
            % (executable, os.environ.get("PATH", ""), INSTALL))


def command(program, params, folder):
    """Returns the command. No value of the task can be read as a flag, as each follows an equals sign or is absolute."""
    argv = [program, "check", "--format=json", "--format=text=" + os.path.join(folder, "report"), "--color=never"]
    config = params["config"]
    if not config:
        # A temporary one, so that the program does not search for one upwards. JSON is YAML.
        config = os.path.join(folder, "project.yaml")
        with open(config, "w") as project:
            json.dump(dict(rules=params["severities"]) if params["severities"] else {}, project)
    argv += ["--config=" + config, "--fail-on=" + params["fail_on"]]
    for name in ("root", "memory", "reserve", "worker_memory", "facts", "baseline"):
        if params[name]:
            argv.append("--%s=%s" % (name.replace("_", "-"), params[name]))
    if params["strict"]:
        argv.append("--strict")
    argv += ["--rule=" + rule for rule in params["rules"]]
    argv += ["--disable=" + rule for rule in params["disable"]]
    argv += ["--overlay=%s=%s" % pair for pair in sorted(params["overlay"].items())]
    return argv + ["--"] + params["paths"]


def run(module, argv, folder):
    """Runs the program and returns its exit status, its JSON report or None, and what it wrote to stderr."""
    for name in list(os.environ):
        # Each flag is also a variable, and --fix is a flag.
        if name.startswith("WP502LINT_"):
            del os.environ[name]
    try:
        rc, stdout, stderr = module.run_command(argv, cwd=folder, expand_user_and_vars=False, handle_exceptions=False)
    except (IOError, OSError) as err:
        raise Trouble("%s cannot be started: %s; is it built for this system?" % (argv[0], to_native(err.strerror or err)))
    stderr = to_native(stderr).strip()
    if rc < 0:
        name = next((s for s in dir(signal) if re.match("SIG[A-Z]", s) and getattr(signal, s) == -rc), "unknown")
        raise Trouble(
            "%s was ended by signal %d (%s) before it had an answer; nothing is known about the configuration. Run the task again;"
            " when it was SIGKILL, the host may have run out of memory (journalctl -k)%s"
            % (argv[0], -rc, name, stderr and "\n" + stderr), rc=rc)
    try:
        report = json.loads(to_text(stdout))
    except ValueError as err:
        report, why = None, "its output is no JSON: %s" % to_native(err)
    else:
        if not isinstance(report, dict) or report.get("version") != REPORT:
            report, why = None, "its output is no report of version %d" % REPORT
    if rc not in (0, 1, 2) or report is None and rc != 2:
        raise Trouble(
            "%s ended with %d, and %s; \"%s --version\" says whether it is wp502lint, and one that fits this collection%s"
            % (argv[0], rc, why if report is None else "wp502lint never does that", argv[0], stderr and "\n" + stderr), rc=rc)
    return rc, report, stderr


def read_text(folder):
    """Returns the report as text, "" when there was nothing to say."""
    try:
        with open(os.path.join(folder, "report"), "rb") as report:
            return to_native(report.read()).strip("\n")
    except (IOError, OSError):
        return ""


def counts(finding, fail_on):
    """Says whether a finding makes the task fail."""
    severities = ["never", "error", "warning", "note"]
    return severities.index(finding["severity"]) <= severities.index(fail_on)


def check(module):
    """Lints and returns what the task returns, or raises Trouble."""
    params = module.params
    require_sense(params)
    program = find(params["executable"])
    folder = tempfile.mkdtemp(prefix="wp502lint-", dir=module.tmpdir)
    rc, report, stderr = run(module, command(program, params, folder), folder)
    text = read_text(folder)
    result = dict(rc=rc, report=text.split("\n") if text else [])
    if report is not None:
        result.update(
            verdict=report["verdict"], gateways=report.get("gateways", {}), findings=report["findings"], not_checked=report["notChecked"],
            version=report["tool"]["version"])
    if rc == 2:
        raise Trouble("\n\n".join(part for part in ("wp502lint cannot check this:\n" + stderr, text) if part), **result)
    if stderr:
        module.warn(stderr)
    if rc == 1:
        if not any(counts(finding, params["fail_on"]) for finding in result["findings"]):
            text = "not everything could be checked, and strict is on\n\n" + text
        raise Trouble(text, **result)
    msg = result["report"][-1] if text else ""
    if result["verdict"] == "unknown":
        module.warn("wp502lint cannot say that this is healthy: " + msg)
    return dict(result, msg=msg)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            paths=dict(type="list", elements="str", default=[]),
            root=dict(type="path"),
            executable=dict(type="path", default="wp502lint"),
            fail_on=dict(type="str", choices=["error", "warning", "note", "never"], default="error"),
            rules=dict(type="list", elements="str", default=[]),
            disable=dict(type="list", elements="str", default=[]),
            memory=dict(type="str"),
            reserve=dict(type="str"),
            worker_memory=dict(type="str"),
            facts=dict(type="path"),
            strict=dict(type="bool", default=False),
            overlay=dict(type="dict", default={}),
            baseline=dict(type="path"),
            severities=dict(type="dict", default={}),
            config=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    try:
        result = check(module)
    except Trouble as trouble:
        module.fail_json(msg=str(trouble), changed=False, **trouble.result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
