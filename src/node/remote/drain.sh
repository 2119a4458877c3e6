# shellcheck shell=sh disable=SC2016
# Servers taken out of a HAProxy and put back.
: "${cp_dir?}" "${cp_state:?}" "${cp_now?}" "${cp_copy?}" "${cp_speak:?}" "${done_already?}" "${not_spared?}" "${not_up?}"

# What puts a server back: SOCKET BACKEND/SERVER. It is kept as a file beside the run's record for as long as the server
# is out, and goes with it. Whoever forced maintenance since wants the server out for longer.
cp_back='
admin=$(speak "$1" "show servers state ${2%%/*}" | while read -r _ _ _ name _ _ admin _; do
    [ "$name" != "${2#*/}" ] || echo "$admin"
done)
[ -n "$admin" ] || { echo "HAProxy does not know $2" >&2 && exit 1; }
if [ $((admin & 1)) -eq 0 ]; then
    said=$(speak "$1" "set server $2 state ready") || exit 1
    [ -z "$said" ] || { echo "$said" >&2 && exit 1; }
fi
rm -f -- "$0"
'

# SOCKET BACKEND/SERVER RUN REST BACK_AFTER
act_drain() {
    name_order "$2" "$3"
    read_server "$1" "$2" || return 1
    if [ ! -e "$cp_order" ]; then
        ! is_out || return "$done_already"
        others_are_up "$1" "$2" || return "$not_spared"
        keep_order "$3" || return 1
    else
        # Whoever forced maintenance since wants the server out for longer.
        [ $((cp_admin & 1)) -eq 0 ] || return "$done_already"
        others_are_up "$1" "$2" || return "$not_spared"
    fi
    forget_timer
    systemd-run --quiet --collect --unit="$cp_timer" --on-active="$5" --timer-property=AccuracySec=1s \
        /bin/sh "$cp_order" "$1" "$2" || return 1
    # Drained and not in maintenance: its checks go on, so that HAProxy knows whether it serves when it comes back.
    order "$1" "set server $2 state drain" || return 1
    tell_time
    drain_until=$((cp_now + $4))
    while read_server "$1" "$2" && [ "$cp_sessions" -gt 0 ] && [ "$cp_now" -lt "$drain_until" ]; do
        sleep 0.1
        tell_time
    done
}

# SOCKET BACKEND/SERVER RUN WITHIN, or - where it may be down
act_undrain() {
    name_order "$2" "$3"
    if [ -e "$cp_order" ]; then
        sh "$cp_order" "$1" "$2" || return 1
    fi
    forget_timer
    read_server "$1" "$2" || return 1
    ! is_out || return "$done_already"
    [ "$4" != - ] || return 0
    tell_time
    undrain_until=$((cp_now + $4))
    while read_server "$1" "$2"; do
        case $cp_status in UP | 'no check') return 0 ;; esac
        tell_time
        [ "$cp_now" -lt "$undrain_until" ] || break
        sleep 0.1
    done
    echo "$cp_status"
    return "$not_up"
}

# BACKEND/SERVER RUN. Fills cp_order and cp_timer.
name_order() {
    # The length tells where the backend's name ends: both may have dashes.
    order_backend=${1%%/*}
    cp_timer=cpctl-$2-${#order_backend}-$order_backend-${1#*/}
    cp_order=$cp_state/runs/$2/back-${#order_backend}-$order_backend-${1#*/}
}

# RUN. Written before the server is out, so that whatever happens it is known whose doing it is.
keep_order() {
    make_run_home "$1" || return 1
    name_copy "$cp_order"
    if printf '%s\n%s' "$cp_speak" "$cp_back" >"$cp_copy" && sync "$cp_copy" && rename_copy "$cp_order"; then
        return
    fi
    give_up
}

forget_timer() {
    systemctl stop "$cp_timer.timer" 2>/dev/null || :
}

# SOCKET LINE. HAProxy says nothing where it obeys.
order() {
    order_said=$(speak "$1" "$2") || return 1
    [ -z "$order_said" ] || { say "$order_said" && return 1; }
}

# SOCKET BACKEND/SERVER. Fills cp_admin (0 unless somebody said that it be out), cp_status and cp_sessions.
read_server() {
    speak "$1" "show servers state ${2%%/*}" >"$cp_dir/servers" || return 1
    speak "$1" 'show stat' >"$cp_dir/stat" || return 1
    cp_admin='' cp_status='' cp_sessions=''
    while read -r _ _ _ cp_name _ _ cp_value _; do
        [ "$cp_name" != "${2#*/}" ] || cp_admin=$cp_value
    done <"$cp_dir/servers"
    while IFS=, read -r cp_key cp_name _ _ cp_value _ _ _ _ _ _ _ _ _ _ _ _ cp_load _; do
        [ "$cp_key/$cp_name" != "$2" ] || cp_sessions=$cp_value cp_status=$cp_load
    done <"$cp_dir/stat"
    [ -n "$cp_admin" ] && [ -n "$cp_status" ] && return
    say "HAProxy does not know $2"
    return 1
}

# After read_server. A weight of nothing keeps clients away as well.
is_out() {
    [ "$cp_admin" -ne 0 ] || [ "$cp_status" = DRAIN ]
}

# SOCKET BACKEND/SERVER, after read_server. Says which others are not up.
others_are_up() {
    others=0 others_down=0
    while IFS=, read -r cp_key cp_name _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ cp_load _; do
        [ "$cp_key" = "${2%%/*}" ] || continue
        case $cp_name in "${2#*/}" | FRONTEND | BACKEND) continue ;; esac
        others=$((others + 1))
        case $cp_load in UP | 'no check') continue ;; esac
        echo "$cp_key/$cp_name is $cp_load"
        others_down=$((others_down + 1))
    done <"$cp_dir/stat"
    [ "$others" -gt 0 ] || { echo "${2%%/*} has no other server" && return 1; }
    [ "$others_down" -eq 0 ]
}
