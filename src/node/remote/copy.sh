# shellcheck shell=sh
# Copies that are finished under a name of their own, held against a digest, and renamed; and digests.
: "${cp_dir?}" "${cp_copy?}" "${cp_home?}"

# FILE. Fills cp_digest.
read_digest() {
    cp_digest=''
    sha256sum <"$1" >"$cp_dir/digest" && read -r cp_digest _ <"$cp_dir/digest"
}

# FILE DIGEST
has_digest() {
    read_digest "$1" && [ "$cp_digest" = "$2" ]
}

# FILE. Fills cp_digest with that of what leaves the machine.
read_veiled_digest() {
    veiled "$1" >"$cp_dir/digested" && read_digest "$cp_dir/digested"
}

facts_of() {
    stat -Lc '%a %u %g' -- "$1"
}

# Fills cp_copy with a hidden name that the next attempt takes again, so that a power cut leaves no litter for ever, and cp_home.
name_copy() {
    find_home "$1"
    cp_copy=$cp_home/.${1##*/}.cpctl
    if [ -e "$cp_copy" ] || [ -L "$cp_copy" ]; then rm -f -- "$cp_copy"; fi
}

# Mode, owner, times, and what else the system keeps with a file; small systems know the first three.
copy_with_facts() {
    cp -L --preserve=all -- "$1" "$2" 2>/dev/null || cp -pL -- "$1" "$2"
}

# Fills the copy from stdin and holds it against its digest, so that a full disk cannot go unseen.
fill_copy() {
    base64 -d >"$cp_copy" && sync "$cp_copy" || return 1
    has_digest "$cp_copy" "$1" || { say "the copy is not whole" && return 1; }
}

# DIGEST NOW. The same with the secrets that NOW holds, so that they need not come over the wire.
fill_copy_unveiled() {
    base64 -d >"$cp_dir/came" || return 1
    has_digest "$cp_dir/came" "$1" || { say "the text is not whole" && return 1; }
    unveiled "$cp_dir/came" "$2" >"$cp_dir/whole" || return 1
    cat "$cp_dir/whole" >"$cp_copy" && sync "$cp_copy" || return 1
    cmp -s "$cp_dir/whole" "$cp_copy" || { say "the copy is not whole" && return 1; }
}

rename_copy() {
    mv -fT -- "$cp_copy" "$1" || return 1
    cp_copy=''
    find_home "$1"
    flush_directory "$cp_home"
}

drop_copy() {
    rm -f -- "$cp_copy"
    cp_copy=''
}

give_up() {
    drop_copy
    return 1
}

# Some file systems refuse to flush a directory; the rename is made all the same.
flush_directory() {
    sync "$1" 2>/dev/null || :
}
