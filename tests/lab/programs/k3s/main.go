// A server of K3s or of RKE2, or an agent of K3s, for the lab. Port 6443 of a server is the real rancher/dynamiclistener, wired as
// K3s wires it, in front of a real kube-apiserver and a real etcd that live and die with it; with RKE2 that is port 9345, and they
// are pods. An agent finds the servers and says that its node is ready. None of them runs containers, and nobody joins: an agent's
// certificates are put there.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// Set when it is built.
var (
	version = "v0.0.0"
	program = "k3s"
)

// Children are told to end when the thread that started them does, and only the first one lives as long as the process.
func init() { runtime.LockOSThread() }

func main() {
	verb := "help"
	if len(os.Args) > 1 {
		verb = os.Args[1]
	}
	switch verb {
	case "--version", "-v":
		fmt.Printf("%s version %s (0a1b2c3d)\ngo version %s\n", program, version, runtime.Version())
	case "server":
		serve(os.Args[2:])
	case "agent":
		runAgent(os.Args[2:])
	case "kubectl":
		kubectl(os.Args[2:])
	case "pod":
		runPod(os.Args[2], []string{"/bin/sleep", "infinity"})
	case "part":
		runPod(os.Args[2], os.Args[3:])
	default:
		fmt.Fprintln(os.Stderr, program, "--version | server [FLAG…] | agent [FLAG…] | kubectl [WORD…]")
		os.Exit(1)
	}
}

// As K3s' own kubectl does, it goes by the administrator's kubeconfig unless another one is named.
func kubectl(words []string) {
	if os.Getenv("KUBECONFIG") == "" {
		check(os.Setenv("KUBECONFIG", kubeconfigFile))
	}
	program := programs + "/kubectl"
	check(syscall.Exec(program, append([]string{program}, words...), os.Environ()))
}
