#!/bin/sh
# The journal of an upgrade: what puts a host back when the upgrade fails or is
# interrupted. It is the folder of this script:
#
#   root      the folder that is / of the host
#   plan.json what wp502lint planned
#   list      an action and its argument on each line: "edit etc/nginx/x", "back start systemctl start x"
#   before    the files that change, as they were
#   folders   the folders that did not exist, the upper ones first
#   after     the checksums of the files that were written
#
# save ROOT makes it in FOLDER.new, seal completes it after the files were written, and close
# removes it. restore puts everything back and removes it too; by hand that is
# "sh FOLDER/journal.sh restore".
set -u
umask 077
journal=$(cd "$(dirname "$0")" && pwd -P) || exit 2
failed=0 root=''

wrong() {
    echo "$1" >&2
    failed=1
}

# each runs the command $2 with the argument of each line of the list whose action is in $1.
each() {
    while IFS= read -r line; do
        case " $1 " in
        *" ${line%% *} "*) "$2" "${line#* }" || return ;;
        esac
    done <"$journal/list"
}

# An edit or a removal: with what no module keeps, such as access control lists.
save_file() { cp -a --parents -- "$1" "$journal/before/"; }

# A new name: notes which of its folders do not exist.
save_folders() {
    folder=$1
    missing=''
    while folder=$(dirname -- "$folder") && [ "$folder" != . ] && ! [ -d "$folder" ]; do
        missing="$folder
$missing"
    done
    printf '%s' "$missing" >>"$journal/folders"
}

# The list comes on stdin. A journal has its name only when it can restore everything.
save() {
    root=$1
    printf '%s\n' "$root" >"$journal/root" && cat >"$journal/list" || return
    rm -rf "$journal/before" && mkdir "$journal/before" && : >"$journal/folders" || return
    if grep -vE '^((edit|remove|create|link) [^/]|back [a-z-]+ .)' "$journal/list"; then
        wrong 'these lines of the plan cannot be kept'
        return 1
    fi
    cd "$root" && each 'edit remove' save_file && each 'create link' save_folders || return
    sort -u "$journal/folders" -o "$journal/folders" && sync && mv -T "$journal" "${journal%.new}"
}

sum_file() { [ -L "${root%/}/$1" ] || ! [ -f "${root%/}/$1" ] || sha256sum -- "$1" >>"$journal/after.new"; }

seal() { cd "$root" && : >"$journal/after.new" && each 'edit create' sum_file && mv "$journal/after.new" "$journal/after"; }

# ours says whether a file has what was written, so that nothing of anybody else is lost.
ours() {
    [ ! -e "$journal/after" ] || [ -L "${root%/}/$1" ] || [ ! -e "${root%/}/$1" ] ||
        sha256sum -- "$1" | grep -qxF -f - "$journal/after"
}

remove_new() {
    [ -e "$1" ] || [ -L "$1" ] || return 0
    if ours "$1"; then
        rm -f -- "$1" && echo "removed ${root%/}/$1" || wrong "${root%/}/$1 cannot be removed"
    else
        wrong "${root%/}/$1 has changed since it was written, and stays"
    fi
}

same() {
    if [ -L "$1" ] || [ -L "$2" ]; then
        [ "$(readlink -- "$1")" = "$(readlink -- "$2")" ]
    else
        cmp -s -- "$1" "$2"
    fi
}

# Beside its place and then by a rename, so that it is whole at every moment.
put_back() {
    beside=$(dirname -- "$1")/.$(basename -- "$1").wp502lint
    if same "$journal/before/$1" "$1"; then
        return 0
    elif ! ours "$1"; then
        wrong "${root%/}/$1 has changed since it was written, and stays; as it was before: $journal/before/$1"
    elif cp -a --remove-destination -- "$journal/before/$1" "$beside" && mv -fT -- "$beside" "$1"; then
        echo "restored ${root%/}/$1"
    else
        rm -f -- "$beside"
        wrong "${root%/}/$1 cannot be restored"
    fi
}

# A restart is that of a PHP-FPM that no site uses.
run_back() {
    if output=$(sh -c "${1#* }" 2>&1 </dev/null); then
        echo "ran ${1#* }"
    elif [ "${1%% *}" = restart ]; then
        echo "failed, but no site uses it: ${1#* }: $(printf '%s\n' "$output" | tail -n 1)"
    else
        wrong "${1#* }: $(printf '%s\n' "$output" | tail -n 1)"
    fi
}

restore() {
    cd "$root" || return
    each 'create link' remove_new
    sort -r "$journal/folders" | while IFS= read -r folder; do
        ! [ -d "$folder" ] || rmdir -- "$folder" || echo "${root%/}/$folder is not empty, and stays" >&2
    done
    each 'edit remove' put_back
    # With some of the files as they were, the servers go on with what they have.
    [ "$failed" -ne 0 ] || each back run_back
    [ "$failed" -ne 0 ] || close
}

# By a rename, since half a journal restores only half.
close() {
    rm -rf "$journal.done" && mv -T "$journal" "$journal.done" && rm -rf "$journal.done" || return
    rmdir -- "$(dirname "$journal")" 2>/dev/null || :
}

[ "${1-}" = save ] || root=$(cat "$journal/root") || exit 2
case ${1-} in
save) save "${2:?}" || failed=1 ;;
seal) seal || failed=1 ;;
restore) restore || failed=1 ;;
close) close || failed=1 ;;
*) wrong 'usage: journal.sh save ROOT | seal | restore | close' ;;
esac
exit "$failed"
