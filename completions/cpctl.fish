# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_cpctl_global_optspecs
    string join \n kubeconfig= context= request-timeout= inventory= node= F= i= J= p= l= ssh= K/ask-become-pass q/quiet v/verbose h/help V/version
end

function __fish_cpctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_cpctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_cpctl_using_subcommand
    set -l cmd (__fish_cpctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c cpctl -n "__fish_cpctl_needs_command" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_needs_command" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_needs_command" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_needs_command" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_needs_command" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_needs_command" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_needs_command" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_needs_command" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_needs_command" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_needs_command" -s V -l version -d 'Print version'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "certs" -d 'Look at serving certificates, change their names, and renew them'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "kubeconfig" -d 'Point a kubeconfig at another address'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "endpoint" -d 'Lead the whole cluster to another address'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "lb" -d 'Write, apply and judge what stands in front of the API servers'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "preflight" -d 'Tell whether the control plane may be moved to an address, and what is wrong now'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "verify" -d 'Prove that clients get through, at each node and at the shared address'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "watch" -d 'Measure failover while it happens'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "nodes" -d 'Show the control-plane nodes, their distribution and role, and how they were found'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "apply" -d 'Carry out a saved plan, exactly as it was shown'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "resume" -d 'Go on with a run that stopped part-way'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "undo" -d 'Take a run back'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "runs" -d 'List the runs, oldest first'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "rehearse" -d 'Show the whole job on a small cluster that is built in'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "explain" -d 'Tell what a finding means, why it matters and how to mend it'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c cpctl -n "__fish_cpctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -s h -l help -d 'Print help'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "inspect" -d 'Show the certificates that servers really serve, over the wire'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "add-san" -d 'Add names to the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "remove-san" -d 'Take names out of the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "renew" -d 'Renew the certificate of every API server, with the names it has, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "drift" -d 'Show which names are configured, which are on the disk and which are served, on each node'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and not __fish_seen_subcommand_from inspect add-san remove-san renew drift help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l require -d 'A name that every certificate must carry; may be given several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''
pem\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l limit -d 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l ca-key -d 'Where the CA\'s key lies, where it is not beside the CA\'s certificate on each node of kubeadm\'s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l without-balancer -d 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l watch -d 'Ask the API all the while, ten times a second on a new connection each, and say what became of it'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -l keep-failed -d 'Leave a node that fails its proof as it is, rather than take it back'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from add-san" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l limit -d 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l ca-key -d 'Where the CA\'s key lies, where it is not beside the CA\'s certificate on each node of kubeadm\'s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l without-balancer -d 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l force -d 'Remove also what the kubeconfig, the inventory or a run leads clients to'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l watch -d 'Ask the API all the while, ten times a second on a new connection each, and say what became of it'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -l keep-failed -d 'Leave a node that fails its proof as it is, rather than take it back'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from remove-san" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l if-expires-within -d 'Renew only what ends within this time, such as 720h or 30d, and say nothing where nothing does: for a timer' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l limit -d 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l ca-key -d 'Where the CA\'s key lies, where it is not beside the CA\'s certificate on each node of kubeadm\'s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l without-balancer -d 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l watch -d 'Ask the API all the while, ten times a second on a new connection each, and say what became of it'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -l keep-failed -d 'Leave a node that fails its proof as it is, rather than take it back'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from drift" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Show the certificates that servers really serve, over the wire'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "add-san" -d 'Add names to the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "remove-san" -d 'Take names out of the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Renew the certificate of every API server, with the names it has, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "drift" -d 'Show which names are configured, which are on the disk and which are served, on each node'
complete -c cpctl -n "__fish_cpctl_using_subcommand certs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -s h -l help -d 'Print help'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -f -a "repoint" -d 'Point a kubeconfig at the load balancer\'s address'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and not __fish_seen_subcommand_from repoint help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l to -d 'The new address; without a port, that of the present server [default: the inventory\'s endpoint]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l cluster -d 'The cluster entry to change, in place of the context\'s' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l all-matching -d 'Change every cluster entry with the same server'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l no-verify -d 'Do not try the new address first, for a file that is used elsewhere'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from repoint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from help" -f -a "repoint" -d 'Point a kubeconfig at the load balancer\'s address'
complete -c cpctl -n "__fish_cpctl_using_subcommand kubeconfig; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -s h -l help -d 'Print help'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -f -a "move" -d 'Lead everything in the cluster that names the old address to another one'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and not __fish_seen_subcommand_from move help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l to -d 'The new address; without a port, that of the kubeconfig\'s server [default: the inventory\'s endpoint]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l from -d 'An address to leave, in place of those of the API servers and of the kubeconfig; may be given several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l limit -d 'Change only these nodes, by name; comma-separated, or several times. Texts in the cluster\'s API change all the same' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l kubeconfigs -d 'A directory of kubeconfigs to move too, beside the one that is used' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l admin-confs -d 'Move the administrators\' kubeconfigs on kubeadm\'s control planes too, which hold keys: admin.conf, super-admin.conf'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -l keep-failed -d 'Leave what fails as it is, rather than take it back'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from help" -f -a "move" -d 'Lead everything in the cluster that names the old address to another one'
complete -c cpctl -n "__fish_cpctl_using_subcommand endpoint; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -s h -l help -d 'Print help'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -f -a "render" -d 'Write a balancer\'s configuration from the inventory'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -f -a "apply" -d 'Give the machines in front the configuration that `lb render` writes'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -f -a "lint" -d 'Tell what is wrong with a balancer\'s configuration, line by line'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -f -a "check" -d 'Tell what the balancer in front really does'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and not __fish_seen_subcommand_from render apply lint check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l out -d 'Write the files below this directory, each in the place that it has on its machine: DIR/etc/haproxy/haproxy.cfg; one that is a machine\'s own below its name: DIR/lb1/etc/keepalived/keepalived.conf' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l endpoint -d 'The address that clients use, in place of the inventory\'s `endpoint:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l vip -d 'The address that the balancers hold, in place of the inventory\'s `vip:` [default: the endpoint\'s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l vrid -d 'The number of the group of balancers on their network, in place of the inventory\'s `vrid:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l interface -d 'The network interface that holds the address, in place of the balancers\' `interface:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l distribution -d 'The distribution of the API servers, in place of the nodes\' `distribution:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l anonymous -d 'What a check without credentials is answered [default: as the distribution does by itself]' -r -f -a "allowed\t'200, where the server is ready'
refused\t'401, as K3s and RKE2 answer; it does not say whether the server is ready'
changing\t'Either, while the cluster is led from one to the other'"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l check-cert -d 'A client certificate and its key on the machines in front, for checks that say who they are' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l ca-file -d 'Where the cluster\'s CA certificate lies on the machines in front [default: kubernetes-ca.crt in the balancer\'s /etc]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l proxy -d 'What keepalived looks after on its machine' -r -f -a "haproxy\t''
nginx\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l force -d 'Write over files there that hold something else'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -l gate -d 'Hold a server down until its certificate carries the endpoint\'s name: haproxy, pfsense and opnsense'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l endpoint -d 'The address that clients use, in place of the inventory\'s `endpoint:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l vip -d 'The address that the balancers hold, in place of the inventory\'s `vip:` [default: the endpoint\'s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l vrid -d 'The number of the group of balancers on their network, in place of the inventory\'s `vrid:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l interface -d 'The network interface that holds the address, in place of the balancers\' `interface:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l distribution -d 'The distribution of the API servers, in place of the nodes\' `distribution:`' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l anonymous -d 'What a check without credentials is answered [default: as the distribution does by itself]' -r -f -a "allowed\t'200, where the server is ready'
refused\t'401, as K3s and RKE2 answer; it does not say whether the server is ready'
changing\t'Either, while the cluster is led from one to the other'"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l check-cert -d 'A client certificate and its key on the machines in front, for checks that say who they are' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l ca-file -d 'Where the cluster\'s CA certificate lies on the machines in front [default: kubernetes-ca.crt in the balancer\'s /etc]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l proxy -d 'What keepalived looks after on its machine' -r -f -a "haproxy\t''
nginx\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l gate -d 'Hold a server down until its certificate carries the endpoint\'s name: haproxy, pfsense and opnsense'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l dry-run -d 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l force -d 'Replace a configuration that serves more than the API servers'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -l keep-failed -d 'Leave a machine that fails its proof as it is, rather than take it back'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l kind -d 'What the files configure, where their content does not tell' -r -f -a "haproxy\t''
pfsense\t''
opnsense\t''
nginx\t''
keepalived\t''
relayd\t''
pf\t''
kube-vip\t''
zone\t''
kubeconfig\t''
script\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -l remote -d 'Read the files on the inventory\'s balancers, where Debian\'s packages have them'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from help" -f -a "render" -d 'Write a balancer\'s configuration from the inventory'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Give the machines in front the configuration that `lb render` writes'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Tell what is wrong with a balancer\'s configuration, line by line'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from help" -f -a "check" -d 'Tell what the balancer in front really does'
complete -c cpctl -n "__fish_cpctl_using_subcommand lb; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l to -d 'The address that clients are to use [default: the inventory\'s endpoint, else the kubeconfig\'s server]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l only -d 'Nothing but these checks: groups, checks or findings by their ids' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l skip -d 'All but these' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''
never\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l baseline -d 'Findings that are accepted, with the day until which they are' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l wait -d 'Look again for so long until nothing fails, such as 5m' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l report -d 'Write the result to a file as well; may be given several times' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -l html -d 'Write the result as a web page as well, in one file that loads nothing' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''
junit\t''
sarif\t''
github\t''
tap\t''
prometheus\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand preflight" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -l fail-on -d 'How bad a finding must be for exit code 1' -r -f -a "warn\t''
fail\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l interval -d 'How often a probe leaves in each lane, such as 100ms' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l for -d 'End after this time' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l until-stable -d 'End once no probe of the shared address has failed for this time' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l max-outage -d 'Take outages up to this length for no fault' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l mark -d 'What happens as it begins; each line typed while it runs is a mark too' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l junit -d 'Write the result as JUnit XML as well' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l html -d 'Write the result as a web page as well, with a timeline, in one file that loads nothing' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s o -l output -d 'How to print the result; json is a line for each probe and mark as it happens, and a last one with the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -l per-node -d 'Ask every node at its own address as well, which tells a slow balancer from a node that is down'
complete -c cpctl -n "__fish_cpctl_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s o -l output -d 'How to print the result; yaml is an inventory' -r -f -a "text\t''
json\t''
yaml\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand nodes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s y -l yes -d 'Do not ask before changing anything'
complete -c cpctl -n "__fish_cpctl_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand runs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -l keep -d 'Leave the cluster running until Ctrl-C, and print how to play with it from another terminal'
complete -c cpctl -n "__fish_cpctl_using_subcommand rehearse" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s o -l output -d 'How to print the result' -r -f -a "text\t''
json\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l kubeconfig -d 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l context -d 'The context to use, in place of the current one' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l request-timeout -d 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l inventory -d 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l node -d 'A node, in place of an inventory; give it once for each' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s F -d 'The ssh configuration file, in place of ~/.ssh/config' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s i -d 'The private key to log in with' -r -F
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s J -d 'Hosts to jump through, comma-separated' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s p -d 'The port that sshd listens on' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s l -d 'The user to log in as' -r
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -l ssh -d 'The built-in SSH, or the system\'s ssh: for FIDO keys, certificates, Match and ProxyCommand' -r -f -a "builtin\t''
system\t''"
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s K -l ask-become-pass -d 'Ask once for the sudo password of the login user'
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s q -l quiet -d 'Say nothing but the result and errors'
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s v -l verbose -d 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
complete -c cpctl -n "__fish_cpctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "certs" -d 'Look at serving certificates, change their names, and renew them'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "kubeconfig" -d 'Point a kubeconfig at another address'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "endpoint" -d 'Lead the whole cluster to another address'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "lb" -d 'Write, apply and judge what stands in front of the API servers'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "preflight" -d 'Tell whether the control plane may be moved to an address, and what is wrong now'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "verify" -d 'Prove that clients get through, at each node and at the shared address'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "watch" -d 'Measure failover while it happens'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "nodes" -d 'Show the control-plane nodes, their distribution and role, and how they were found'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "apply" -d 'Carry out a saved plan, exactly as it was shown'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "resume" -d 'Go on with a run that stopped part-way'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "undo" -d 'Take a run back'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "runs" -d 'List the runs, oldest first'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "rehearse" -d 'Show the whole job on a small cluster that is built in'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "explain" -d 'Tell what a finding means, why it matters and how to mend it'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and not __fish_seen_subcommand_from certs kubeconfig endpoint lb preflight verify watch nodes apply resume undo runs rehearse explain completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from certs" -f -a "inspect" -d 'Show the certificates that servers really serve, over the wire'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from certs" -f -a "add-san" -d 'Add names to the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from certs" -f -a "remove-san" -d 'Take names out of the certificate of every API server, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from certs" -f -a "renew" -d 'Renew the certificate of every API server, with the names it has, one node at a time'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from certs" -f -a "drift" -d 'Show which names are configured, which are on the disk and which are served, on each node'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from kubeconfig" -f -a "repoint" -d 'Point a kubeconfig at the load balancer\'s address'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from endpoint" -f -a "move" -d 'Lead everything in the cluster that names the old address to another one'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from lb" -f -a "render" -d 'Write a balancer\'s configuration from the inventory'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from lb" -f -a "apply" -d 'Give the machines in front the configuration that `lb render` writes'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from lb" -f -a "lint" -d 'Tell what is wrong with a balancer\'s configuration, line by line'
complete -c cpctl -n "__fish_cpctl_using_subcommand help; and __fish_seen_subcommand_from lb" -f -a "check" -d 'Tell what the balancer in front really does'
