package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	logs = "/var/log/pods"
	// While this file is there, a container sees a copy of the certificates that was made when it started.
	frozen = "/etc/lab/no-hot-reload"
	// The first pause before a container that ended is started again, and the longest.
	firstPause, longestPause = time.Second, 5 * time.Minute
	// A container that ran this long starts again without a pause.
	steady = 10 * time.Second
)

// The control group tells everybody that a container is what runs there.
const inGroup = "--slice=kubepods-burstable.slice"

const freeze = `mkdir -p /run/pki-frozen && own=$(mktemp -d -p /run/pki-frozen) &&
cp -a /etc/kubernetes/pki/. "$own" && mount --bind "$own" /etc/kubernetes/pki && exec "$@"`

// container is a process that stays until it is ended.
type container struct {
	pod
	ending, ended chan struct{}
}

func start(name string, pod pod) *container {
	container := &container{pod, make(chan struct{}), make(chan struct{})}
	go container.keep(name)
	return container
}

// end asks it to go, waits as long as its manifest says, and kills it then.
func (c *container) end() {
	close(c.ending)
	<-c.ended
}

// keep runs the process again and again.
func (c *container) keep(name string) {
	defer close(c.ended)
	for pause, number := firstPause, 0; ; number++ {
		begun := time.Now()
		err := c.run(fmt.Sprintf("cri-containerd-%s-%d-%d", name, begun.UnixNano(), number), name)
		if time.Since(begun) > steady {
			pause = 0
		}
		log.Printf("%s: ended (%v), again in %s", name, err, pause)
		select {
		case <-c.ending:
			return
		case <-time.After(pause):
		}
		pause = min(max(2*pause, firstPause), longestPause)
	}
}

// run is one life of the process, in a control group of its own.
func (c *container) run(scope, name string) error {
	argv := c.argv
	if _, err := os.Stat(frozen); err == nil {
		argv = append([]string{"unshare", "--mount", "sh", "-c", freeze, "sh"}, argv...)
	}
	out, err := output(name)
	if err != nil {
		return err
	}
	defer out.Close()
	command := exec.Command("systemd-run", append([]string{"--quiet", "--scope", "--collect", inGroup, "--unit=" + scope, "--"}, argv...)...)
	command.Stdout, command.Stderr = out, out
	if err := command.Start(); err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() { gone <- command.Wait() }()
	select {
	case err := <-gone:
		return err
	case <-c.ending:
	}
	_ = command.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-gone:
		return err
	case <-time.After(c.grace):
		_ = command.Process.Kill()
		return <-gone
	}
}

func output(name string) (*os.File, error) {
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(logs+"/"+name+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}
