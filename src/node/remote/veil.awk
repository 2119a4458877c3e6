# Lines with the secrets in them hidden behind words, and, where `restoring`, the lines of a second text with the secrets
# of the first in the places of its words. For any awk: no bracket expression here needs an escape that only some know.
#
# Across lines: `in_key` is inside a PEM block, `open` the quote that a secret still waits for, `block` the indentation of
# the key whose value stands below (`loose` where it may turn out to be a mapping), `awaited` after a flag that ends its
# line, `named` after a variable's name whose value follows, `short` where `-t` is K3s' short form of `--token`.
function hide(secret) {
    if (secret == "") return ""
    kept[++count] = secret
    return "secret-" count "-kept-here"
}

# A word that stood there already is taken for a secret, or it would be made good too.
function plain(text,    left) {
    while (match(text, WORD)) {
        left = left substr(text, 1, RSTART - 1) hide(substr(text, RSTART, RLENGTH))
        text = substr(text, RSTART + RLENGTH)
    }
    return left text
}

# Hides all but the space around it.
function hide_trimmed(text,    from, to) {
    match(text, /^[ \t]*/); from = RLENGTH + 1
    match(text, /[ \t\r]*$/); to = RSTART
    if (to <= from) return text
    return substr(text, 1, from - 1) hide(substr(text, from, to - from)) substr(text, to)
}

function indent(text) { match(text, /^[ \t]*/); return RLENGTH }

# How long a quoted secret is that begins after its quote; to the end where the quote is not closed on this line.
function quoted(text, quote,    at, c) {
    for (at = 1; at <= length(text); at++) {
        c = substr(text, at, 1)
        if (c == "\\" && quote == "\"") at++
        else if (c == quote && quote == "'" && substr(text, at + 1, 1) == quote) at++
        else if (c == quote) return at - 1
    }
    open = quote
    match(text, /\r?$/)
    return RSTART - 1
}

# How long a secret is that no quote holds.
function bare(text, kind, flow) {
    if (kind != ":" && flow) match(text, /[] \t\r\\"',}]|$/)
    else if (kind != ":") match(text, /[ \t\r\\"']|$/)
    else if (flow) match(text, /[ \t\r]*[],}]|[ \t\r]*$/)
    else match(text, /[ \t\r]+#|[ \t\r]*$/)
    return RSTART - 1
}

# Hides the secret that `rest` begins with, and leaves in `rest` what follows it.
function hide_value(line, kind, flow,    lead, quote, size) {
    # An empty word is all that this flag was given.
    if (kind == " " && match(rest, /^[ \t]*(''|"")/)) {
        lead = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
        return lead
    }
    if (kind == " ") match(rest, /^[ \t"']*(-[ \t]+[ \t"']*)?(\\[ \t\r]*$)?/)
    else if (kind == ":") match(rest, /^[ \t]*(&[^ \t]+[ \t]+)?/)
    else match(rest, /^[ \t]*/)
    size = RLENGTH
    lead = plain(substr(rest, 1, size)); rest = substr(rest, size + 1)
    if (rest == "" || rest == "\r") {
        if (kind == " ") awaited = 1
        if (kind == ":") { block = indent(line); loose = 1 }
        return lead
    }
    if (kind == ":" && rest ~ /^[|>]/) {
        block = indent(line); loose = 0
        lead = lead plain(rest); rest = ""
        return lead
    }
    if (kind == ":" && rest ~ /^[[*{]/) return lead
    quote = substr(rest, 1, 1)
    if (kind != " " && (quote == "\"" || quote == "'")) {
        lead = lead quote; rest = substr(rest, 2)
        size = quoted(rest, quote)
    } else size = bare(rest, kind, flow)
    lead = lead hide(substr(rest, 1, size)); rest = substr(rest, size + 1)
    return lead
}

# Whether what stands before `rest` has opened a bracket that it did not close.
function in_flow(line,    before) {
    before = substr(line, 1, length(line) - length(rest))
    return gsub(/[[{]/, "", before) > gsub(/[]}]/, "", before)
}

# Hides the secrets that are named on this very line.
function scan(text, line,    done, found, size, kind) {
    rest = text
    # Without the first look a long line without a space would take the square of its length.
    while (tolower(rest) ~ HINT && match(tolower(rest), FOUND)) {
        found = tolower(substr(rest, RSTART, RLENGTH)); size = RSTART + RLENGTH
        kind = found ~ /:$/ ? ":" : found ~ /=$/ ? "=" : " "
        done = done plain(substr(rest, 1, size - 1)); rest = substr(rest, size)
        # Without a colon or an equals sign it is a word like any other, unless it is a flag.
        if (kind == " " && found !~ /^[ \t"']*--?[a-z]/) continue
        if (found ~ /^[ \t"']*-t[ \t"'=]*$/ && !short) continue
        done = done hide_value(line, kind, in_flow(line))
        # A value that goes on below has its key at the beginning of the line.
        if (kind != ":" || done !~ /^[ \t"'{-]*[a-zA-Z0-9_.-]+["']?[ \t]*:/) {
            open = ""
            if (kind == ":") block = -1
        }
    }
    return done plain(rest)
}

function veil(line,    shown) {
    shown = veil_line(line)
    if (line ~ /^[ \t]*#/) { open = ""; block = -1; awaited = 0; named = 0 }
    return shown
}

function veil_line(line,    done, size, was, after, is_value) {
    if (line ~ /k3s|rke2/) short = 1
    if (in_key) {
        if (line !~ /-----END/) return hide_trimmed(line)
        in_key = 0
        return plain(line)
    }
    rest = line
    if (open != "") {
        was = open; open = ""
        size = quoted(rest, was)
        if (open != "") return hide_trimmed(line)
        done = hide(substr(rest, 1, size)); rest = substr(rest, size + 1)
    } else if (block >= 0 && line !~ /^[ \t\r]*$/) {
        if (indent(line) > block && !(loose && line ~ /:([ \t\r]|$)|^[ \t]*-([ \t\r]|$)/))
            return hide_trimmed(line)
        block = -1
    }
    if (awaited) {
        awaited = 0
        if (line !~ /^[ \t\r]*$/) done = done hide_value(line, " ", 0)
    }
    is_value = named && match(rest, /^[ \t-]*value[ \t]*:/)
    if (is_value) {
        done = done substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
        done = done hide_value(line, ":", 0)
    }
    named = tolower(rest) ~ NAMED
    while (match(rest, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)) {
        after = substr(rest, RSTART + RLENGTH); size = RSTART
        was = substr(rest, RSTART, RLENGTH)
        done = done scan(substr(rest, 1, size - 1), line) was
        open = ""; block = -1; awaited = 0
        if (!match(after, /-----END [A-Z ]*PRIVATE KEY-----/)) {
            in_key = 1
            return done hide_trimmed(after)
        }
        done = done hide(substr(after, 1, RSTART - 1)) substr(after, RSTART, RLENGTH)
        rest = substr(after, RSTART + RLENGTH)
    }
    return done scan(rest, line)
}

function restored(line,    done, number) {
    while (match(line, WORD)) {
        number = substr(line, RSTART + 7) + 0
        if (!(number in kept)) { lost = 1; exit 3 }
        done = done substr(line, 1, RSTART - 1) kept[number]
        line = substr(line, RSTART + RLENGTH)
    }
    return done line
}

function put(text) { printf "%s", (lines++ ? "\n" : "") ; printf "%s", text }

# The last line of a text ends with the dot that was put behind it, whether a line ended there or not.
function take(text) {
    if (restoring && pass == 2) put(restored(text))
    else if (restoring) veil(text)
    else put(veil(text))
}

function end_text() {
    if (begun) take(substr(last, 1, length(last) - 1))
    begun = 0
}

BEGIN {
    WORD = "secret-[0-9]+-kept-here"
    HINT = "token|passw|passphrase|secret|access[_-]?key|key-data|certificate-?key|api[_-]?key|[.]key|datastore" \
        "|datasource|vpn[_-]auth|(^|[ \t\"'])-t"
    KEY = "[a-z0-9_.-]*(token|password|passwd|passphrase|secret|secret[_-]?key|access[_-]?key|key-data" \
        "|certificate-?key|api[_-]?key|[.]key|datastore[_-]endpoint|datasource|vpn[_-]auth)"
    FOUND = KEY "[\"']?([ \t]*[:=]|[ \t]*,|[ \t]+|$)|(^|[ \t\"'])-t([\"'= \t]|$)"
    NAMED = "name[\"']?[ \t]*:[ \t]*[\"']?" KEY "[\"']?[ \t\r]*$"
    block = -1
}
FNR == 1 { end_text(); pass++ }
FNR > 1 { take(last) }
{ last = $0; begun = 1 }
END { if (!lost) end_text() }
