//go:build !old

package main

import (
	"net"
	"net/http"

	"github.com/rancher/dynamiclistener"
	"github.com/rancher/dynamiclistener/factory"
)

const isOld = false

var loopbacks = []string{"::1"}

var loadChain = factory.LoadCertsChain

func newListener(tcp net.Listener, store dynamiclistener.TLSStorage, ca authority, config dynamiclistener.Config) (net.Listener, http.Handler, error) {
	return dynamiclistener.NewListenerWithChain(tcp, store, ca.chain, ca.key, config)
}
