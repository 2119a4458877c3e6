
use builtin;
use str;

set edit:completion:arg-completer[cpctl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'cpctl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'cpctl'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand certs 'Look at serving certificates, change their names, and renew them'
            cand kubeconfig 'Point a kubeconfig at another address'
            cand endpoint 'Lead the whole cluster to another address'
            cand lb 'Read the configuration of a load balancer'
            cand verify 'Prove that clients get through, at each node and at the shared address'
            cand nodes 'Show the control-plane nodes, their distribution and role, and how they were found'
            cand apply 'Carry out a saved plan, exactly as it was shown'
            cand resume 'Go on with a run that stopped part-way'
            cand undo 'Take a run back'
            cand runs 'List the runs, oldest first'
            cand rehearse 'Show the whole job on a small cluster that is built in'
            cand explain 'Tell what a finding means, why it matters and how to mend it'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;certs'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help'
            cand --help 'Print help'
            cand inspect 'Show the certificates that servers really serve, over the wire'
            cand add-san 'Add names to the certificate of every API server, one node at a time'
            cand remove-san 'Take names out of the certificate of every API server, one node at a time'
            cand renew 'Renew the certificate of every API server, with the names it has, one node at a time'
            cand drift 'Show which names are configured, which are on the disk and which are served, on each node'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;certs;inspect'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --require 'A name that every certificate must carry; may be given several times'
            cand --fail-on 'How bad a finding must be for exit code 1'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;certs;add-san'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --limit 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile'
            cand --ca-key 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`'
            cand --without-balancer 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --dry-run 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand --keep-failed 'Leave a node that fails its proof as it is, rather than take it back'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;certs;remove-san'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --limit 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile'
            cand --ca-key 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`'
            cand --without-balancer 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --force 'Remove also what the kubeconfig, the inventory or a run leads clients to'
            cand --dry-run 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand --keep-failed 'Leave a node that fails its proof as it is, rather than take it back'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;certs;renew'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --if-expires-within 'Renew only what ends within this time, such as 720h or 30d, and say nothing where nothing does: for a timer'
            cand --limit 'Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile'
            cand --ca-key 'Where the CA''s key lies, where it is not beside the CA''s certificate on each node of kubeadm''s or set up by hand. It signs there and does not leave that machine: a node, another machine, or `localhost`'
            cand --without-balancer 'Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --dry-run 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand --keep-failed 'Leave a node that fails its proof as it is, rather than take it back'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;certs;drift'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --fail-on 'How bad a finding must be for exit code 1'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;certs;help'= {
            cand inspect 'Show the certificates that servers really serve, over the wire'
            cand add-san 'Add names to the certificate of every API server, one node at a time'
            cand remove-san 'Take names out of the certificate of every API server, one node at a time'
            cand renew 'Renew the certificate of every API server, with the names it has, one node at a time'
            cand drift 'Show which names are configured, which are on the disk and which are served, on each node'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;certs;help;inspect'= {
        }
        &'cpctl;certs;help;add-san'= {
        }
        &'cpctl;certs;help;remove-san'= {
        }
        &'cpctl;certs;help;renew'= {
        }
        &'cpctl;certs;help;drift'= {
        }
        &'cpctl;certs;help;help'= {
        }
        &'cpctl;kubeconfig'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help'
            cand --help 'Print help'
            cand repoint 'Point a kubeconfig at the load balancer''s address'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;kubeconfig;repoint'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --to 'The new address; without a port, that of the present server [default: the inventory''s endpoint]'
            cand --cluster 'The cluster entry to change, in place of the context''s'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --all-matching 'Change every cluster entry with the same server'
            cand --no-verify 'Do not try the new address first, for a file that is used elsewhere'
            cand --dry-run 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;kubeconfig;help'= {
            cand repoint 'Point a kubeconfig at the load balancer''s address'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;kubeconfig;help;repoint'= {
        }
        &'cpctl;kubeconfig;help;help'= {
        }
        &'cpctl;endpoint'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help'
            cand --help 'Print help'
            cand move 'Lead everything in the cluster that names the old address to another one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;endpoint;move'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --to 'The new address; without a port, that of the kubeconfig''s server [default: the inventory''s endpoint]'
            cand --from 'An address to leave, in place of those of the API servers and of the kubeconfig; may be given several times'
            cand --limit 'Change only these nodes, by name; comma-separated, or several times. Texts in the cluster''s API change all the same'
            cand --kubeconfigs 'A directory of kubeconfigs to move too, beside the one that is used'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --admin-confs 'Move the administrators'' kubeconfigs on kubeadm''s control planes too, which hold keys: admin.conf, super-admin.conf'
            cand --dry-run 'Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand --keep-failed 'Leave what fails as it is, rather than take it back'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;endpoint;help'= {
            cand move 'Lead everything in the cluster that names the old address to another one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;endpoint;help;move'= {
        }
        &'cpctl;endpoint;help;help'= {
        }
        &'cpctl;lb'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help'
            cand --help 'Print help'
            cand lint 'Tell what is wrong with a balancer''s configuration, line by line'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;lb;lint'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --kind 'What the files configure, where their content does not tell'
            cand --fail-on 'How bad a finding must be for exit code 1'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --remote 'Read the files on the inventory''s balancers, where Debian''s packages have them'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;lb;help'= {
            cand lint 'Tell what is wrong with a balancer''s configuration, line by line'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;lb;help;lint'= {
        }
        &'cpctl;lb;help;help'= {
        }
        &'cpctl;verify'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand --fail-on 'How bad a finding must be for exit code 1'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;nodes'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result; yaml is an inventory'
            cand --output 'How to print the result; yaml is an inventory'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;apply'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;resume'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;undo'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -y 'Do not ask before changing anything'
            cand --yes 'Do not ask before changing anything'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;runs'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;rehearse'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --keep 'Leave the cluster running until Ctrl-C, and print how to play with it from another terminal'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;explain'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -o 'How to print the result'
            cand --output 'How to print the result'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;completions'= {
            cand --kubeconfig 'The kubeconfig to use, before $KUBECONFIG and ~/.kube/config'
            cand --context 'The context to use, in place of the current one'
            cand --request-timeout 'How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]'
            cand --inventory 'Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]'
            cand --node 'A node, in place of an inventory; give it once for each'
            cand -F 'The ssh configuration file, in place of ~/.ssh/config'
            cand -i 'The private key to log in with'
            cand -J 'Hosts to jump through, comma-separated'
            cand -p 'The port that sshd listens on'
            cand -l 'The user to log in as'
            cand --ssh 'The built-in SSH, or the system''s ssh: for FIDO keys, certificates, Match and ProxyCommand'
            cand -K 'Ask once for the sudo password of the login user'
            cand --ask-become-pass 'Ask once for the sudo password of the login user'
            cand -q 'Say nothing but the result and errors'
            cand --quiet 'Say nothing but the result and errors'
            cand -v 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand --verbose 'Say each round trip, lock, change, wait and proof as it happens, and how long it took'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cpctl;help'= {
            cand certs 'Look at serving certificates, change their names, and renew them'
            cand kubeconfig 'Point a kubeconfig at another address'
            cand endpoint 'Lead the whole cluster to another address'
            cand lb 'Read the configuration of a load balancer'
            cand verify 'Prove that clients get through, at each node and at the shared address'
            cand nodes 'Show the control-plane nodes, their distribution and role, and how they were found'
            cand apply 'Carry out a saved plan, exactly as it was shown'
            cand resume 'Go on with a run that stopped part-way'
            cand undo 'Take a run back'
            cand runs 'List the runs, oldest first'
            cand rehearse 'Show the whole job on a small cluster that is built in'
            cand explain 'Tell what a finding means, why it matters and how to mend it'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cpctl;help;certs'= {
            cand inspect 'Show the certificates that servers really serve, over the wire'
            cand add-san 'Add names to the certificate of every API server, one node at a time'
            cand remove-san 'Take names out of the certificate of every API server, one node at a time'
            cand renew 'Renew the certificate of every API server, with the names it has, one node at a time'
            cand drift 'Show which names are configured, which are on the disk and which are served, on each node'
        }
        &'cpctl;help;certs;inspect'= {
        }
        &'cpctl;help;certs;add-san'= {
        }
        &'cpctl;help;certs;remove-san'= {
        }
        &'cpctl;help;certs;renew'= {
        }
        &'cpctl;help;certs;drift'= {
        }
        &'cpctl;help;kubeconfig'= {
            cand repoint 'Point a kubeconfig at the load balancer''s address'
        }
        &'cpctl;help;kubeconfig;repoint'= {
        }
        &'cpctl;help;endpoint'= {
            cand move 'Lead everything in the cluster that names the old address to another one'
        }
        &'cpctl;help;endpoint;move'= {
        }
        &'cpctl;help;lb'= {
            cand lint 'Tell what is wrong with a balancer''s configuration, line by line'
        }
        &'cpctl;help;lb;lint'= {
        }
        &'cpctl;help;verify'= {
        }
        &'cpctl;help;nodes'= {
        }
        &'cpctl;help;apply'= {
        }
        &'cpctl;help;resume'= {
        }
        &'cpctl;help;undo'= {
        }
        &'cpctl;help;runs'= {
        }
        &'cpctl;help;rehearse'= {
        }
        &'cpctl;help;explain'= {
        }
        &'cpctl;help;completions'= {
        }
        &'cpctl;help;help'= {
        }
    ]
    $completions[$command]
}
