package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	leaseEvery   = 2 * time.Second // ten in a kubelet, and whoever waits for a new one would wait as long
	serversEvery = time.Second
)

func agentPath(name string) string { return filepath.Join(data, "agent", name) }

// One agent as its configuration has it. The cluster's way to it, and its own to the API, lead through its balancer.
type agent struct {
	name, address string
	balancer      *balancer
	authorities   *x509.CertPool
}

func runAgent(flags []string) {
	asked, err := readSettings(flags)
	check(err)
	// Files are read as if they were flags that stand first, and a variable counts where there is neither.
	server := asked.one("server", asked.one("s", os.Getenv("K3S_URL")))
	if server == "" {
		logrus.Fatal("--server is required")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	logrus.Infof("Starting k3s agent %s", version)
	keepPodsRunning()
	a := &agent{
		name:     asked.one("node-name", must(os.Hostname())),
		address:  asked.one("node-ip", ownAddress()),
		balancer: startBalancer(must(url.Parse(server)), asked.one("lb-server-port", "6444")),
	}
	a.run(ctx)
	tell("STOPPING=1")
}

func (a *agent) run(ctx context.Context) {
	insist(ctx, 2*time.Second, a.trust)
	for _, address := range a.balancer.known() {
		insist(ctx, time.Second, func() error { return a.greet(address) })
	}
	node, controller := a.client("client-kubelet"), a.client("client-k3s-controller")
	insist(ctx, time.Second, func() error { return a.learnServers(ctx, controller) })
	insist(ctx, time.Second, func() error { return a.enterNode(ctx, node) })
	insist(ctx, time.Second, func() error { return a.renewLease(ctx, node) })
	if ctx.Err() != nil {
		return
	}
	tell("READY=1")
	lease, servers := time.NewTicker(leaseEvery), time.NewTicker(serversEvery)
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-lease.C:
			err = a.renewLease(ctx, node)
		case <-servers.C:
			err = a.learnServers(ctx, controller)
		}
		if err != nil && ctx.Err() == nil {
			logrus.Error(err)
		}
	}
}

// What an agent needs before it can go on, it asks for until it has it.
func insist(ctx context.Context, pause time.Duration, try func() error) {
	for ctx.Err() == nil {
		err := try()
		if err == nil {
			return
		}
		logrus.Error(err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// Whoever the balancer leads to shows the authority; a token without a hash of it believes that.
func (a *agent) trust() error {
	text, err := get("https://"+a.balancer.at+"/cacerts", &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return fmt.Errorf("failed to get CA certs: %w", err)
	}
	a.authorities = x509.NewCertPool()
	if !a.authorities.AppendCertsFromPEM(text) {
		return errors.New("failed to get CA certs: no certificate in them")
	}
	return os.WriteFile(agentPath("server-ca.crt"), text, 0o644)
}

// Stands for the tunnel to a server, which is opened past the balancer: the certificate must name what was dialled.
func (a *agent) greet(address string) error {
	answer, err := get("https://"+address+"/ping", &tls.Config{RootCAs: a.authorities})
	if err == nil && string(answer) != "pong" {
		err = fmt.Errorf("not pong: %.20q", answer)
	}
	if err != nil {
		return fmt.Errorf("Remotedialer proxy error; reconnecting... url=wss://%s/v1-k3s/connect: %w", address, err)
	}
	logrus.Infof("Connected to proxy url=wss://%s/v1-k3s/connect", address)
	return nil
}

func get(address string, config *tls.Config) ([]byte, error) {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	answer, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (a *agent) client(name string) kubernetes.Interface {
	return must(kubernetes.NewForConfig(&rest.Config{
		Host: "https://" + a.balancer.at, Timeout: 5 * time.Second,
		TLSClientConfig: rest.TLSClientConfig{
			CAFile: agentPath("server-ca.crt"), CertFile: agentPath(name + ".crt"), KeyFile: agentPath(name + ".key"),
		},
	}))
}
