package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/rancher/dynamiclistener"
	"github.com/rancher/dynamiclistener/storage/file"
	"github.com/rancher/dynamiclistener/storage/kubernetes"
	"github.com/rancher/dynamiclistener/storage/memory"
	"github.com/rancher/wrangler/v3/pkg/generated/controllers/core"
	"github.com/sirupsen/logrus"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What clients see. It is up before the API server is, and answers with the certificate that the file holds until the
// secret can be read: hence the old names for some seconds after a start.
type front struct {
	sync.RWMutex
	server      *http.Server
	controllers *core.Factory
	// Names that may come into the certificate; nil lets every name in that somebody asks for.
	allowed map[string]bool
	synced  func() bool
}

func (s *server) listen(ctx context.Context) *front {
	f := &front{}
	stored := file.New(tlsPath("dynamic-cert.json"))
	store := kubernetes.New(ctx, f.factory, metav1.NamespaceSystem, program+"-serving", memory.NewBacked(stored))
	tcp := must(net.Listen("tcp", ":"+s.joinPort()))
	listener, observe, err := newListener(tcp, store, s.serverCA, dynamiclistener.Config{
		CN: program, Organization: []string{program}, SANs: s.sans, ExpirationDaysCheck: 120,
		TLSConfig: &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}},
		FilterCN:  f.admit,
		RegenerateCerts: func() bool {
			return os.Remove(tlsPath("dynamic-cert-regenerate")) == nil
		},
	})
	check(err)
	f.server = &http.Server{Handler: s.handler(observe), ErrorLog: log.New(io.Discard, "", 0)}
	go f.server.Serve(listener)
	logrus.Infof("serving %s with tls-san %v", tcp.Addr(), s.settings.list("tls-san"))
	return f
}

func (f *front) factory() *core.Factory {
	f.RLock()
	defer f.RUnlock()
	return f.controllers
}

func (f *front) admit(names ...string) []string {
	f.RLock()
	defer f.RUnlock()
	if f.allowed == nil || !f.synced() {
		return names
	}
	var admitted []string
	for _, name := range names {
		if f.allowed[name] {
			admitted = append(admitted, name)
		}
	}
	return admitted
}

// From here on the certificate is that of the secret, and where `tls-san-security` is on it takes no name from clients.
func (f *front) follow(ctx context.Context, s *server, controllers *core.Factory) {
	nodes := controllers.Core().V1().Node()
	f.Lock()
	defer f.Unlock()
	f.controllers = controllers
	if isOld || s.settings.one("tls-san-security", "true") != "true" {
		return
	}
	f.allowed, f.synced = map[string]bool{}, nodes.Informer().HasSynced
	for _, san := range s.sans {
		f.allowed[san] = true
	}
	nodes.OnChange(ctx, "server-cn-filter", f.admitAddresses)
}

func (f *front) admitAddresses(_ string, node *v1.Node) (*v1.Node, error) {
	if node == nil || node.Labels[controlPlane] == "" {
		return node, nil
	}
	f.Lock()
	defer f.Unlock()
	for _, address := range node.Status.Addresses {
		// K3s calls String() too, which is not the bare address.
		f.allowed[address.String()] = true
	}
	return node, nil
}

func (f *front) close() { f.server.Close() }

func (s *server) handler(observe http.Handler) http.Handler {
	api := s.behind()
	ca := must(os.ReadFile(tlsPath("server-ca.crt")))
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		observe.ServeHTTP(answer, request)
		switch request.URL.Path {
		case "/ping":
			io.WriteString(answer, "pong")
		case "/cacerts":
			answer.Write(ca)
		default:
			api.ServeHTTP(answer, request)
		}
	})
}

// Passes requests on to the API server, with the user of the client's certificate where the cluster signed it.
func (s *server) apiProxy() http.Handler {
	shown := must(tls.LoadX509KeyPair(s.proxy.certificate, s.proxy.key))
	trusted := x509.VerifyOptions{Roots: s.clientCA.pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageAny}}
	return &httputil.ReverseProxy{
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{
			RootCAs: s.serverCA.pool(), ServerName: "kubernetes", Certificates: []tls.Certificate{shown},
		}},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "https", Host: s.inner()})
			for name := range r.Out.Header {
				if strings.HasPrefix(name, "X-Remote-") {
					r.Out.Header.Del(name)
				}
			}
			for _, peer := range r.In.TLS.PeerCertificates[:min(1, len(r.In.TLS.PeerCertificates))] {
				if _, err := peer.Verify(trusted); err == nil {
					r.Out.Header.Set("X-Remote-User", peer.Subject.CommonName)
					r.Out.Header["X-Remote-Group"] = append([]string{"system:authenticated"}, peer.Subject.Organization...)
				}
			}
		},
	}
}
