package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// What the kubelet logs in with; it is read when the kubelet starts, and never again.
	kubeconfig = "/etc/kubernetes/kubelet.conf"
	// A kubelet renews its lease as often.
	renewEvery = 10 * time.Second
	// The pause after a call that failed.
	retryAfter = time.Second
	mirror     = "kubernetes.io/config.mirror"
)

// node is the API's side of a kubelet.
type node struct {
	name   string
	client kubernetes.Interface
}

// attend says that the node is alive, and that the pods which are bound to it run.
func attend(ctx context.Context) {
	name, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	client, err := login(kubeconfig)
	if err != nil {
		log.Print(err)
		return
	}
	node := node{name, client}
	go again(ctx, node.runPods)
	again(ctx, node.beat)
}

func login(kubeconfig string) (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(config)
}

// again works until told to stop; what fails is tried again.
func again(ctx context.Context, work func(context.Context) error) {
	for ctx.Err() == nil {
		if err := work(ctx); err != nil {
			log.Print(err)
		}
		select {
		case <-time.After(retryAfter):
		case <-ctx.Done():
		}
	}
}

// beat renews the lease and the node's state for as long as that works.
func (n node) beat(ctx context.Context) error {
	for {
		if err := n.renew(ctx); err != nil {
			return err
		}
		if err := n.tell(ctx); err != nil {
			return err
		}
		select {
		case <-time.After(renewEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

func (n node) renew(ctx context.Context) error {
	leases, now := n.client.CoordinationV1().Leases(v1.NamespaceNodeLease), meta.NowMicro()
	lease, err := leases.Get(ctx, n.name, meta.GetOptions{})
	if errors.IsNotFound(err) {
		seconds := int32(40)
		spec := coordination.LeaseSpec{HolderIdentity: &n.name, LeaseDurationSeconds: &seconds, RenewTime: &now}
		_, err = leases.Create(ctx, &coordination.Lease{ObjectMeta: meta.ObjectMeta{Name: n.name}, Spec: spec}, meta.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	lease.Spec.RenewTime = &now
	_, err = leases.Update(ctx, lease, meta.UpdateOptions{})
	return err
}

func (n node) tell(ctx context.Context) error {
	ready := v1.NodeCondition{Type: v1.NodeReady, Status: v1.ConditionTrue, Reason: "KubeletReady", LastHeartbeatTime: meta.Now()}
	_, err := n.client.CoreV1().Nodes().PatchStatus(ctx, n.name, patch(v1.NodeStatus{Conditions: []v1.NodeCondition{ready}}))
	return err
}

// runPods lets every pod of the node run, and go when it is to go.
func (n node) runPods(ctx context.Context) error {
	bound := fields.OneTermEqualSelector("spec.nodeName", n.name).String()
	seen, err := n.client.CoreV1().Pods("").Watch(ctx, meta.ListOptions{FieldSelector: bound})
	if err != nil {
		return err
	}
	defer seen.Stop()
	for event := range seen.ResultChan() {
		pod, is := event.Object.(*v1.Pod)
		if !is || pod.Annotations[mirror] != "" || event.Type == "DELETED" {
			continue
		}
		if err := n.run(ctx, pod); err != nil && !errors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

func (n node) run(ctx context.Context, pod *v1.Pod) error {
	pods, at := n.client.CoreV1().Pods(pod.Namespace), int64(0)
	if pod.DeletionTimestamp != nil {
		return pods.Delete(ctx, pod.Name, meta.DeleteOptions{GracePeriodSeconds: &at, Preconditions: meta.NewUIDPreconditions(string(pod.UID))})
	}
	if pod.Status.Phase == v1.PodRunning {
		return nil
	}
	now, status := meta.Now(), v1.PodStatus{Phase: v1.PodRunning}
	status.StartTime = &now
	for _, kind := range []v1.PodConditionType{v1.PodInitialized, v1.ContainersReady, v1.PodReady} {
		status.Conditions = append(status.Conditions, v1.PodCondition{Type: kind, Status: v1.ConditionTrue, LastTransitionTime: now})
	}
	_, err := pods.Patch(ctx, pod.Name, types.StrategicMergePatchType, patch(status), meta.PatchOptions{}, "status")
	return err
}

func patch(status any) []byte {
	text, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		log.Fatal(err)
	}
	return text
}
