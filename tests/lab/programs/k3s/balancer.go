package main

import (
	"encoding/json"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

const balancerName = "k3s-agent-load-balancer"

// The agent's own balancer. It begins with the configured address, or with the servers that it knew when it last had
// the same; once it knows them, that address is only what is left when none of them answers.
// https://github.com/k3s-io/k3s/tree/master/pkg/agent/loadbalancer
type balancer struct {
	sync.Mutex
	remembered
	at, file, fallback string
}

type remembered struct {
	ServerURL       string
	ServerAddresses []string
}

func startBalancer(server *url.URL, port string) *balancer {
	b := &balancer{
		at: net.JoinHostPort("127.0.0.1", port), file: agentPath("etc/" + balancerName + ".json"),
		fallback: withPort(server),
	}
	b.remembered = remembered{server.String(), []string{b.fallback}}
	b.read()
	listener := must(net.Listen("tcp", b.at))
	logrus.Infof("Running load balancer %s %s -> %v [default: %s]", balancerName, b.at, b.ServerAddresses, b.fallback)
	go b.serve(listener)
	return b
}

func withPort(server *url.URL) string {
	if server.Port() != "" {
		return server.Host
	}
	return net.JoinHostPort(server.Hostname(), "443")
}

// What is remembered counts only for the address that it was learned from.
func (b *balancer) read() {
	var last remembered
	if text, err := os.ReadFile(b.file); err == nil && json.Unmarshal(text, &last) == nil && last.ServerURL == b.ServerURL {
		b.remembered = last
		return
	}
	b.write()
}

func (b *balancer) write() {
	check(os.WriteFile(b.file, must(json.MarshalIndent(b.remembered, "", "  ")), 0o600))
}

func (b *balancer) known() []string {
	b.Lock()
	defer b.Unlock()
	return slices.Clone(b.ServerAddresses)
}

// Takes over the servers that the cluster names, and tells which ones are new.
func (b *balancer) update(servers []string) (added []string) {
	b.Lock()
	defer b.Unlock()
	if len(servers) == 0 || slices.Equal(servers, b.ServerAddresses) {
		return nil
	}
	for _, server := range servers {
		if !slices.Contains(b.ServerAddresses, server) {
			added = append(added, server)
			logrus.Infof("Adding server to load balancer %s: %s", balancerName, server)
		}
	}
	for _, server := range b.ServerAddresses {
		if !slices.Contains(servers, server) {
			logrus.Infof("Removing server from load balancer %s: %s", balancerName, server)
		}
	}
	b.ServerAddresses = servers
	logrus.Infof("Updated load balancer %s server addresses -> [%s] [default: %s]", balancerName, strings.Join(servers, " "), b.fallback)
	b.write()
	return added
}

func (b *balancer) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go b.pass(client)
	}
}

func (b *balancer) pass(client net.Conn) {
	defer client.Close()
	for _, address := range append(b.known(), b.fallback) {
		server, err := net.DialTimeout("tcp", address, 2*time.Second)
		if err != nil {
			continue
		}
		defer server.Close()
		go func() {
			io.Copy(server, client)
			server.Close()
		}()
		io.Copy(client, server)
		return
	}
}
