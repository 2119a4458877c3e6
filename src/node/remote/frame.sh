# shellcheck shell=sh disable=SC2034
# Answers a batch of steps on the first standard output, each part of an answer up to a line that nobody else knows.
# Thousands of steps are made in a migration: what the shell itself can do starts no program, nor another shell.
#
# The deeds and questions follow and read what is set here. The program that sends all this puts the variables
# below in front of it and one function, `batch`, behind it; the very last line calls that function. A script that
# arrives cut off therefore does nothing at all.
: "${cp_nonce:?}" "${cp_path:?}" "${cp_scratch:?}" "${cp_flock:?}" "${cp_state:?}" "${cp_patience:?}"

set -u
umask 077
LC_ALL=C
PATH=$cp_path
export LC_ALL PATH
cd /

# What a command says must not get between the frames.
exec 3>&1 1>&2

cp_dir='' cp_copy='' cp_frozen='' cp_code=0 cp_status=0 cp_now=0
cp_load='' cp_active='' cp_main=0 cp_group='' cp_home='' cp_digest='' cp_count=0
done_already=10 held_by_run=11 drifted=12 differ=13 held_by_file=14 never_idle=15 went_wrong=16 busy=17
not_spared=18 not_up=19 taken_over=22
absent=20 answer_no=21

begin() {
    trap clean_up EXIT
    # With a handler, and not ignored: the commands that run here start with the default again.
    trap 'exit 1' HUP INT TERM PIPE
    cp_dir=$(mktemp -d "$cp_scratch/cpctl.XXXXXX") || exit 1
    printf '\n%s\n' "$cp_nonce" >&3
}

finish() {
    printf 'end\n' >&3
    exit 0
}

clean_up() {
    [ -z "$cp_frozen" ] || kill -CONT "$cp_frozen" 2>/dev/null
    [ -z "$cp_copy" ] || rm -f -- "$cp_copy"
    [ -z "$cp_dir" ] || rm -rf -- "$cp_dir"
}

# Carries out one step and answers; what follows a step that cannot be done is left alone.
step() {
    begin_step "$1"
    shift
    # By way of a file, because something that was started may write on: what is there by now is told.
    "$@" 3>&- >"$cp_dir/out" 2>"$cp_dir/err" || cp_code=$?
    [ ! -s "$cp_dir/out" ] || cat "$cp_dir/out" >&3
    end_step
}

# The same for a question, which starts nothing that outlives it.
ask() {
    begin_step "$1"
    shift
    "$@" >&3 2>"$cp_dir/err" 3>&- || cp_code=$?
    end_step
}

begin_step() {
    cp_code=0 cp_status=0
    printf '%d\n' "$1" >&3
}

end_step() {
    printf '\n%s\n%d %d\n' "$cp_nonce" "$cp_code" "$cp_status" >&3
    [ ! -s "$cp_dir/err" ] || cat "$cp_dir/err" >&3
    printf '\n%s\n' "$cp_nonce" >&3
    case $cp_code in
    0 | "$done_already" | "$absent" | "$answer_no") ;;
    *) finish ;;
    esac
}

say() {
    printf '%s\n' "$*" >&2
}

# PATH. Fills cp_home with what dirname prints, for nearly every path without it.
find_home() {
    case $1 in
    *//* | ?*/) cp_home=$(dirname -- "$1") ;;
    /*/*) cp_home=${1%/*} ;;
    /*) cp_home=/ ;;
    *) cp_home=$(dirname -- "$1") ;;
    esac
}

# Seconds since the machine started: the clock of the day may jump.
tell_time() {
    IFS=. read -r cp_now cp_rest </proc/uptime
    : "$cp_rest"
}

# UNIT. Fills cp_load, cp_active, cp_main and cp_group.
read_unit() {
    show_units "$1" >"$cp_dir/unit" && read_shown "$cp_dir/unit" 1
}

# UNIT... Of each a part, in this order, with an empty line between two.
show_units() {
    systemctl show -p LoadState -p ActiveState -p MainPID -p ControlGroup -- "$@"
}

# FILE NUMBER. Fills the same from the part of that number, from one, and cp_count with how many there are.
read_shown() {
    cp_load='' cp_active='' cp_main=0 cp_group='' cp_count=1
    while IFS='=' read -r cp_key cp_value; do
        case $cp_key in
        '') cp_count=$((cp_count + 1)) ;;
        *) [ "$cp_count" = "$2" ] || continue ;;
        esac
        case $cp_key in
        LoadState) cp_load=$cp_value ;;
        ActiveState) cp_active=$cp_value ;;
        MainPID) cp_main=$cp_value ;;
        ControlGroup) cp_group=$cp_value ;;
        esac
    done <"$1"
    [ -n "$cp_load" ] && [ -n "$cp_active" ]
}
