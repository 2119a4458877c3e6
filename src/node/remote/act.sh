# shellcheck shell=sh
# Deeds. Each is whole: a file is finished under another name and renamed, and every deed can be done again.
: "${cp_copy?}" "${cp_state:?}" "${cp_flock:?}" "${cp_patience:?}" "${cp_now?}" "${cp_home?}" "${cp_digest?}" "${done_already?}"
: "${held_by_run?}" "${taken_over?}" "${drifted?}" "${differ?}" "${held_by_file?}" "${went_wrong?}" "${busy?}" "${absent?}"

# Waits for the commands that a dead client left running; they hold the lock until the last of them is gone.
hold_machine() {
    command -v flock >/dev/null || { say "there is no program flock" && return 1; }
    command exec 9>>"$cp_flock" || return 1
    tell_time
    hold_until=$((cp_now + cp_patience))
    until flock -n 9; do
        tell_time
        [ "$cp_now" -lt "$hold_until" ] || return "$busy"
        sleep 0.1
    done
}

# RUN HOLDER; the lock's text on stdin.
act_lock() {
    take_lock "$1" "$2" refuse
}

# The same; of two processes at work on one run the earlier is refused from now on.
act_take_over() {
    take_lock "$1" "$2" replace
}

take_lock() {
    make_run_home "$1" || return 1
    name_copy "$cp_state/lock"
    if ! base64 -d >"$cp_copy" || ! sync "$cp_copy"; then
        give_up
        return
    fi
    if ln -T -- "$cp_copy" "$cp_state/lock" 2>/dev/null; then
        drop_copy
        flush_directory "$cp_state"
        return
    fi
    if holds_lock "$1"; then
        keep_lock "$1" "$2" "$3"
        return
    fi
    drop_copy
    # A run that was refused leaves nothing; one with a record keeps it.
    rmdir -- "$cp_state/runs/$1" 2>/dev/null || :
    [ -e "$cp_state/lock" ] || { say "the lock cannot be made" && return 1; }
    cat -- "$cp_state/lock"
    return "$held_by_run"
}

keep_lock() {
    if act_hold "$1" "$2"; then
        drop_copy
        return "$done_already"
    fi
    if [ "$3" = replace ]; then
        rename_copy "$cp_state/lock"
        return
    fi
    drop_copy
    return "$taken_over"
}

# RUN HOLDER
act_hold() {
    holds_lock "$1" && holds "$cp_state/lock" "\"holder\":\"$2\"" && return
    return "$taken_over"
}

act_unlock() {
    holds_lock "$1" || return "$done_already"
    rm -f -- "$cp_state/lock" || return 1
    flush_directory "$cp_state"
}

# JSON escapes every quote inside a string, so this can only be the key itself.
holds_lock() {
    holds "$cp_state/lock" "\"run\":\"$1\""
}

# FILE TEXT. Whether a line holds it.
holds() {
    [ -f "$1" ] || return 1
    while read -r cp_line || [ -n "$cp_line" ]; do
        case $cp_line in *"$2"*) return 0 ;; esac
    done <"$1"
    return 1
}

# RUN FILE DIGEST; the bytes on stdin.
act_record() {
    make_run_home "$1" || return 1
    name_copy "$cp_state/runs/$1/$2"
    if fill_copy "$3" && rename_copy "$cp_state/runs/$1/$2"; then return; fi
    give_up
}

# RUN
make_run_home() {
    [ -d "$cp_state/runs/$1" ] || mkdir -p -- "$cp_state" "$cp_state/runs" "$cp_state/runs/$1"
}

# PATH BEFORE AFTER; the bytes on stdin.
act_write() {
    cp_target=$(readlink -f -- "$1") || { say "it is not there" && return 1; }
    [ -f "$cp_target" ] || return "$drifted"
    read_veiled_digest "$cp_target" || return 1
    cp_seen=$cp_digest
    read_digest "$cp_target" || return 1
    cp_held=$cp_digest
    # A text that was not read here before may hold secrets of its own.
    [ "$cp_seen" != "$3" ] && [ "$cp_held" != "$3" ] || return "$done_already"
    [ "$cp_seen" = "$2" ] || return "$drifted"
    name_copy "$cp_target"
    if ! copy_with_facts "$cp_target" "$cp_copy" || ! fill_copy_unveiled "$3" "$cp_target"; then
        give_up
        return
    fi
    # Its secrets too: those that were put in are the ones of a moment ago.
    if ! read_digest "$cp_target"; then
        give_up
        return
    fi
    if [ "$cp_digest" != "$cp_held" ]; then
        drop_copy
        return "$drifted"
    fi
    rename_copy "$cp_target" || give_up
}

# FILE COPY
act_keep() {
    [ ! -e "$2" ] || return "$done_already"
    [ -f "$1" ] || { say "it is not a regular file" && return 1; }
    name_copy "$2"
    [ -d "$cp_home" ] || mkdir -p -- "$cp_home" || return 1
    if ! copy_with_facts "$1" "$cp_copy" || ! sync "$cp_copy" || ! ln -T -- "$cp_copy" "$2"; then
        give_up
        return
    fi
    drop_copy
    flush_directory "$cp_home"
}

# FILE COPY surely|perhaps DIGEST|-
act_put_back() {
    if [ ! -f "$2" ]; then
        [ "$3" = surely ] || return "$done_already"
        say "its copy $2 is gone"
        return 1
    fi
    cp_target=$(readlink -f -- "$1") || return 1
    if cmp -s -- "$2" "$cp_target"; then
        [ "$(facts_of "$2")" != "$(facts_of "$cp_target")" ] || return "$done_already"
    elif [ "$4" != - ] && [ -e "$cp_target" ]; then
        read_veiled_digest "$cp_target" || return 1
        [ "$cp_digest" = "$4" ] || return "$drifted"
    fi
    name_copy "$cp_target"
    if ! copy_with_facts "$2" "$cp_copy" || ! sync "$cp_copy" || ! cmp -s -- "$2" "$cp_copy"; then
        give_up
        return
    fi
    rename_copy "$cp_target" || give_up
}

# LEFT RIGHT
act_same() {
    [ -f "$1" ] || { say "$1 is not there" && return 1; }
    [ -f "$2" ] || { say "$2 is not there" && return 1; }
    cmp -s -- "$1" "$2"
    case $? in
    0) ;;
    1) return "$differ" ;;
    *) say "they cannot be compared" && return 1 ;;
    esac
}

act_read() {
    [ -e "$1" ] || return "$absent"
    [ -f "$1" ] || { say "it is not a regular file" && return 1; }
    veiled "$1"
}

# The command line. What it starts keeps fd 9, so the machine's lock outlives this shell with it.
act_run() {
    (umask 022 && exec env "$@") </dev/null
    cp_status=$?
    [ "$cp_status" -eq 0 ] || return "$went_wrong"
}

# The command line; what it signs on stdin.
act_sign() {
    command -v "$1" >/dev/null || { say "there is no program $1" && return 1; }
    base64 -d | "$@"
    cp_status=$?
    [ "$cp_status" -eq 0 ] || return "$went_wrong"
}

# FILE...
act_flush() {
    for flush_file; do
        [ -e "$flush_file" ] || continue
        sync "$flush_file" || return 1
        find_home "$flush_file"
        flush_directory "$cp_home"
    done
}

# PATH SECONDS RUN. The run's id tells its own leftover from another program's lock.
act_lock_file() {
    tell_time
    lock_until=$((cp_now + $2))
    find_home "$1"
    until (set -C && printf '%s\n' "$3" >"$1") 2>/dev/null; do
        if [ ! -d "$cp_home" ] || [ ! -w "$cp_home" ]; then
            say "$cp_home cannot be written in"
            return 1
        fi
        if [ "$(cat -- "$1" 2>/dev/null)" = "$3" ]; then return "$done_already"; fi
        tell_time
        if [ "$cp_now" -ge "$lock_until" ]; then
            echo $(($(date +%s) - $(stat -c %Y -- "$1" 2>/dev/null || date +%s)))
            return "$held_by_file"
        fi
        sleep 0.1
    done
}

act_unlock_file() {
    [ "$(cat -- "$1" 2>/dev/null)" = "$2" ] || return "$done_already"
    rm -f -- "$1"
}
