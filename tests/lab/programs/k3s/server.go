package main

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/rancher/wrangler/v3/pkg/generated/controllers/core"
	"github.com/sirupsen/logrus"
	"k8s.io/client-go/rest"
)

const serviceAddress = "10.43.0.1"

var (
	data           = "/var/lib/rancher/" + program
	programs       = data + "/data/current/bin"
	kubeconfigFile = "/etc/rancher/" + program + "/" + program + ".yaml"
)

func serverPath(name string) string { return filepath.Join(data, "server", name) }
func tlsPath(name string) string    { return serverPath("tls/" + name) }

// One server as its configuration has it.
type server struct {
	settings settings
	name     string
	address  string
	port     string
	// What the certificates name: what is asked for, and what every server is called.
	sans []string
	// Pairs that the parts of it show each other.
	serving, administrator, proxy pair
	serverCA, clientCA            authority
}

func serve(flags []string) {
	asked, err := readSettings(flags)
	check(err)
	s := newServer(asked)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	keepPodsRunning()
	front := s.listen(ctx)
	end := s.startParts(ctx)
	s.writeKubeconfig()
	direct := s.direct()
	waitUntilReady(ctx, direct)
	controllers := must(core.NewFactoryFromConfig(direct))
	front.follow(ctx, s, controllers)
	check(controllers.Start(ctx, 5))
	s.register(ctx, direct)
	tell("READY=1")
	logrus.Infof("%s is up and running", program)

	<-ctx.Done()
	tell("STOPPING=1")
	front.close()
	end()
}

func newServer(asked settings) *server {
	host := must(os.Hostname())
	s := &server{
		settings: asked,
		name:     asked.one("node-name", host),
		address:  asked.one("node-ip", ownAddress()),
		port:     asked.one("https-listen-port", "6443"),
		serverCA: readAuthority("server-ca"),
		clientCA: readAuthority("client-ca"),
	}
	s.sans = append(asked.list("tls-san"),
		"127.0.0.1", "localhost", s.name, s.address, serviceAddress,
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
	s.sans = append(s.sans, loopbacks...)
	client := x509.ExtKeyUsageClientAuth
	administrator := pkix.Name{CommonName: "system:admin", Organization: []string{"system:masters"}}
	s.serving = s.serverCA.issue("serving-kube-apiserver", pkix.Name{CommonName: "kube-apiserver"}, x509.ExtKeyUsageServerAuth, s.sans)
	s.administrator = s.clientCA.issue("client-admin", administrator, client, nil)
	s.proxy = readAuthority("request-header-ca").issue("client-auth-proxy", pkix.Name{CommonName: "system:auth-proxy"}, client, nil)
	return s
}

// The address by which this machine would leave its network; nothing is sent.
func ownAddress() string {
	connection := must(net.Dial("udp", "192.0.2.1:9"))
	defer connection.Close()
	return connection.LocalAddr().(*net.UDPAddr).IP.String()
}

// The way to the API server that does not lead through the front.
func (s *server) direct() *rest.Config {
	return &rest.Config{
		Host: "https://" + s.inner(), QPS: 50, Burst: 100,
		TLSClientConfig: rest.TLSClientConfig{
			ServerName: "kubernetes", CAFile: tlsPath("server-ca.crt"),
			CertFile: s.administrator.certificate, KeyFile: s.administrator.key,
		},
	}
}

func waitUntilReady(ctx context.Context, api *rest.Config) {
	client := must(rest.HTTPClientFor(api))
	for ctx.Err() == nil {
		if answer, err := client.Get(api.Host + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
	os.Exit(0)
}

// Written anew at every start, always with 127.0.0.1, as K3s does.
func (s *server) writeKubeconfig() {
	inline := func(file string) string { return base64.StdEncoding.EncodeToString(must(os.ReadFile(file))) }
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://127.0.0.1:%s
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    client-certificate-data: %s
    client-key-data: %s
`, inline(tlsPath("server-ca.crt")), s.port, inline(s.administrator.certificate), inline(s.administrator.key))
	check(os.WriteFile(kubeconfigFile, []byte(text), 0o600))
}

// A word to systemd.
func tell(state string) {
	if path := os.Getenv("NOTIFY_SOCKET"); path != "" {
		connection := must(net.Dial("unixgram", strings.Replace(path, "@", "\x00", 1)))
		defer connection.Close()
		must(io.WriteString(connection, state))
	}
}

func check(err error) {
	if err != nil {
		logrus.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
