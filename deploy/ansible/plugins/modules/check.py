#!/usr/bin/python
# Copyright (c) the wp502lint authors
# MIT License (see LICENSE or https://opensource.org/license/mit)
"""Runs wp502lint check on a host and returns a summary, and if wanted all findings."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: check
short_description: Find what will answer 502 in the configurations of nginx, Apache and PHP-FPM
version_added: "1.0.0"
author: The wp502lint authors (@wp502lint)
description:
  - Reads the configurations of nginx or Apache and of PHP-FPM together with C(wp502lint check). Fails when they do not match, or when
    a server will refuse to start.
  - Needs neither server, opens no connection and changes nothing.
  - Only the task decides what is checked. Variables named C(WP502LINT_...) in the environment of the host, and project
    files that the task does not name, are ignored.
  - All paths are absolute.
requirements:
  - wp502lint on the host that runs the task; with C(delegate_to=localhost) that is the controller
attributes:
  check_mode:
    description: Does the same with and without C(--check), because it only reads.
    support: full
  diff_mode:
    description: Changes nothing, and therefore shows no difference.
    support: none
  platform:
    description: Runs on Linux and macOS.
    platforms: posix
    support: full
options:
  paths:
    description:
      - The files and folders to lint, such as C(/etc/nginx). They are looked up in I(root).
      - C(/) means everything that nginx, Apache and PHP-FPM load on the host.
      - At least one of I(paths), I(root) and I(config) is required. Without I(paths), everything in I(root) or in the
        project of I(config) is linted.
      - A PHP-FPM whose folder is left out may still run. A socket that only it can have is therefore a warning, not an
        error. See the example for a PHP-FPM that is about to be removed.
    type: list
    elements: str
    default: []
  root:
    description:
      - The folder that is C(/) for I(paths) and for every path in a configuration, such as the file system of a container.
      - The accounts and the memory of the host are used only when this is C(/).
      - The default is C(/) with I(paths), else the project of I(config).
    type: path
  executable:
    description: The name or the absolute path of the program.
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
    description: Also fail when something could not be checked.
    type: bool
    default: false
  overlay:
    description:
      - Replaces the text of files, with C(REAL) as the key and C(TEMP) as the value. The configuration is linted as if
        C(REAL) had the text of C(TEMP).
      - C(REAL) need not exist. It is a path in I(root), or the path of the same file on the host.
    type: dict
    default: {}
  baseline:
    description: A file on the host, written by C(wp502lint baseline write), whose findings are accepted.
    type: path
  severities:
    description:
      - The severity of rules. The key is the ID or the name of a rule, the value C(off), C(note), C(warning) or C(error).
        A severity changes the effect of I(fail_on), not the verdict.
      - Not allowed together with I(config). A project file sets severities with C(rules).
    type: dict
    default: {}
  config:
    description: The project file on the host, such as C(/srv/site/.wp502lint.yaml). By default none is read.
    type: path
  verbose:
    description: Also return C(findings), C(not_checked) and C(report), which can be large.
    type: bool
    default: false
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

- name: Lint the host as it will be without PHP 8.2, whose files still exist
  wp502lint.wp502lint.check:
    paths: [/etc/nginx, /etc/php/8.4]
    severities:
      socket-mismatch: error

- name: Lint without failing
  wp502lint.wp502lint.check:
    paths: [/]
    fail_on: never
    verbose: true
  register: lint

- name: Show the full report
  ansible.builtin.debug:
    var: lint.report

- name: List the files with errors
  ansible.builtin.debug:
    msg: "{{ lint.findings | selectattr('severity', 'eq', 'error') | map(attribute='file') | unique }}"
"""

RETURN = r"""
msg:
  description:
    - The closing line of the report, which has the counts, and a line for each of the first findings as in C(first).
    - When the task fails, the first findings that make it fail, how many more exist, and the next step.
    - At most 15 lines and 2 KB.
  returned: always
  type: str
  sample: |-
    2 errors in 2 of 9 files
    /etc/nginx/sites-enabled/shop.conf:12: no pool listens on /run/php/shop.sock [WP201] and 1 more of this kind
    next: wp502lint explain WP201 says how to fix it; verbose: true returns all findings
summary:
  description: The number of findings by severity, and of what could not be checked.
  returned: when wp502lint reported
  type: dict
  contains:
    error:
      description: The number of errors.
      type: int
    warning:
      description: The number of warnings.
      type: int
    note:
      description: The number of notes.
      type: int
    not_checked:
      description: The number of entries in C(not_checked).
      type: int
  sample: {"error": 2, "warning": 0, "note": 1, "not_checked": 1}
first:
  description:
    - A line for each of the first four kinds of findings, the most severe first. It has the file, the line, the message and
      the rule of the first finding of its kind, and how many more there are.
    - Findings are of one kind when they have the same severity and rule, and messages that differ only in names and numbers.
  returned: when wp502lint reported
  type: list
  elements: str
  sample:
    - "/etc/nginx/sites-enabled/shop.conf:12: no pool listens on /run/php/shop.sock [WP201] and 1 more of this kind"
report:
  description: The report as text, line by line.
  returned: with I(verbose), when wp502lint ran to its end
  type: list
  elements: str
  sample:
    - "/etc/nginx/sites-enabled/shop.conf:12:22: error: no pool listens on /run/php/shop.sock [WP201 socket-mismatch]"
verdict:
  description:
    - The worst that will happen, such as C(nginx-refuses), C(apache-refuses), C(fpm-refuses), C(502), C(503), C(source),
      C(502-sometimes) or C(503-sometimes), regardless of I(fail_on). A 503 is what Apache answers where nginx answers
      502, and C(source) is PHP text that is sent to visitors.
    - If no finding predicts a failure, it is C(healthy) when every location that passes PHP requests was judged.
      Otherwise it is C(unknown) and the task warns. With I(strict) the task fails.
  returned: when wp502lint reported
  type: str
  sample: "502"
gateways:
  description: How many of the locations that pass PHP requests were judged.
  returned: when wp502lint reported
  type: dict
  contains:
    php:
      description: The number of locations that pass PHP requests, or may.
      type: int
    judged:
      description: The number of those that were judged.
      type: int
    reasons:
      description:
        - Why the others were not judged, the most frequent first. Each has C(why), C(count), and C(next), which says what to do.
        - Without I(verbose) the first four.
      type: list
      elements: dict
  sample: {"php": 46, "judged": 12, "reasons": [{"why": "no pool given", "count": 34, "next": "add /etc/php, or run wp502lint check /"}]}
rc:
  description:
    - The exit status of wp502lint. 0 without findings at or above I(fail_on), 1 with them, 2 when a path could not be read,
      an option is wrong or nothing was found to lint. Negative when a signal ended it.
  returned: when wp502lint was started
  type: int
  sample: 1
findings:
  description: All findings, as in the JSON report of wp502lint, whose schema is C(docs/report.schema.json).
  returned: with I(verbose), when wp502lint reported
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
      description: The file on the host. Missing when the finding is about something that is in no file.
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
      description: The other side of a mismatch. Each has C(file), C(line), C(column) and C(message).
      type: list
      elements: dict
    log:
      description: The lines that the servers will write.
      type: list
      elements: str
    fixes:
      description: The possible fixes, each with C(title), C(safe) and C(edits).
      type: list
      elements: dict
    url:
      description: The address of the rule's page.
      type: str
    fingerprint:
      description: An identifier that does not change when lines move.
      type: str
      sample: 183fea70d27971ed
not_checked:
  description: What could not be checked, each with C(rule) and C(missing), or C(file) and C(why).
  returned: with I(verbose), when wp502lint reported
  type: list
  elements: dict
  sample: [{"rule": "WP106", "missing": ["memory"], "why": "memory unknown"}]
version:
  description: The version of wp502lint.
  returned: when wp502lint reported
  type: str
"""

import json
import os
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_native

from ansible_collections.wp502lint.wp502lint.plugins.module_utils.program import (
    LINES,
    SEVERITIES,
    ModuleError,
    cut,
    describe,
    find,
    group,
    run,
    shorten,
)


def validate(params):
    """Requires something to lint, absolute paths, as a task's working directory is arbitrary, and known severities."""
    if not (params["paths"] or params["root"] or params["config"]):
        raise ModuleError("nothing to lint: set paths, such as /, or root, or config")
    for rule, severity in sorted(params["severities"].items()):
        if severity is False:
            # YAML reads an unquoted off as false.
            params["severities"][rule] = "off"
        elif severity not in ("off", "note", "warning", "error"):
            raise ModuleError("severities: expected off, note, warning or error for %s, got %s" % (rule, severity))
    if params["severities"] and params["config"]:
        raise ModuleError("severities: not allowed together with config; write them as rules into %s" % params["config"])
    given = [("paths", path) for path in params["paths"]]
    given += [(name, params[name]) for name in ("root", "facts", "baseline", "config") if params[name]]
    for real, temp in sorted(params["overlay"].items()):
        if "=" in real:
            raise ModuleError("overlay: %s contains an equals sign, which separates the two files of --overlay" % real)
        given += [("overlay", real), ("overlay of %s" % real, temp)]
    for name, path in given:
        if not isinstance(path, str) or not os.path.isabs(path):
            raise ModuleError("%s: %s is not an absolute path" % (name, path))


def command(program, params, folder):
    """Returns the command. No value of the task can be read as a flag, as each follows an equals sign or is absolute."""
    argv = [program, "check", "--format=json", "--format=text=" + os.path.join(folder, "report"), "--color=never"]
    config = params["config"]
    if not config:
        # A temporary one, so that the program does not search the parent folders. JSON is YAML.
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


def read_text(folder):
    """Returns the lines of the report as text."""
    try:
        with open(os.path.join(folder, "report"), "rb") as report:
            text = to_native(report.read()).strip("\n")
    except (IOError, OSError):
        return []
    return text.split("\n") if text else []


def unchecked(item):
    """Returns the line of a message about something that was not checked."""
    where = item.get("rule") or item.get("file", "")
    if item.get("line"):
        where += ":%d" % item["line"]
    return cut("%s: not checked: %s" % (where, item.get("why", "")))


def summarize(report, lines):
    """Returns the closing line of the report, the counts and the first lines about the findings."""
    found = report["findings"]
    summary = dict((severity, len([f for f in found if f["severity"] == severity])) for severity in SEVERITIES)
    summary["not_checked"] = len(report["notChecked"])
    return cut(lines[-1]) if lines else "", summary, [describe(same) for same in group(found)[:LINES]]


def explain(failed):
    """Returns the lines of a message about the findings that make the task fail: the first ones, and what to do next."""
    groups = group(failed)
    lines = [describe(same) for same in groups[:LINES]]
    rest = groups[LINES:]
    if rest:
        lines.append("and %d more findings of %d other kinds" % (sum(len(same) for same in rest), len(rest)))
    return lines + ["next: wp502lint explain %s says how to fix it; verbose: true returns all findings" % groups[0][0]["rule"]]


def fails(finding, fail_on):
    """Says whether a finding makes the task fail."""
    return fail_on != "never" and SEVERITIES.index(finding["severity"]) <= SEVERITIES.index(fail_on)


def reported(report, lines, verbose):
    """Returns what the task returns of a report. Only verbose returns what grows with the configuration."""
    gateways = dict(report.get("gateways", {}))
    closing, summary, first = summarize(report, lines)
    result = dict(verdict=report["verdict"], gateways=gateways, summary=summary, first=first, version=report["tool"]["version"])
    if verbose:
        result.update(findings=report["findings"], not_checked=report["notChecked"])
    else:
        gateways["reasons"] = gateways.get("reasons", [])[:LINES]
    return closing, result


def check(module):
    """Lints and returns what the task returns, or raises ModuleError."""
    params = module.params
    validate(params)
    program = find(params["executable"])
    folder = tempfile.mkdtemp(prefix="wp502lint-", dir=module.tmpdir)
    rc, report, stderr = run(module, command(program, params, folder), folder)
    lines = read_text(folder)
    result = dict(rc=rc)
    if params["verbose"]:
        result["report"] = lines
    closing, failed = "", []
    if report is not None:
        closing, more = reported(report, lines, params["verbose"])
        result.update(more)
        failed = [f for f in report["findings"] if fails(f, params["fail_on"])]
    if rc == 2:
        text = ["wp502lint cannot check this:"] + shorten(stderr.split("\n"))
        raise ModuleError("\n".join(text + ([closing] + explain(failed) if failed else [])), **result)
    if stderr:
        module.warn("\n".join(shorten(stderr.split("\n"))))
    if rc == 1:
        if failed:
            raise ModuleError("\n".join([closing] + explain(failed)), **result)
        text = ["not everything could be checked, and strict is true", closing] + [unchecked(n) for n in report["notChecked"][:LINES]]
        raise ModuleError("\n".join(text + ["next: give the missing facts or files; verbose: true returns all of not_checked"]), **result)
    if report["verdict"] == "unknown":
        module.warn("the verdict is unknown: " + closing)
    return dict(result, msg="\n".join([closing] + result["first"]))


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
            verbose=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    try:
        result = check(module)
    except ModuleError as error:
        module.fail_json(msg=str(error), changed=False, **error.result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
