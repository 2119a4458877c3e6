# shellcheck shell=sh
# Files that were not there, and the one directory above them that may be missing too.
: "${cp_copy?}" "${cp_home?}" "${cp_digest?}" "${done_already:?}" "${drifted:?}"

# PATH DIGEST MODE MARK; the bytes on stdin. The mark says that the directory is this run's.
act_create() {
    find_home "$1"
    create_home=$cp_home
    if is_there "$1"; then
        hold_bytes "$1" "$2" || return
        return "$done_already"
    fi
    make_home "$create_home" "$4" || return 1
    name_copy "$1"
    if ! command : >"$cp_copy" || ! chmod -- "$3" "$cp_copy" || ! fill_copy "$2"; then
        give_up
        return
    fi
    # A link is made only where nothing is.
    if ln -T -- "$cp_copy" "$1" 2>/dev/null; then
        drop_copy
        flush_directory "$create_home"
        return
    fi
    drop_copy
    is_there "$1" || { say "it cannot be made" && return 1; }
    hold_bytes "$1" "$2" || return
    return "$done_already"
}

# DIRECTORY MARK. Marked first, so that a directory which was made is never taken for somebody else's.
make_home() {
    [ ! -d "$1" ] || return 0
    find_home "$2"
    mkdir -p -- "$cp_home" && command : >"$2" && sync "$2" || return 1
    flush_directory "$cp_home"
    if mkdir -m 0755 -- "$1"; then
        find_home "$1"
        flush_directory "$cp_home"
        return
    fi
    rm -f -- "$2"
    # Somebody else may have been quicker.
    [ -d "$1" ]
}

# PATH DIGEST MARK
act_remove() {
    find_home "$1"
    remove_home=$cp_home remove_code=$done_already
    if is_there "$1"; then
        hold_bytes "$1" "$2" || return
        rm -f -- "$1" || return 1
        flush_directory "$remove_home"
        remove_code=0
    fi
    if [ -e "$3" ]; then
        name_copy "$1"
        cp_copy=''
        # What others put there since keeps the directory.
        rmdir -- "$remove_home" 2>/dev/null || :
        find_home "$remove_home"
        flush_directory "$cp_home"
        rm -f -- "$3" || return 1
        remove_code=0
    fi
    return "$remove_code"
}

# A link counts, wherever it leads.
is_there() {
    [ -e "$1" ] || [ -h "$1" ]
}

# FILE DIGEST. Whether it is drifted, or cannot be told, is what this comes to.
hold_bytes() {
    [ -f "$1" ] && [ ! -h "$1" ] || return "$drifted"
    read_digest "$1" || return 1
    [ "$cp_digest" = "$2" ] || return "$drifted"
}
