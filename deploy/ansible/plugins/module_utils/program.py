# Copyright (c) the wp502lint authors
# MIT License (see LICENSE or https://opensource.org/license/mit)
"""What the modules share: they find wp502lint, run it, and turn what it prints into short messages."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import re
import signal

from ansible.module_utils.common.process import get_bin_path
from ansible.module_utils.common.text.converters import to_native, to_text

# The version of the JSON that the modules read.
REPORT = 1

INSTALL = "https://github.com/wp502lint/wp502lint/blob/main/docs/INSTALL.md"

SEVERITIES = ["error", "warning", "note"]

# A message is for a person at a terminal: this many lines of findings or of stderr,
# each of at most so many characters.
LINES = 4
WIDTH = 160


class ModuleError(Exception):
    """Why the task fails, and what else it returns."""

    def __init__(self, msg, **result):
        super(ModuleError, self).__init__(msg)
        self.result = result


def find(executable):
    """Returns the absolute path of the program."""
    if os.sep in executable:
        if not os.path.isabs(executable):
            raise ModuleError("executable: %s is neither a name nor an absolute path" % executable)
        if not os.path.isfile(executable):
            raise ModuleError("cannot find %s on this host; install wp502lint (%s) or set executable" % (executable, INSTALL))
        if not os.access(executable, os.X_OK):
            raise ModuleError("%s is not executable; set its mode to 0755, or set executable" % executable)
        return executable
    try:
        return get_bin_path(executable)
    except ValueError:
        raise ModuleError(
            "cannot find %s on this host in %s; install wp502lint (%s) or set executable to its absolute path"
            % (executable, os.environ.get("PATH", ""), INSTALL))


def run(module, argv, folder):
    """Runs the program and returns its exit status, its JSON report or None, and what it wrote to stderr."""
    for name in list(os.environ):
        # Each flag is also a variable, and --fix is a flag.
        if name.startswith("WP502LINT_"):
            del os.environ[name]
    try:
        rc, stdout, stderr = module.run_command(argv, cwd=folder, expand_user_and_vars=False, handle_exceptions=False)
    except (IOError, OSError) as err:
        raise ModuleError("cannot start %s: %s; is it built for this system?" % (argv[0], to_native(err.strerror or err)))
    stderr = to_native(stderr).strip()
    if rc < 0:
        name = next((s for s in dir(signal) if re.match("SIG[A-Z]", s) and getattr(signal, s) == -rc), "unknown")
        raise ModuleError(
            "signal %d (%s) ended %s before it could report; nothing is known about the configuration. Run the task again;"
            " after SIGKILL, look for a lack of memory with journalctl -k%s"
            % (-rc, name, argv[0], appended(stderr)), rc=rc)
    try:
        report = json.loads(to_text(stdout))
    except ValueError as err:
        report, why = None, "its output is not JSON: %s" % to_native(err)
    else:
        if not isinstance(report, dict) or report.get("version") != REPORT:
            report, why = None, "its output is not a report of version %d" % REPORT
    if rc not in (0, 1, 2) or report is None and rc != 2:
        raise ModuleError(
            "%s ended with %d, and %s; run \"%s --version\" to see whether it is wp502lint in a version for this collection%s"
            % (argv[0], rc, why if report is None else "wp502lint has no such exit status", argv[0], appended(stderr)), rc=rc)
    return rc, report, stderr


def cut(line, width=WIDTH):
    """Returns a line without its end when it is too long for a message."""
    return line if len(line) <= width else line[:width - 3] + "..."


def shorten(lines):
    """Returns the first lines, and how many more follow."""
    more = len(lines) - LINES
    return [cut(line) for line in lines[:LINES]] + (["%d more lines" % more] if more > 0 else [])


def appended(stderr):
    return "".join("\n" + line for line in shorten(stderr.split("\n"))) if stderr else ""


def shape(finding):
    """Returns what is the same in the findings of one cause: the rule and the message without names and numbers."""
    message = re.sub(r"\b(pool|upstream|site|server|container|user|group|account|zone|host) \S+", r"\1 *", finding["message"])
    return finding["severity"], finding["rule"], re.sub(r"\S*[^A-Za-z\s,;()]\S*", "*", message)


def group(findings):
    """Returns the findings of each cause, those of the most severe first."""
    groups = {}
    for finding in findings:
        groups.setdefault(shape(finding), []).append(finding)
    # The order of the report within a severity, also where dictionaries have none.
    place = dict((id(finding), i) for i, finding in enumerate(findings))
    return sorted(groups.values(), key=lambda same: (SEVERITIES.index(same[0]["severity"]), place[id(same[0])]))


def describe(same):
    """Returns the line of a message about the findings of one cause."""
    finding = same[0]
    end = " [%s]" % finding["rule"]
    if len(same) > 1:
        end += " and %d more of this kind" % (len(same) - 1)
    line = "" if finding["severity"] == "error" else finding["severity"] + ": "
    if finding.get("file"):
        line = "%s:%d: %s" % (finding["file"], finding["line"], line)
    return cut(line + finding["message"], WIDTH - len(end)) + end
