// A stand-in for kubelet: it runs the static pods of a directory as plain processes, for there is no container runtime.
//
// What matters of a kubelet's habits is kept: a manifest that goes takes its pod along, another manifest is another pod,
// a container that ends is started again after a pause that doubles, and the directory is watched and looked at besides.
// Every file whose name does not begin with a dot is a manifest. Otherwise than there, pods end with their kubelet.
// Of the pods that the API binds to its node it only says that they run.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/component-base/version"
	"sigs.k8s.io/yaml"
)

const (
	manifests = "/etc/kubernetes/manifests"
	// How often a kubelet looks without being told, `fileCheckFrequency`.
	lookEvery = 20 * time.Second
	// Writes that belong together come within this time.
	quiet = 100 * time.Millisecond
)

func main() {
	log.SetFlags(0)
	// kubeadm asks.
	if slices.Contains(os.Args, "--version") {
		fmt.Println("Kubernetes", version.Get().GitVersion)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	changed, err := watch(manifests)
	if err != nil {
		log.Fatalf("%s: %v", manifests, err)
	}
	go attend(ctx)
	go schedule(ctx)
	running := map[string]*container{}
	for ctx.Err() == nil {
		running = follow(running)
		select {
		case <-changed:
			time.Sleep(quiet)
		case <-time.After(lookEvery):
		case <-ctx.Done():
		}
	}
	for _, container := range running {
		container.end()
	}
}

// follow makes what runs agree with the directory; a file that is no pod leaves everything as it is.
func follow(running map[string]*container) map[string]*container {
	wanted, err := pods()
	if err != nil {
		log.Print(err)
		return running
	}
	next := map[string]*container{}
	for name, container := range running {
		if text, is := wanted[name]; is && text.manifest == container.manifest {
			next[name] = container
			continue
		}
		log.Printf("%s: its manifest is gone or another", name)
		container.end()
	}
	for name, pod := range wanted {
		if next[name] == nil {
			next[name] = start(name, pod)
		}
	}
	return next
}

// pod is a static pod as its manifest has it.
type pod struct {
	manifest string
	argv     []string
	grace    time.Duration
}

// pods reads every manifest of the directory.
func pods() (map[string]pod, error) {
	entries, err := os.ReadDir(manifests)
	if err != nil {
		return nil, err
	}
	found := map[string]pod{}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		name, read, err := read(filepath.Join(manifests, entry.Name()))
		if err != nil {
			return nil, err
		}
		found[name] = read
	}
	return found, nil
}

func read(path string) (string, pod, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", pod{}, err
	}
	var object v1.Pod
	if err := yaml.Unmarshal(text, &object); err != nil || len(object.Spec.Containers) == 0 {
		return "", pod{}, &os.PathError{Op: "no pod in", Path: path, Err: err}
	}
	first, grace := object.Spec.Containers[0], int64(30)
	if seconds := object.Spec.TerminationGracePeriodSeconds; seconds != nil {
		grace = *seconds
	}
	argv := append(append([]string{}, first.Command...), first.Args...)
	return object.Name, pod{string(text), argv, time.Duration(grace) * time.Second}, nil
}

// watch tells when something in a directory may have changed.
func watch(directory string) (<-chan struct{}, error) {
	descriptor, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		return nil, err
	}
	const kinds = syscall.IN_CLOSE_WRITE | syscall.IN_MOVED_TO | syscall.IN_MOVED_FROM | syscall.IN_DELETE
	if _, err := syscall.InotifyAddWatch(descriptor, directory, kinds); err != nil {
		return nil, err
	}
	changed := make(chan struct{}, 1)
	go func() {
		for events := make([]byte, 4096); ; {
			if n, err := syscall.Read(descriptor, events); err != nil || n <= 0 {
				return
			}
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}()
	return changed, nil
}
