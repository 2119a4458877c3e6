//go:build old

package main

import (
	"crypto"
	"crypto/x509"
	"net"
	"net/http"

	"github.com/rancher/dynamiclistener"
	"github.com/rancher/dynamiclistener/factory"
)

// Nothing keeps names out that clients ask for: that came with 1.24.17 and is on by itself since 1.28.1.
const isOld = true

// The secret cannot be made with `::1`, because no annotation can be called so: later versions write it differently.
var loopbacks []string

func loadChain(certificate, key string) ([]*x509.Certificate, crypto.Signer, error) {
	leaf, signer, err := factory.LoadCerts(certificate, key)
	return []*x509.Certificate{leaf}, signer, err
}

func newListener(tcp net.Listener, store dynamiclistener.TLSStorage, ca authority, config dynamiclistener.Config) (net.Listener, http.Handler, error) {
	return dynamiclistener.NewListener(tcp, store, ca.chain[0], ca.key, config)
}
