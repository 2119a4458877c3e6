# shellcheck shell=sh
# Questions about what runs: units and processes.
: "${cp_dir?}" "${cp_count?}" "${cp_load?}" "${cp_active?}" "${cp_main?}" "${absent?}"

# UNIT... All that a look asks about: systemd is asked once, as the look begins. Where it does not tell of as many, each is
# asked about by itself.
foresee_units() {
    command -v systemctl >/dev/null || return 0
    if show_units "$@" >"$cp_dir/foreseen" 2>/dev/null && read_shown "$cp_dir/foreseen" 1 && [ "$cp_count" -eq $# ]; then
        return
    fi
    command : >"$cp_dir/foreseen"
}

# UNIT NUMBER, from one, among those that were foreseen.
ask_unit() {
    command -v systemctl >/dev/null || return "$absent"
    read_shown "$cp_dir/foreseen" "$2" || read_unit "$1" || return 1
    printf '%s %s %s\n' "$cp_active" "$cp_load" "$cp_main"
}

# Of each its number, its control group and how many arguments follow; every part ends with a NUL.
ask_processes() {
    for cp_name in /proc/[0-9]*; do
        { read -r cp_value <"$cp_name/comm"; } 2>/dev/null || continue
        [ "$cp_value" = "$1" ] || continue
        { tr '\0\n' '\n\1' <"$cp_name/cmdline" >"$cp_dir/text"; } 2>/dev/null || {
            [ ! -e "$cp_name/cmdline" ] || { say "the arguments of ${cp_name##*/} cannot be read" && return 1; }
            continue
        }
        [ -s "$cp_dir/text" ] || continue
        read_group "$cp_name/cgroup" 2>/dev/null
        cp_count=0
        while IFS= read -r cp_line; do
            cp_count=$((cp_count + 1))
        done <"$cp_dir/text"
        # Of a process that has written over its arguments the last one may not end.
        [ -z "$cp_line" ] || { cp_count=$((cp_count + 1)) && echo >>"$cp_dir/text"; }
        printf '%s\0%s\0%d\0' "${cp_name##*/}" "$cp_group" "$cp_count"
        veiled_copy "$cp_dir/text" >"$cp_dir/shown" || return 1
        tr '\n\1' '\0\n' <"$cp_dir/shown"
    done
}

# FILE. Fills cp_group with the control group that systemd goes by: the last that is one, of today or of old.
read_group() {
    cp_group=''
    while IFS=: read -r cp_key cp_rest cp_value; do
        case $cp_key:$cp_rest in 0: | *:name=systemd) cp_group=$cp_value ;; esac
    done <"$1"
}

# PATTERN. Units that nobody has loaded run nowhere and are none of the answer.
ask_units() {
    command -v systemctl >/dev/null || return "$absent"
    systemctl show -p Id -p LoadState -p ActiveState -p MainPID -- "$1" >"$cp_dir/units" || return 1
    # An empty line stands between two units.
    echo >>"$cp_dir/units" || return 1
    cp_name='' cp_load='' cp_active='' cp_main=0
    while IFS='=' read -r cp_key cp_value; do
        case $cp_key in
        Id) cp_name=$cp_value ;;
        LoadState) cp_load=$cp_value ;;
        ActiveState) cp_active=$cp_value ;;
        MainPID) cp_main=$cp_value ;;
        '')
            [ -z "$cp_name" ] || show_unit || return 1
            cp_name='' cp_load='' cp_active='' cp_main=0
            ;;
        esac
    done <"$cp_dir/units"
}

show_unit() {
    if [ -z "$cp_load" ] || [ -z "$cp_active" ]; then
        say "systemd tells of $cp_name in part"
        return 1
    fi
    # A unit without a file has nothing to show.
    systemctl cat -- "$cp_name" >"$cp_dir/text" 2>/dev/null || return 0
    printf '%s %s %s %s\n' "$cp_name" "$cp_active" "$cp_load" "$cp_main"
    veiled_copy "$cp_dir/text" || return 1
    printf '\0'
}
