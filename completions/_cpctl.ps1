
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'cpctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'cpctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'cpctl' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('certs', 'certs', [CompletionResultType]::ParameterValue, 'Look at serving certificates, change their names, and renew them')
            [CompletionResult]::new('kubeconfig', 'kubeconfig', [CompletionResultType]::ParameterValue, 'Point a kubeconfig at another address')
            [CompletionResult]::new('endpoint', 'endpoint', [CompletionResultType]::ParameterValue, 'Lead the whole cluster to another address')
            [CompletionResult]::new('lb', 'lb', [CompletionResultType]::ParameterValue, 'Write, apply and judge what stands in front of the API servers')
            [CompletionResult]::new('preflight', 'preflight', [CompletionResultType]::ParameterValue, 'Tell whether the control plane may be moved to an address, and what is wrong now')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Prove that clients get through, at each node and at the shared address')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Measure failover while it happens')
            [CompletionResult]::new('nodes', 'nodes', [CompletionResultType]::ParameterValue, 'Show the control-plane nodes, their distribution and role, and how they were found')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out a saved plan, exactly as it was shown')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with a run that stopped part-way')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take a run back')
            [CompletionResult]::new('runs', 'runs', [CompletionResultType]::ParameterValue, 'List the runs, oldest first')
            [CompletionResult]::new('rehearse', 'rehearse', [CompletionResultType]::ParameterValue, 'Show the whole job on a small cluster that is built in')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Tell what a finding means, why it matters and how to mend it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;certs' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show the certificates that servers really serve, over the wire')
            [CompletionResult]::new('add-san', 'add-san', [CompletionResultType]::ParameterValue, 'Add names to the certificate of every API server, one node at a time')
            [CompletionResult]::new('remove-san', 'remove-san', [CompletionResultType]::ParameterValue, 'Take names out of the certificate of every API server, one node at a time')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the certificate of every API server, with the names it has, one node at a time')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Show which names are configured, which are on the disk and which are served, on each node')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;certs;inspect' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'A name that every certificate must carry; may be given several times')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;certs;add-san' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`')
            [CompletionResult]::new('--without-balancer', '--without-balancer', [CompletionResultType]::ParameterName, 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Ask the API all the while, ten times a second on a new connection each, and say what became of it')
            [CompletionResult]::new('--keep-failed', '--keep-failed', [CompletionResultType]::ParameterName, 'Leave a node that fails its proof as it is, rather than take it back')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;certs;remove-san' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`')
            [CompletionResult]::new('--without-balancer', '--without-balancer', [CompletionResultType]::ParameterName, 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove also what the kubeconfig, the inventory or a run leads clients to')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Ask the API all the while, ten times a second on a new connection each, and say what became of it')
            [CompletionResult]::new('--keep-failed', '--keep-failed', [CompletionResultType]::ParameterName, 'Leave a node that fails its proof as it is, rather than take it back')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;certs;renew' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--if-expires-within', '--if-expires-within', [CompletionResultType]::ParameterName, 'Renew only what ends within this time, such as 720h or 30d, and say nothing where nothing does: for a timer')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`')
            [CompletionResult]::new('--without-balancer', '--without-balancer', [CompletionResultType]::ParameterName, 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Ask the API all the while, ten times a second on a new connection each, and say what became of it')
            [CompletionResult]::new('--keep-failed', '--keep-failed', [CompletionResultType]::ParameterName, 'Leave a node that fails its proof as it is, rather than take it back')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;certs;drift' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;certs;help' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show the certificates that servers really serve, over the wire')
            [CompletionResult]::new('add-san', 'add-san', [CompletionResultType]::ParameterValue, 'Add names to the certificate of every API server, one node at a time')
            [CompletionResult]::new('remove-san', 'remove-san', [CompletionResultType]::ParameterValue, 'Take names out of the certificate of every API server, one node at a time')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the certificate of every API server, with the names it has, one node at a time')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Show which names are configured, which are on the disk and which are served, on each node')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;certs;help;inspect' {
            break
        }
        'cpctl;certs;help;add-san' {
            break
        }
        'cpctl;certs;help;remove-san' {
            break
        }
        'cpctl;certs;help;renew' {
            break
        }
        'cpctl;certs;help;drift' {
            break
        }
        'cpctl;certs;help;help' {
            break
        }
        'cpctl;kubeconfig' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('repoint', 'repoint', [CompletionResultType]::ParameterValue, 'Point a kubeconfig at the load balancer''s address')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;kubeconfig;repoint' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The new address; without a port, that of the present server [default: the inventory''s endpoint]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster entry to change, in place of the context''s')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--all-matching', '--all-matching', [CompletionResultType]::ParameterName, 'Change every cluster entry with the same server')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Do not try the new address first, for a file that is used elsewhere')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;kubeconfig;help' {
            [CompletionResult]::new('repoint', 'repoint', [CompletionResultType]::ParameterValue, 'Point a kubeconfig at the load balancer''s address')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;kubeconfig;help;repoint' {
            break
        }
        'cpctl;kubeconfig;help;help' {
            break
        }
        'cpctl;endpoint' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Lead everything in the cluster that names the old address to another one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;endpoint;move' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The new address; without a port, that of the kubeconfig''s server [default: the inventory''s endpoint]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'An address to leave, in place of those of the API servers and of the kubeconfig; may be given several times')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Change only these nodes, by name; comma-separated, or several times. Texts in the cluster''s API change all the same')
            [CompletionResult]::new('--kubeconfigs', '--kubeconfigs', [CompletionResultType]::ParameterName, 'A directory of kubeconfigs to move too, beside the one that is used')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--admin-confs', '--admin-confs', [CompletionResultType]::ParameterName, 'Move the administrators'' kubeconfigs on kubeadm''s control planes too, which hold keys: admin.conf, super-admin.conf')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--keep-failed', '--keep-failed', [CompletionResultType]::ParameterName, 'Leave what fails as it is, rather than take it back')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;endpoint;help' {
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Lead everything in the cluster that names the old address to another one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;endpoint;help;move' {
            break
        }
        'cpctl;endpoint;help;help' {
            break
        }
        'cpctl;lb' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Write a balancer''s configuration from the inventory')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give the machines in front the configuration that `lb render` writes')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Tell what is wrong with a balancer''s configuration, line by line')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Tell what the balancer in front really does')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;lb;render' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the files below this directory, each in the place that it has on its machine: DIR/etc/haproxy/haproxy.cfg; one that is a machine''s own below its name: DIR/lb1/etc/keepalived/keepalived.conf')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The address that clients use, in place of the inventory''s `endpoint:`')
            [CompletionResult]::new('--vip', '--vip', [CompletionResultType]::ParameterName, 'The address that the balancers hold, in place of the inventory''s `vip:` [default: the endpoint''s]')
            [CompletionResult]::new('--vrid', '--vrid', [CompletionResultType]::ParameterName, 'The number of the group of balancers on their network, in place of the inventory''s `vrid:`')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'The network interface that holds the address, in place of the balancers'' `interface:`')
            [CompletionResult]::new('--distribution', '--distribution', [CompletionResultType]::ParameterName, 'The distribution of the API servers, in place of the nodes'' `distribution:`')
            [CompletionResult]::new('--anonymous', '--anonymous', [CompletionResultType]::ParameterName, 'What a check without credentials is answered [default: as the distribution does by itself]')
            [CompletionResult]::new('--check-cert', '--check-cert', [CompletionResultType]::ParameterName, 'A client certificate and its key on the machines in front, for checks that say who they are')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Where the cluster''s CA certificate lies on the machines in front [default: kubernetes-ca.crt in the balancer''s /etc]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'What keepalived looks after on its machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Write over files there that hold something else')
            [CompletionResult]::new('--gate', '--gate', [CompletionResultType]::ParameterName, 'Hold a server down until its certificate carries the endpoint''s name: haproxy, pfsense and opnsense')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;lb;apply' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The address that clients use, in place of the inventory''s `endpoint:`')
            [CompletionResult]::new('--vip', '--vip', [CompletionResultType]::ParameterName, 'The address that the balancers hold, in place of the inventory''s `vip:` [default: the endpoint''s]')
            [CompletionResult]::new('--vrid', '--vrid', [CompletionResultType]::ParameterName, 'The number of the group of balancers on their network, in place of the inventory''s `vrid:`')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'The network interface that holds the address, in place of the balancers'' `interface:`')
            [CompletionResult]::new('--distribution', '--distribution', [CompletionResultType]::ParameterName, 'The distribution of the API servers, in place of the nodes'' `distribution:`')
            [CompletionResult]::new('--anonymous', '--anonymous', [CompletionResultType]::ParameterName, 'What a check without credentials is answered [default: as the distribution does by itself]')
            [CompletionResult]::new('--check-cert', '--check-cert', [CompletionResultType]::ParameterName, 'A client certificate and its key on the machines in front, for checks that say who they are')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Where the cluster''s CA certificate lies on the machines in front [default: kubernetes-ca.crt in the balancer''s /etc]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'What keepalived looks after on its machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--gate', '--gate', [CompletionResultType]::ParameterName, 'Hold a server down until its certificate carries the endpoint''s name: haproxy, pfsense and opnsense')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a configuration that serves more than the API servers')
            [CompletionResult]::new('--keep-failed', '--keep-failed', [CompletionResultType]::ParameterName, 'Leave a machine that fails its proof as it is, rather than take it back')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;lb;lint' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the files configure, where their content does not tell')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Read the files on the inventory''s balancers, where Debian''s packages have them')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;lb;check' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;lb;help' {
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Write a balancer''s configuration from the inventory')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give the machines in front the configuration that `lb render` writes')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Tell what is wrong with a balancer''s configuration, line by line')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Tell what the balancer in front really does')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;lb;help;render' {
            break
        }
        'cpctl;lb;help;apply' {
            break
        }
        'cpctl;lb;help;lint' {
            break
        }
        'cpctl;lb;help;check' {
            break
        }
        'cpctl;lb;help;help' {
            break
        }
        'cpctl;preflight' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The address that clients are to use [default: the inventory''s endpoint, else the kubeconfig''s server]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Nothing but these checks: groups, checks or findings by their ids')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'All but these')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Findings that are accepted, with the day until which they are')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Look again for so long until nothing fails, such as 5m')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write the result to a file as well; may be given several times')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Write the result as a web page as well, in one file that loads nothing')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;verify' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How bad a finding must be for exit code 1')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;watch' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'How often a probe leaves in each lane, such as 100ms')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End after this time')
            [CompletionResult]::new('--until-stable', '--until-stable', [CompletionResultType]::ParameterName, 'End once no probe of the shared address has failed for this time')
            [CompletionResult]::new('--max-outage', '--max-outage', [CompletionResultType]::ParameterName, 'Take outages up to this length for no fault')
            [CompletionResult]::new('--mark', '--mark', [CompletionResultType]::ParameterName, 'What happens as it begins; each line typed while it runs is a mark too')
            [CompletionResult]::new('--junit', '--junit', [CompletionResultType]::ParameterName, 'Write the result as JUnit XML as well')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Write the result as a web page as well, with a timeline, in one file that loads nothing')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result; json is a line for each probe and mark as it happens, and a last one with the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result; json is a line for each probe and mark as it happens, and a last one with the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--per-node', '--per-node', [CompletionResultType]::ParameterName, 'Ask every node at its own address as well, which tells a slow balancer from a node that is down')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;nodes' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result; yaml is an inventory')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result; yaml is an inventory')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;apply' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;resume' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;undo' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before changing anything')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;runs' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;rehearse' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave the cluster running until Ctrl-C, and print how to play with it from another terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;explain' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;completions' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context to use, in place of the current one')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'A node, in place of an inventory; give it once for each')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'The ssh configuration file, in place of ~/.ssh/config')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The private key to log in with')
            [CompletionResult]::new('-J', '-J ', [CompletionResultType]::ParameterName, 'Hosts to jump through, comma-separated')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port that sshd listens on')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'The user to log in as')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('--ask-become-pass', '--ask-become-pass', [CompletionResultType]::ParameterName, 'Ask once for the sudo password of the login user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but the result and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each round trip, lock, change, wait and proof as it happens, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cpctl;help' {
            [CompletionResult]::new('certs', 'certs', [CompletionResultType]::ParameterValue, 'Look at serving certificates, change their names, and renew them')
            [CompletionResult]::new('kubeconfig', 'kubeconfig', [CompletionResultType]::ParameterValue, 'Point a kubeconfig at another address')
            [CompletionResult]::new('endpoint', 'endpoint', [CompletionResultType]::ParameterValue, 'Lead the whole cluster to another address')
            [CompletionResult]::new('lb', 'lb', [CompletionResultType]::ParameterValue, 'Write, apply and judge what stands in front of the API servers')
            [CompletionResult]::new('preflight', 'preflight', [CompletionResultType]::ParameterValue, 'Tell whether the control plane may be moved to an address, and what is wrong now')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Prove that clients get through, at each node and at the shared address')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Measure failover while it happens')
            [CompletionResult]::new('nodes', 'nodes', [CompletionResultType]::ParameterValue, 'Show the control-plane nodes, their distribution and role, and how they were found')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Carry out a saved plan, exactly as it was shown')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with a run that stopped part-way')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take a run back')
            [CompletionResult]::new('runs', 'runs', [CompletionResultType]::ParameterValue, 'List the runs, oldest first')
            [CompletionResult]::new('rehearse', 'rehearse', [CompletionResultType]::ParameterValue, 'Show the whole job on a small cluster that is built in')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Tell what a finding means, why it matters and how to mend it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cpctl;help;certs' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show the certificates that servers really serve, over the wire')
            [CompletionResult]::new('add-san', 'add-san', [CompletionResultType]::ParameterValue, 'Add names to the certificate of every API server, one node at a time')
            [CompletionResult]::new('remove-san', 'remove-san', [CompletionResultType]::ParameterValue, 'Take names out of the certificate of every API server, one node at a time')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the certificate of every API server, with the names it has, one node at a time')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Show which names are configured, which are on the disk and which are served, on each node')
            break
        }
        'cpctl;help;certs;inspect' {
            break
        }
        'cpctl;help;certs;add-san' {
            break
        }
        'cpctl;help;certs;remove-san' {
            break
        }
        'cpctl;help;certs;renew' {
            break
        }
        'cpctl;help;certs;drift' {
            break
        }
        'cpctl;help;kubeconfig' {
            [CompletionResult]::new('repoint', 'repoint', [CompletionResultType]::ParameterValue, 'Point a kubeconfig at the load balancer''s address')
            break
        }
        'cpctl;help;kubeconfig;repoint' {
            break
        }
        'cpctl;help;endpoint' {
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Lead everything in the cluster that names the old address to another one')
            break
        }
        'cpctl;help;endpoint;move' {
            break
        }
        'cpctl;help;lb' {
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Write a balancer''s configuration from the inventory')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give the machines in front the configuration that `lb render` writes')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Tell what is wrong with a balancer''s configuration, line by line')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Tell what the balancer in front really does')
            break
        }
        'cpctl;help;lb;render' {
            break
        }
        'cpctl;help;lb;apply' {
            break
        }
        'cpctl;help;lb;lint' {
            break
        }
        'cpctl;help;lb;check' {
            break
        }
        'cpctl;help;preflight' {
            break
        }
        'cpctl;help;verify' {
            break
        }
        'cpctl;help;watch' {
            break
        }
        'cpctl;help;nodes' {
            break
        }
        'cpctl;help;apply' {
            break
        }
        'cpctl;help;resume' {
            break
        }
        'cpctl;help;undo' {
            break
        }
        'cpctl;help;runs' {
            break
        }
        'cpctl;help;rehearse' {
            break
        }
        'cpctl;help;explain' {
            break
        }
        'cpctl;help;completions' {
            break
        }
        'cpctl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
