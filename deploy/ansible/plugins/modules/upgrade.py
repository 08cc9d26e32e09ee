#!/usr/bin/python
# Copyright (c) the wp502lint authors
# MIT License (see LICENSE or https://opensource.org/license/mit)
"""Runs wp502lint upgrade on a host, and returns the plan."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: upgrade
short_description: Plan how a host goes to another PHP version without a 502, and change its files
version_added: "1.0.0"
author: The wp502lint authors (@wp502lint)
description:
  - Runs C(wp502lint upgrade), which plans the new pools, the settings that they need, the lines of nginx and Apache, and the
    commands in their order. The host is linted with the plan.
  - Changes files only with I(write), all of them or none, and never runs a command of the plan. The role
    C(wp502lint.wp502lint.php_upgrade) does, and restores everything when a step fails.
  - Fails when the plan is refused, or when the host has an error after it.
  - Only the task decides what is planned. Variables named C(WP502LINT_...) in the environment of the host, and project
    files that the task does not name, are ignored.
requirements:
  - wp502lint on the host that runs the task
attributes:
  check_mode:
    description: Plans, and writes nothing.
    support: full
  diff_mode:
    description: With I(write) it shows the changes as a patch, in which secrets are hidden.
    support: full
  platform:
    description: Runs on Linux and macOS.
    platforms: posix
    support: full
options:
  from_version:
    description: The PHP version that answers now, such as C("8.2").
    type: str
    required: true
  to_version:
    description: The PHP version that is to answer, such as C("8.4"). Its PHP-FPM must be installed.
    type: str
    required: true
  root:
    description: The folder that is C(/) for all paths of the host.
    type: path
    default: /
  only:
    description: Files and folders in I(root). Only the sites in them move.
    type: list
    elements: str
    default: []
  drop_old:
    description: Also plan the commands that stop and disable the old PHP-FPM. Not allowed with I(only).
    type: bool
    default: false
  write:
    description: Change the files. The commands of the plan are then to be run in their order.
    type: bool
    default: false
  expected:
    description: The C(files) of an earlier plan. If the plan has other files now, the task fails before it writes.
    type: list
    elements: dict
    default: []
  ignore_existing:
    description:
      - Do not fail when the host has an error after the plan that it has now too, or a line that cannot move. A plan that
        is refused still fails.
    type: bool
    default: false
  executable:
    description: The name or the absolute path of the program.
    type: path
    default: wp502lint
  memory:
    description: The memory of the host, such as C(4GiB).
    type: str
  facts:
    description: A file on the host with what C(wp502lint facts) printed.
    type: path
  config:
    description: The project file on the host. By default none is read.
    type: path
"""

EXAMPLES = r"""
- name: Plan the upgrade
  wp502lint.wp502lint.upgrade:
    from_version: "8.2"
    to_version: "8.4"
  register: plan

- name: Show the commands that come after the files
  ansible.builtin.debug:
    msg: "{{ plan.commands | map(attribute='line') }}"
"""

RETURN = r"""
msg:
  description:
    - How many files change, how many commands are to be run, and what is left to people.
    - When the task fails, why, the first places, and the next step.
    - At most 15 lines and 2 KB.
  returned: always
  type: str
  sample: |-
    PHP 8.2 to 8.4: 2 files, 1 new; 8 commands to run
    /etc/sudoers.d/deploy names php8.2-fpm
files:
  description: The changes, each with C(action), which is C(create), C(edit), C(link) or C(remove), and with C(path) and C(at), the path in I(root).
  returned: when wp502lint planned
  type: list
  elements: dict
  sample: [{"action": "edit", "path": "/etc/nginx/sites-available/shop", "at": "/etc/nginx/sites-available/shop"}]
commands:
  description: What is to be run after the files are written, in this order. Each has C(do), C(what) and C(line).
  returned: when wp502lint planned
  type: list
  elements: dict
  sample: [{"do": "reload", "what": "nginx", "line": "systemctl reload nginx"}]
back:
  description: What undoes the commands once the files are as before.
  returned: when wp502lint planned
  type: list
  elements: dict
  sample: [{"do": "start", "what": "php8.2-fpm", "line": "systemctl start php8.2-fpm"}]
steps:
  description: What the plan does and what has to be known, each with C(kind), C(text), and if known C(why), C(path) and C(at).
  returned: when wp502lint planned
  type: list
  elements: dict
remaining:
  description: The errors that the host has after the plan, each with C(rule), C(at), the path in I(root), and C(message).
  returned: when wp502lint planned
  type: list
  elements: dict
  sample: [{"rule": "WP201", "at": "/etc/nginx/sites-enabled/old", "message": "no pool listens on /run/php/old.sock"}]
holds:
  description: Whether the plan can be carried out.
  returned: when wp502lint planned
  type: bool
refused:
  description: Why nothing can be done.
  returned: when the plan is refused
  type: str
written:
  description: Whether files were written.
  returned: when wp502lint planned
  type: bool
exit_status:
  description:
    - The exit status of wp502lint. 0 if the host has no error after the plan, 1 if it has one, not every line moves or the
      plan is refused, and 2 if something cannot be read or written.
  returned: when wp502lint planned
  type: int
  sample: 0
version:
  description: The version of wp502lint.
  returned: when wp502lint planned
  type: str
"""

import json
import os
import shutil
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.wp502lint.wp502lint.plugins.module_utils.program import (
    LINES,
    ModuleError,
    cut,
    describe,
    find,
    group,
    run,
    shorten,
)

# The reason of a refusal has its cause and often the next step: it may be longer than a line.
REASON = 500


def command(program, params, folder):
    """Returns the command without what it is to do. No value of the task can be read as a flag, as each follows an equals sign."""
    config = params["config"]
    if not config:
        # A temporary one, so that the program does not search the parent folders.
        config = os.path.join(folder, "project.yaml")
        with open(config, "w") as project:
            project.write("{}")
    argv = [program, "upgrade", "--from=" + params["from_version"], "--to=" + params["to_version"], "--root=" + params["root"], "--config=" + config]
    for name in ("memory", "facts"):
        if params[name]:
            argv.append("--%s=%s" % (name, params[name]))
    argv += ["--in=" + path for path in params["only"]]
    if params["drop_old"]:
        argv.append("--drop-old")
    return argv


def finding(of):
    """Returns a finding of a plan in the shape of one of a report."""
    return dict(rule=of["rule"], severity=of["severity"], message=of["message"], file=of["at"]["path"], line=of["at"]["line"], at=of["at"]["at"])


def errors(plan, kind):
    """Returns the errors among the findings of a plan."""
    return [finding(of) for of in plan["gate"][kind] if of["severity"] == "error"]


def places(found):
    """Returns the lines of a message about findings."""
    groups = group(found)
    lines = [describe(same) for same in groups[:LINES]]
    rest = groups[LINES:]
    if rest:
        lines.append("and %d more findings of %d other kinds" % (sum(len(same) for same in rest), len(rest)))
    return lines


def told(step):
    """Returns the line of a message about what a plan leaves to people."""
    place = step.get("at")
    where = "%s:%d: " % (place["path"], place["line"]) if place else ""
    return cut(where + step["text"])


def count(items, word):
    """Returns how many items there are, in words."""
    return "%d %s%s" % (len(items), word, "" if len(items) == 1 else "s")


def summary(plan):
    """Returns the lines that say what a plan does."""
    lines = ["PHP %s to %s: nothing is left to change" % (plan["from"], plan["to"])]
    if plan["files"]:
        new = len([f for f in plan["files"] if f["action"] in ("create", "link")])
        lines = ["PHP %s to %s: %s, %d new; %s to run" % (
            plan["from"], plan["to"], count(plan["files"], "file"), new, count(plan["commands"], "command"))]
    tells = [told(step) for step in plan["steps"] if step["kind"] == "tell"]
    if len(tells) > 2 * LINES:
        tells[2 * LINES:] = ["and %d more; wp502lint upgrade prints them" % (len(tells) - 2 * LINES)]
    return lines + tells


def objection(plan, ignore_existing):
    """Returns the lines that say why a plan is not carried out; [] if it can be."""
    way = "PHP %s to %s" % (plan["from"], plan["to"])
    undone = "nothing was changed"
    brought = errors(plan, "brought")
    if plan.get("refused") or brought:
        lines = [cut("%s is refused: %s" % (way, plan.get("refused") or "the plan would bring an error"), REASON)]
        found = brought or [f for f in errors(plan, "after") if f["message"] in plan.get("refused", "")]
        after = "correct that, and run the play again"
        if found:
            lines += places(found)
            after += "; wp502lint explain %s says how" % found[0]["rule"]
        return lines + [undone, "next: " + after]
    left = errors(plan, "after")
    if plan["exit"] == 0 or ignore_existing:
        return []
    lines = ["%s: the host has an error that the upgrade does not correct" % way] + places(left)
    if not left:
        stay = [told(step) for step in plan["steps"] if step["kind"] == "tell" and step.get("at")]
        lines = ["%s: not every line can move" % way] + shorten(stay)
    after = "next: correct that" + ("; wp502lint explain %s says how" % left[0]["rule"] if left else "")
    return lines + [undone, after + "; ignore_existing: true upgrades the rest without it"]


def plan_of(module, argv, folder):
    """Runs the program, and returns its exit status and the plan, or raises ModuleError."""
    rc, plan, stderr = run(module, argv + ["--format=json"], folder)
    if plan is None:
        raise ModuleError("\n".join(["wp502lint cannot plan this:"] + shorten(stderr.split("\n")) + ["nothing was changed"]), rc=rc)
    result = dict(exit_status=rc, holds=False, remaining=errors(plan, "after"), version=plan["tool"]["version"])
    for name in ("files", "commands", "back", "steps", "written"):
        result[name] = plan[name]
    if plan.get("refused"):
        result["refused"] = plan["refused"]
    if rc == 2 and not plan.get("refused"):
        raise ModuleError("\n".join(["wp502lint cannot read all of this host:"] + shorten(stderr.split("\n")) + ["nothing was changed"]), **result)
    return plan, result


def upgrade(module):
    """Plans, writes if wanted, and returns what the task returns, or raises ModuleError."""
    params = module.params
    if params["only"] and params["drop_old"]:
        raise ModuleError("drop_old is not allowed together with only: the other sites still need the old PHP-FPM")
    for name in ("root", "facts", "config"):
        if params[name] and not os.path.isabs(params[name]):
            raise ModuleError("%s: %s is not an absolute path" % (name, params[name]))
    program = find(params["executable"])
    folder = tempfile.mkdtemp(prefix="wp502lint-", dir=module.tmpdir)
    try:
        argv = command(program, params, folder)
        plan, result = plan_of(module, argv, folder)
        lines = objection(plan, params["ignore_existing"])
        if lines:
            raise ModuleError("\n".join(lines), **result)
        result.update(msg="\n".join(summary(plan)), changed=False, holds=True)
        if params["expected"] and params["expected"] != plan["files"]:
            raise ModuleError("the host has changed since it was planned; nothing was changed", **result)
        if params["write"] and plan["files"]:
            result["changed"] = True
            if module._diff:
                patch = module.run_command(argv + ["--diff"], cwd=folder, expand_user_and_vars=False)[1]
                result["diff"] = dict(prepared=to_text(patch))
            if not module.check_mode:
                write(module, argv, folder, plan)
                result["written"] = True
        return result
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(module, argv, folder, planned):
    """Writes the files of a plan, or raises ModuleError."""
    plan, result = plan_of(module, argv + ["--write"], folder)
    same = json.dumps([plan["files"], plan["commands"]], sort_keys=True) == json.dumps([planned["files"], planned["commands"]], sort_keys=True)
    if not plan["written"] or not same:
        raise ModuleError("the host has changed while its files were written", **result)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            from_version=dict(type="str", required=True),
            to_version=dict(type="str", required=True),
            root=dict(type="path", default="/"),
            only=dict(type="list", elements="str", default=[]),
            drop_old=dict(type="bool", default=False),
            write=dict(type="bool", default=False),
            expected=dict(type="list", elements="dict", default=[]),
            ignore_existing=dict(type="bool", default=False),
            executable=dict(type="path", default="wp502lint"),
            memory=dict(type="str"),
            facts=dict(type="path"),
            config=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    try:
        result = upgrade(module)
    except ModuleError as error:
        module.fail_json(msg=str(error), changed=False, **error.result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
