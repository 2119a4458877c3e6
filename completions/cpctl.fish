# fish completion for cpctl. cpctl itself tells what may come next; it asks no other machine.

function __cpctl_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l typed (commandline --current-token --cut-at-cursor | string unescape)
    set -l lines ($words[1] __complete -- $words[2..-1] "$typed" 2>/dev/null)
    or return
    if test (count $lines) -gt 1
        string join \n -- $lines[1..-2]
    else if test "$lines[-1]" = :0
        set -l flag (string match --regex -- '^--[a-z-]+=' "$typed")
        for path in (__fish_complete_path (string replace -- "$flag" '' "$typed"))
            echo $flag$path
        end
    end
end

complete --command cpctl --no-files --keep-order --arguments '(__cpctl_complete)'
complete --command kubectl-cpctl --no-files --keep-order --arguments '(__cpctl_complete)'
