#!/bin/sh
# Runs specs in processes side by side, each taking the next piece, which is a
# folder's files or a long one:
#   sh spec/run.sh JOBS 'FILES AND FOLDERS' RUNNER...
# Of a piece that passes it tells a line, of another one all that it printed. The
# last line counts. A piece that ends without a count of its own (a crash) is a
# failure. One job, or one file, runs in sight, as it is.
set -u

# The longest first, so that the end waits for nothing long. An order only: a file
# that is not named here runs with its folder.
LONG='oom/oom every/atomic every/live fuzz/fuzz every/interrupts resume/resume
      every/neurons app/terminal/edit examples/song_stdp neuron/fine every/saved_bits
      every/trainers_connections'

# One piece: runs it, tells of it, notes "passed failed pending".
if [ "$1" = --piece ]; then
    list=$2 start=$(date +%s)
    shift 2
    xargs "$@" <"$list" >"$list.log" 2>&1
    status=$?
    name=$(head -n 1 "$list")
    [ "$(wc -l <"$list")" -eq 1 ] || name=${name%/*}
    # "N successes / N failures / N errors / N pending : ..."
    sum=$(grep -aE '^[0-9]+ success(es)? / [0-9]+ failures? / ' "$list.log" | tail -n 1)
    set -- ${sum:-0 - - 0 - - 0 - - 0}
    passed=$1 failed=$(($4 + $7)) pending=${10} note=
    if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$sum" ]; }; then
        failed=1 note=", ended with status $status"
    fi
    [ "$failed" -eq 0 ] || cat "$list.log"
    echo "$passed $failed $pending" >"$list.count"
    [ "$pending" -eq 0 ] || note=", $pending pending$note"
    printf '%-32s %5d passed, %d failed%s, %d s\n' "$name" "$passed" "$failed" "$note" \
        $(($(date +%s) - start))
    exit 0
fi

jobs=$1 specs=$2
shift 2

# What of the environment of who runs them specs would see: a home with settings,
# a terminal's size, code that interpreters load.
unset LUA_INIT LUA_INIT_5_4 LUA_PATH_5_4 LUA_CPATH_5_4 PYTHONPATH PYTHONSTARTUP \
    COLUMNS LINES NO_COLOR TMUX EDITOR VISUAL CDPATH TMPDIR SNNLUA_HISTORY \
    XDG_CONFIG_HOME XDG_STATE_HOME
export LC_ALL=C.UTF-8
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/home"
export HOME="$work/home"
umask 022

files=$(find $specs -name '*_spec.lua') || exit 1
files=$(echo "$files" | sed 's|^\./||; s|//*|/|g' | sort -u)
if [ "$jobs" -le 1 ] || [ "$(echo "$files" | wc -l)" -le 1 ]; then
    "$@" $specs
    exit
fi

n=100
for name in $LONG; do
    n=$((n + 1))
    echo "$files" | grep -x "spec/${name}_spec.lua" >"$work/$n"
done
cat "$work"/1?? >"$work/long"
for folder in $(echo "$files" | sed 's|/[^/]*$||' | sort -u); do
    n=$((n + 1))
    echo "$files" | grep -vxFf "$work/long" | grep -x "$folder/[^/]*" >"$work/$n"
done
find "$work" -name '1??' -size +0 | sort |
    xargs -P "$jobs" -I{} sh "$0" --piece {} "$@" || exit 1
cat "$work"/*.count | awk '{ good += $1; bad += $2; open += $3 }
    END { printf "%d passed, %d failed, %d pending\n", good, bad, open; exit bad > 0 }'
