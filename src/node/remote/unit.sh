# shellcheck shell=sh disable=SC2034
# Deeds with systemd's units.
: "${cp_active?}" "${cp_main?}" "${cp_group?}" "${cp_now?}" "${cp_frozen?}" "${cp_state:?}" "${cp_patience:?}"
: "${done_already?}" "${never_idle?}"

# UNIT COMMAND SECONDS RUN
act_stop_idle() {
    tell_time
    stop_until=$((cp_now + $3))
    while :; do
        read_unit "$1" || return 1
        case $cp_active in inactive | failed) return "$done_already" ;; esac
        if only_child "$cp_main" "$2"; then
            mark_stopped "$1" "$4" || return 1
            stop_frozen "$1" "$2" && return
            [ -n "$cp_frozen" ] || return 1
            thaw
            rm -f -- "$cp_mark"
        fi
        tell_time
        [ "$cp_now" -lt "$stop_until" ] || return "$never_idle"
        sleep 0.1
    done
}

# Freezes the unit before the second look: it can then not wake up between that look and its end. systemd follows
# its SIGTERM with a SIGCONT. Comes back with cp_frozen set where the unit was not idle after all.
stop_frozen() {
    cp_frozen=$cp_main
    kill -STOP "$cp_main" 2>/dev/null || return 1
    only_child "$cp_main" "$2" || return 1
    if ! systemctl stop -- "$1"; then
        thaw
        return 1
    fi
    cp_frozen=''
    stop_tries=0
    while [ -n "$cp_group" ] && [ -n "$(processes_of "$cp_group")" ]; do
        stop_tries=$((stop_tries + 1))
        [ "$stop_tries" -lt 50 ] || { say "something of $1 goes on running" && return 1; }
        sleep 0.1
    done
    read_unit "$1" || return 1
    case $cp_active in inactive | failed) return ;; esac
    say "$1 is $cp_active after it was stopped"
    return 1
}

# CGROUP, in the hierarchy of today or of old.
processes_of() {
    cat "/sys/fs/cgroup$1/cgroup.procs" "/sys/fs/cgroup/systemd$1/cgroup.procs" 2>/dev/null
}

thaw() {
    [ -z "$cp_frozen" ] || kill -CONT "$cp_frozen" 2>/dev/null
    cp_frozen=''
}

# PID COMMAND
only_child() {
    [ "$1" -gt 0 ] || return 1
    only_name=$2
    # shellcheck disable=SC2046 # split into process ids
    set -- $(cat "/proc/$1/task/"*/children 2>/dev/null || ps -o pid= --ppid "$1")
    [ $# -eq 1 ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$only_name" ]
}

# UNIT RUN. Written before the stop, so that whatever happens the unit is known to have run.
mark_stopped() {
    cp_mark=$cp_state/runs/$2/stopped-$1
    make_run_home "$2" || return 1
    command : >"$cp_mark" || return 1
    sync "$cp_mark" && flush_directory "$cp_state/runs/$2"
}

# UNIT RUN
act_start() {
    cp_mark=$cp_state/runs/$2/stopped-$1
    [ -e "$cp_mark" ] || return "$done_already"
    start_unit "$1"
    start_status=$?
    case $start_status in 0 | "$done_already") rm -f -- "$cp_mark" ;; esac
    return "$start_status"
}

start_unit() {
    read_unit "$1" || return 1
    case $cp_active in
    active | reloading)
        [ "$cp_main" -eq 0 ] || kill -CONT "$cp_main" 2>/dev/null
        return "$done_already"
        ;;
    esac
    systemctl start -- "$1"
}

# Of a unit whose file was edited systemd knows the old text until it is told to look.
act_restart() {
    case $(systemctl show --property=NeedDaemonReload -- "$1") in
    *NeedDaemonReload=yes*) systemctl daemon-reload || return 1 ;;
    esac
    restart_life=$(life_of "$1") || return 1
    tell_time
    restart_until=$((cp_now + cp_patience))
    timeout 90 systemctl restart -- "$1"
    restart_status=$?
    # As coreutils and as busybox say that the time is up.
    case $restart_status in 124 | 143) await_life "$1" ;; *) return "$restart_status" ;; esac
}

# An agent tells systemd that it is ready once it has reached a server, however long that takes. systemd goes on with
# the restart by itself; that the unit has begun anew is all that is waited for, and what it comes to is seen elsewhere.
await_life() {
    until [ "$(life_of "$1")" != "$restart_life" ]; do
        tell_time
        [ "$cp_now" -lt "$restart_until" ] || { say "$1 does not come to its end" && return 1; }
        sleep 0.5
    done
    read_unit "$1" || return 1
    case $cp_active in active | reloading | activating) return ;; esac
    say "$1 is $cp_active after it was restarted"
    return 1
}

# When the unit last began; systemd before 232 has no InvocationID.
life_of() {
    systemctl show -p InactiveExitTimestampMonotonic -- "$1"
}
