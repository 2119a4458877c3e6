# PowerShell completion for cpctl. cpctl itself tells what may come next; it asks no other machine.

Register-ArgumentCompleter -Native -CommandName 'cpctl', 'kubectl-cpctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $_.Extent.StartOffset -eq $commandAst.Extent.StartOffset } |
        ForEach-Object { if ($null -ne $_.Value) { "$($_.Value)" } else { $_.Extent.Text } })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    # Until 7.3 an empty word is only handed on in quotes.
    $typed = $wordToComplete
    if ($typed -eq '' -and ($PSVersionTable.PSVersion -lt [version]'7.3' -or $PSNativeCommandArgumentPassing -eq 'Legacy')) {
        $typed = '""'
    }

    $lines = @(& $program __complete '--' @words $typed 2>$null)
    if ($lines.Count -eq 0) { return }
    # Where nothing is told, PowerShell completes files by itself; an empty text says that there are none.
    if ($lines.Count -eq 1 -and $lines[0] -ne ':0') { return '' }
    $lines | Select-Object -SkipLast 1 | ForEach-Object {
        $word, $what = $_ -split "`t", 2
        $shown = if ($what) { $what } else { $word }
        $text = if ($word -match '^[\w@%+=:,./-]+$') { $word } else { "'" + ($word -replace "'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $shown)
    }
}
