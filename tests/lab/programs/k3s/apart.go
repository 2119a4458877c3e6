package main

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

// What RKE2 has apart: a port for joining, and an API server and an etcd that are pods. They outlive the server, and are
// replaced where a start finds another certificate than the one that they were started with.
// https://github.com/rancher/rke2, pkg/executor/staticpod
func isApart() bool { return program == "rke2" }

const looksEvery = time.Second

func (s *server) joinPort() string {
	if isApart() {
		return "9345"
	}
	return s.port
}

// The way to the API server that does not lead through the front.
func (s *server) inner() string {
	if isApart() {
		return "127.0.0.1:" + s.port
	}
	return "127.0.0.1:6444"
}

func (s *server) apiProgram() (name, host, port string) {
	if isApart() {
		return "kube-apiserver", "0.0.0.0", s.port
	}
	return "k3s-apiserver", "127.0.0.1", "6444"
}

// What answers where neither a ping nor a CA is asked for.
func (s *server) behind() http.Handler {
	if isApart() {
		return http.NotFoundHandler()
	}
	return s.apiProxy()
}

// Replaces what has to be, etcd before the API server, and goes on starting what ends.
func (s *server) keepParts(ctx context.Context) {
	usage := x509.ExtKeyUsageServerAuth
	check(os.MkdirAll(tlsPath("etcd"), 0o700))
	store := s.serverCA.issue("etcd/server-client", pkix.Name{CommonName: "etcd-server"}, usage, s.sans)
	keep := func() {
		keepPart(s.etcd(), store)
		keepPart(s.apiServer(), s.serving)
	}
	keep()
	go func() {
		for ctx.Err() == nil {
			time.Sleep(looksEvery)
			keep()
		}
	}()
}

func keepPart(command *exec.Cmd, files pair) {
	name := filepath.Base(command.Path)
	state := filepath.Join(podsDirectory, name)
	hash := sha256.New()
	for _, file := range []string{files.certificate, files.key} {
		hash.Write(must(os.ReadFile(file)))
	}
	wanted := hex.EncodeToString(hash.Sum(nil))
	var pid int
	var has string
	text, _ := os.ReadFile(state)
	fmt.Sscan(string(text), &pid, &has)
	if podRuns(name) && has == wanted {
		return
	}
	endPart(name, pid)
	logrus.Infof("starting the pod %s", name)
	pod := exec.Command("/proc/self/exe", append([]string{"part", name}, append([]string{command.Path}, command.Args[1:]...)...)...)
	output := must(os.OpenFile(serverPath("parts.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600))
	defer output.Close()
	pod.Stdout, pod.Stderr = output, output
	pod.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	check(pod.Start())
	check(os.WriteFile(state, fmt.Appendln(nil, pod.Process.Pid, wanted), 0o644))
	// Otherwise one that ended would still look as if it ran.
	go pod.Wait()
}

func endPart(name string, pid int) {
	if pid == 0 || !podRuns(name) {
		return
	}
	logrus.Infof("replacing the pod %s", name)
	syscall.Kill(pid, syscall.SIGTERM)
	for limit := time.Now().Add(endsWithin); podRuns(name); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
