package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	ok = "ok"
	// An answer that took longer is lost.
	limit = 2 * time.Second
)

// A client has the keys of the balancers' checks.
type client struct {
	target, request string
	tls             *tls.Config
}

func newClient(target, path, pki string, byName bool) (*client, error) {
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(pki, "balancer.crt"), filepath.Join(pki, "balancer.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(filepath.Join(pki, "ca.crt"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s/ca.crt: no certificate", pki)
	}
	demanded := x509.VerifyOptions{Roots: roots}
	if byName {
		demanded.DNSName = host
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{pair}, ServerName: host,
		InsecureSkipVerify: true, VerifyConnection: verify(demanded),
		// Without a second and costlier key: it is the servers that are judged.
		CurvePreferences: []tls.CurveID{tls.X25519},
	}
	return &client{target, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n", config}, nil
}

// verify takes the place of what TLS itself does, which always asks for the name.
func verify(demanded x509.VerifyOptions) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		options := demanded
		options.Intermediates = x509.NewCertPool()
		for _, certificate := range state.PeerCertificates[1:] {
			options.Intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(options)
		return err
	}
}

// shoot makes a connection of its own, asks once and says how that ended.
func (c *client) shoot() string {
	status, err := c.exchange()
	var errno syscall.Errno
	switch {
	case err == nil && status == "200":
		return ok
	case err == nil:
		return "http-" + status
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &errno):
		return errno.Error()
	default:
		return err.Error()
	}
}

func (c *client) exchange() (status string, err error) {
	deadline := time.Now().Add(limit)
	dialer := net.Dialer{Deadline: deadline}
	plain, err := dialer.Dial("tcp", c.target)
	if err != nil {
		return "", err
	}
	defer plain.Close()
	if err := plain.SetDeadline(deadline); err != nil {
		return "", err
	}
	secure := tls.Client(plain, c.tls)
	if _, err := secure.Write([]byte(c.request)); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(secure).ReadString('\n')
	if err != nil {
		return "", err
	}
	words := strings.Fields(line)
	if len(words) < 2 {
		return "nothing", nil
	}
	return words[1], nil
}
