package main

import (
	"context"
	"log"
	"os"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/kubernetes"
)

const (
	scheduler = "/etc/kubernetes/scheduler.conf"
	// A control plane with this one has the stand-in for a scheduler too.
	controllers = manifests + "/kube-controller-manager.yaml"
)

// schedule binds the pods that say themselves which node they are for, as those of a daemon set do.
func schedule(ctx context.Context) {
	if _, err := os.Stat(controllers); err != nil {
		return
	}
	client, err := login(scheduler)
	if err != nil {
		log.Print(err)
		return
	}
	again(ctx, func(ctx context.Context) error { return bindAll(ctx, client) })
}

func bindAll(ctx context.Context, client kubernetes.Interface) error {
	unbound := fields.OneTermEqualSelector("spec.nodeName", "").String()
	seen, err := client.CoreV1().Pods("").Watch(ctx, meta.ListOptions{FieldSelector: unbound})
	if err != nil {
		return err
	}
	defer seen.Stop()
	for event := range seen.ResultChan() {
		pod, is := event.Object.(*v1.Pod)
		if !is || event.Type == "DELETED" || target(pod) == "" {
			continue
		}
		binding := &v1.Binding{ObjectMeta: meta.ObjectMeta{Name: pod.Name}, Target: v1.ObjectReference{Kind: "Node", Name: target(pod)}}
		err := client.CoreV1().Pods(pod.Namespace).Bind(ctx, binding, meta.CreateOptions{})
		if err != nil && !errors.IsNotFound(err) && !errors.IsConflict(err) {
			return err
		}
	}
	return nil
}

// target is the node that a pod's affinity names.
func target(pod *v1.Pod) string {
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.NodeAffinity == nil {
		return ""
	}
	required := pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	if required == nil {
		return ""
	}
	for _, term := range required.NodeSelectorTerms {
		for _, field := range term.MatchFields {
			if field.Key == "metadata.name" && len(field.Values) == 1 {
				return field.Values[0]
			}
		}
	}
	return ""
}
