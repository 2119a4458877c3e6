# shellcheck shell=sh
# What leaves the machine has `secret-N-kept-here` in the place of each key, token and password of a text, and what comes
# back for that file has those words made good again: the N-th secret of a text is the same wherever it is counted.
: "${cp_dir?}" "${cp_veil:?}"

# A text in which none of this is found holds no secret that anybody here would know, and is left as it is.
veil_hint='PRIVATE KEY-----|token|passw|passphrase|secret|access.?key|key-data|certificate-?key|api.?key|[.]key|datas|vpn.auth|k3s|rke2'

# FILE. Prints it without its secrets.
veiled() {
    cat -- "$1" >"$cp_dir/veiling" && veiled_copy "$cp_dir/veiling"
}

# FILE. The same of a copy of ours.
veiled_copy() {
    if may_hold_secrets "$1"; then veil "$1"; else cat -- "$1"; fi
}

# FILE. It gets a mark where it ends, for not every text ends its last line.
veil() {
    has_awk || return 1
    printf . >>"$1" && awk "$cp_veil" "$1"
}

# FILE NOW. Prints FILE with the secrets that NOW holds.
unveiled() {
    if ! may_hold_secrets "$2"; then
        cat -- "$1"
        return
    fi
    has_awk || return 1
    { cat -- "$2" && printf .; } >"$cp_dir/veiling" && { cat -- "$1" && printf .; } >"$cp_dir/unveiling" || return 1
    awk -v restoring=1 "$cp_veil" "$cp_dir/veiling" "$cp_dir/unveiling" || { say "a secret is gone from $2" && return 1; }
}

# FILE. What holds a zero byte is no text. Where it cannot be told, it may.
may_hold_secrets() {
    grep -qiE -e "$veil_hint" -- "$1"
    case $? in
    0) ;;
    1) return 1 ;;
    *) return 0 ;;
    esac
    tr -dc '\0' <"$1" >"$cp_dir/zeros" || return 0
    [ ! -s "$cp_dir/zeros" ]
}

has_awk() {
    command -v awk >/dev/null || { say "there is no program awk" && return 1; }
}
