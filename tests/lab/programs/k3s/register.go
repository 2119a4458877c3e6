package main

import (
	"context"
	"slices"
	"strconv"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
)

const controlPlane = "node-role.kubernetes.io/control-plane"

// Tells the cluster that this server is one of its nodes and one of its API servers.
func (s *server) register(ctx context.Context, api *rest.Config) {
	client := must(kubernetes.NewForConfig(api))
	check(again(func() error { return s.enterNode(ctx, client) }))
	check(again(func() error { return s.enterEndpoint(ctx, client) }))
}

// Three servers write the same objects at once, each a new one or a change that another made first.
func again(enter func() error) error {
	return retry.OnError(retry.DefaultBackoff, func(error) bool { return true }, enter)
}

// What the kubelet does, whose addresses the filter of names lets through.
func (s *server) enterNode(ctx context.Context, client kubernetes.Interface) error {
	nodes := client.CoreV1().Nodes()
	node, err := nodes.Get(ctx, s.name, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		labels := map[string]string{controlPlane: "true", "node-role.kubernetes.io/etcd": "true", "kubernetes.io/hostname": s.name}
		node, err = nodes.Create(ctx, &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: s.name, Labels: labels}}, metav1.CreateOptions{})
	}
	if err != nil {
		return err
	}
	node.Status.Addresses = []v1.NodeAddress{{Type: v1.NodeInternalIP, Address: s.address}, {Type: v1.NodeHostName, Address: s.name}}
	node.Status.Conditions = []v1.NodeCondition{{Type: v1.NodeReady, Status: v1.ConditionTrue, Reason: "KubeletReady"}}
	_, err = nodes.UpdateStatus(ctx, node, metav1.UpdateOptions{})
	return err
}

// What K3s' own API server does, which knows that clients reach it at another port than the one it listens on.
func (s *server) enterEndpoint(ctx context.Context, client kubernetes.Interface) error {
	slice := client.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault)
	found, err := slice.Get(ctx, "kubernetes", metav1.GetOptions{})
	if errors.IsNotFound(err) {
		_, err = slice.Create(ctx, s.endpoints(), metav1.CreateOptions{})
	}
	if err != nil || found.Name == "" {
		return err
	}
	own := s.endpoints().Endpoints[0]
	if slices.ContainsFunc(found.Endpoints, func(e discovery.Endpoint) bool { return slices.Equal(e.Addresses, own.Addresses) }) {
		return nil
	}
	found.Endpoints = append(found.Endpoints, own)
	_, err = slice.Update(ctx, found, metav1.UpdateOptions{})
	return err
}

func (s *server) endpoints() *discovery.EndpointSlice {
	name, ready, port := "https", true, int32(must(strconv.Atoi(s.port)))
	return &discovery.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Name: "kubernetes", Labels: map[string]string{discovery.LabelServiceName: "kubernetes"}},
		AddressType: discovery.AddressTypeIPv4,
		Endpoints:   []discovery.Endpoint{{Addresses: []string{s.address}, Conditions: discovery.EndpointConditions{Ready: &ready}}},
		Ports:       []discovery.EndpointPort{{Name: &name, Port: &port}},
	}
}
