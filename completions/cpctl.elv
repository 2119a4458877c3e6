# elvish completion for cpctl. cpctl itself tells what may come next; it asks no other machine.

use str

fn complete-cpctl {|@words|
    var lines = []
    try {
        set lines = [((external $words[0]) __complete -- (all $words[1..]) 2>/dev/null)]
    } catch {
        return
    }
    if (== (count $lines) 0) {
        return
    }
    if (and (== (count $lines) 1) (eq $lines[0] :0)) {
        edit:complete-filename $words[-1]
    }
    for line $lines[..-1] {
        var word what = (str:split &max=2 "\t" $line"\t")
        edit:complex-candidate $word &display=$word' '(str:trim-space $what)
    }
}

set edit:completion:arg-completer[cpctl] = $complete-cpctl~
set edit:completion:arg-completer[kubectl-cpctl] = $complete-cpctl~
