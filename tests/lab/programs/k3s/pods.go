package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

var podsDirectory = "/run/" + program + "/pods"

// Starts the pods that do not run: after a restart of the server they are there still, as those of K3s are.
func keepPodsRunning() {
	check(os.MkdirAll(podsDirectory, 0o755))
	for _, name := range []string{"pod-a", "pod-b"} {
		if podRuns(name) {
			continue
		}
		pod := exec.Command("/proc/self/exe", "pod", name)
		pod.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		check(pod.Start())
		check(os.WriteFile(filepath.Join(podsDirectory, name), fmt.Appendln(nil, pod.Process.Pid), 0o644))
		check(pod.Process.Release())
	}
}

func podRuns(name string) bool {
	text, err := os.ReadFile(filepath.Join(podsDirectory, name))
	if err != nil {
		return false
	}
	var pid int
	fmt.Sscan(string(text), &pid)
	return pid > 0 && syscall.Kill(pid, 0) == nil
}

// A pod in a control group beside that of the unit, where no restart of the unit looks for processes.
func runPod(name string, words []string) {
	for _, root := range []string{"/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"} {
		group := filepath.Join(root, "kubepods", name)
		if os.MkdirAll(group, 0o755) == nil {
			os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0o644)
		}
	}
	check(syscall.Exec(words[0], append([]string{name}, words[1:]...), os.Environ()))
}
