# bash completion for cpctl. cpctl itself tells what may come next; it asks no other machine.

_cpctl() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word typed kept reply directive i
    # bash parts words at `=`, `:` and `@` too; what no space parts is put together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=${line#"${line%%[![:space:]]*}"}
        if ((i > 0)) && [[ -n $line && $line != [[:space:]]* ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#"$word"}
    done
    typed=${words[${#words[@]} - 1]}
    kept=${typed%"${typed##*["${COMP_WORDBREAKS//[[:space:]]/}"]}"}
    # It replaces what stands behind the last of them; an `@` belongs to that.
    kept=${kept%@}
    [[ $typed == [\"\']* ]] && kept=
    for i in "${!words[@]}"; do
        word=${words[i]}
        [[ $word == [\"\']* ]] && word=${word:1} && word=${word%[\"\']}
        words[i]=${word//\\/}
    done
    words[0]=${words[0]/#\~/$HOME}

    reply=$("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null) || return 0
    directive=${reply##*:}
    COMPREPLY=()
    while IFS= read -r word; do
        word=${word%%$'\t'*}
        word=${word#"$kept"}
        [[ $typed == [\"\']* || $word != *[^[:alnum:]_@%+=:,./-]* ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done < <(printf '%s\n' "$reply" | sed '$d')
    # Where there is no word, bash completes files by itself.
    ((directive == 0)) && compopt -o default 2>/dev/null
    return 0
}

complete -F _cpctl cpctl kubectl-cpctl
