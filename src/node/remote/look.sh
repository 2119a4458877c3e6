# shellcheck shell=sh
# Questions that change nothing. Each prints its answer; `absent` and `answer_no` are answers too.
: "${cp_dir?}" "${cp_home?}" "${cp_state:?}" "${absent?}" "${answer_no?}"

# The facts and the bytes come through one open file, so that they belong together.
ask_file() {
    be_regular "$1" || return
    { stat -Lc '%a %u %g %Y %U %G' /proc/self/fd/0 && cat >"$cp_dir/text"; } <"$1" || return 1
    case $1 in
    # What this program wrote itself holds no secret.
    "$cp_state/lock" | "$cp_state"/runs/*/journal.jsonl) cat "$cp_dir/text" ;;
    *) veiled_copy "$cp_dir/text" ;;
    esac
}

be_regular() {
    [ -e "$1" ] || return "$absent"
    [ -f "$1" ] && return
    say "it is not a regular file"
    return 1
}

# The bytes of a key do not leave the machine.
ask_public_file() {
    be_regular "$1" || return
    if grep -q -e 'PRIVATE KEY-----' -- "$1"; then
        printf '%s holds a private key' "$1"
        return "$answer_no"
    fi
    ask_file "$1"
}

# Of a file that may hold a key: whole certificates and nothing else, those that a kubeconfig holds in base64 too.
ask_certificates() {
    be_regular "$1" || return
    for cp_name in awk base64; do
        command -v "$cp_name" >/dev/null || { printf 'there is no program %s' "$cp_name" && return "$answer_no"; }
    done
    certificates_in <"$1"
    sed -n "s/^[-[:space:]]*client-certificate-data:[[:space:]]*[\"']\{0,1\}\([A-Za-z0-9+/=]*\)[\"']\{0,1\}[[:space:]]*\$/\1/p" -- "$1" |
        while read -r cp_value || [ -n "$cp_value" ]; do
            printf '%s' "$cp_value" | base64 -d 2>/dev/null | certificates_in
        done
}

# A block that holds anything else, or ends otherwise than it began, is none.
certificates_in() {
    awk '
        { sub(/\r$/, "") }
        $0 == "-----BEGIN CERTIFICATE-----" { block = $0 "\n"; whole = 1; next }
        /^-----END CERTIFICATE-----/ { if (whole) printf "%s-----END CERTIFICATE-----\n", block; whole = 0; next }
        !/^[A-Za-z0-9+\/=]*$/ { whole = 0 }
        whole { block = block $0 "\n" }
    '
}

# A name that leads nowhere has no addresses, which getent tells by its status.
ask_resolved() {
    for cp_name in getent timeout; do
        command -v "$cp_name" >/dev/null || { printf 'there is no program %s' "$cp_name" && return "$answer_no"; }
    done
    cp_value=0
    timeout 10 getent ahosts "$1" >"$cp_dir/shown" || cp_value=$?
    case $cp_value in
    0) awk '{ print $1 }' "$cp_dir/shown" | sort -u ;;
    2) ;;
    # Busybox has the second one for it.
    124 | 143) printf 'getent gave no answer within 10 s' && return "$answer_no" ;;
    *) printf 'getent ended with status %d' "$cp_value" && return "$answer_no" ;;
    esac
}

ask_exists() {
    [ -e "$1" ] || [ -L "$1" ] || return "$absent"
}

ask_directory() {
    [ -e "$1" ] || return "$absent"
    [ -d "$1" ] || { say "it is not a directory" && return 1; }
    for cp_name in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        if [ -e "$cp_name" ] || [ -L "$cp_name" ]; then
            printf '%s\0' "${cp_name##*/}"
        fi
    done
}

# PROGRAM. A process may say that it is any file: only one that nobody but root and us can have put there is run.
ask_version() {
    cp_program=$(readlink -f -- "$1") && [ -f "$cp_program" ] && [ -x "$cp_program" ] || return "$absent"
    cp_place=$cp_program
    set -- "$cp_place"
    until [ "$cp_place" = / ]; do
        cp_place=${cp_place%/*}
        cp_place=${cp_place:-/}
        set -- "$@" "$cp_place"
    done
    stat -c '%u %G %A' -- "$@" >"$cp_dir/places" || return "$absent"
    nobody_else_writes <"$cp_dir/places" || return "$absent"
    timeout 10 "$cp_program" --version </dev/null
}

# Of places on stdin the number of the owner, the group and the mode in letters.
nobody_else_writes() {
    while read -r cp_owner cp_value cp_mode; do
        [ "$cp_owner" = 0 ] || [ "$cp_owner" = "$(id -u)" ] || return 1
        # In a directory where all may write and none may take away what is another's, what is ours stays.
        case "$cp_value $cp_mode" in
        *" d"????????[tT] | *" "?????-??-? | "root "????????-? | "staff "????????-?) ;;
        *) return 1 ;;
        esac
    done
}

# PROGRAM DATA. An etcd without a quorum answers nobody.
ask_etcd_members() {
    [ -x "$1" ] || return "$absent"
    timeout 15 "$1" etcd member-list --data-dir "$2" </dev/null 2>"$cp_dir/shown" && return
    [ -s "$cp_dir/shown" ] || echo 'no answer within 15 s' >"$cp_dir/shown"
    tail -n 1 "$cp_dir/shown"
    return "$answer_no"
}

ask_addresses() {
    hostname -I
}

ask_interface_addresses() {
    command -v ip >/dev/null || { say "there is no program ip" && return 1; }
    ip -4 -o addr show >"$cp_dir/shown" || return 1
    for cp_name in "$@"; do
        while read -r _ cp_key _ cp_value _; do
            [ "${cp_key%%@*}" != "$cp_name" ] || { echo "${cp_value%%/*}" && break; }
        done <"$cp_dir/shown"
    done
}

ask_clock() {
    date +%s
}

# Free blocks and their size, free inodes and all inodes: some file systems have none to count.
ask_space() {
    cp_name=$1
    until [ -e "$cp_name" ]; do
        find_home "$cp_name"
        cp_name=$cp_home
    done
    stat -f -c '%f %S %d %c' -- "$cp_name"
}

ask_writable() {
    [ -e "$1" ] || return "$absent"
    cp_name=$(readlink -f -- "$1") || return 1
    be_writable "$cp_name" || return
    # A file is replaced by a rename in its directory.
    [ ! -d "$cp_name" ] || return 0
    find_home "$cp_name"
    be_writable "$cp_home"
}

be_writable() {
    if [ ! -w "$1" ] || mounted_read_only "$1"; then
        printf '%s is read-only' "$1"
        return "$answer_no"
    fi
    cp_value=$(lsattr -d -- "$1" 2>/dev/null) || :
    case ${cp_value%% *} in
    *[ia]*)
        printf '%s is immutable (see lsattr)' "$1"
        return "$answer_no"
        ;;
    esac
}

# Some shells tell root that everything can be written.
mounted_read_only() {
    cp_value=$(findmnt -n -o OPTIONS -T "$1" 2>/dev/null) || :
    # Of several lines the last one counts.
    case ,${cp_value##*
}, in
    *,ro,*) return 0 ;;
    esac
    return 1
}

ask_public_key_of() {
    be_regular "$1" || return
    command -v openssl >/dev/null || { printf 'openssl is not installed' && return "$answer_no"; }
    if ! openssl pkey -in "$1" -passin pass: -pubout -outform DER -out "$cp_dir/public" 2>/dev/null; then
        printf '%s holds no private key that can be read' "$1"
        return "$answer_no"
    fi
    sha256sum <"$cp_dir/public"
}
