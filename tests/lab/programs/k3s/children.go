package main

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

const endsWithin = 5 * time.Second

// A part that is a process of its own here and none in K3s: it lives as long as the server does.
type child struct {
	process *os.Process
	gone    chan struct{}
}

func startChild(ctx context.Context, command *exec.Cmd) child {
	output := must(os.OpenFile(serverPath("parts.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600))
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	check(command.Start())
	c := child{command.Process, make(chan struct{})}
	go func() {
		err := command.Wait()
		if ctx.Err() == nil {
			logrus.Fatalf("%s ended: %v", command.Path, err)
		}
		close(c.gone)
	}()
	return c
}

func (c child) end() {
	c.process.Signal(syscall.SIGTERM)
	select {
	case <-c.gone:
	case <-time.After(endsWithin):
		c.process.Kill()
		<-c.gone
	}
}

// What the server needs beside itself, and what ends it.
func (s *server) startParts(ctx context.Context) (end func()) {
	if isApart() {
		s.keepParts(ctx)
		return func() {}
	}
	store := startChild(ctx, s.etcd())
	api := startChild(ctx, s.apiServer())
	return func() {
		api.end()
		store.end()
	}
}

// The members are told by the lab, for nobody joins here.
func (s *server) etcd() *exec.Cmd {
	return exec.Command(programs+"/etcd",
		"--name="+s.name, "--data-dir="+serverPath("db/etcd"),
		"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls=http://"+s.address+":2380", "--initial-advertise-peer-urls=http://"+s.address+":2380",
		"--initial-cluster="+os.Getenv("LAB_ETCD_MEMBERS"), "--initial-cluster-state=new")
}

func (s *server) apiServer() *exec.Cmd {
	name, host, port := s.apiProgram()
	return exec.Command(programs+"/"+name,
		"--etcd-servers=http://127.0.0.1:2379", "--bind-address="+host, "--secure-port="+port, "--advertise-address="+s.address,
		"--tls-cert-file="+s.serving.certificate, "--tls-private-key-file="+s.serving.key, "--client-ca-file="+tlsPath("client-ca.crt"),
		"--requestheader-client-ca-file="+tlsPath("request-header-ca.crt"), "--requestheader-allowed-names=system:auth-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-signing-key-file="+tlsPath("service.key"), "--service-account-key-file="+tlsPath("service.key"),
		"--service-cluster-ip-range=10.43.0.0/16", "--authorization-mode=Node,RBAC", "--anonymous-auth=false",
		"--endpoint-reconciler-type=none", "--profiling=false")
}
